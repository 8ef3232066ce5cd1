#!/usr/bin/env bash
# Makes the secrets of docker-compose.yml that are not there yet, each readable by who needs it alone.
set -euo pipefail
umask 077

# What runs as root in its image reads all.
readonly DOCMILL=10001 GRAFANA=472

# secret FILE OWNER COMMAND...: keeps what the command prints.
secret() {
  local file=$1 owner=$2
  shift 2
  if [[ -s $file ]]; then return; fi
  rm -f "$file.new"
  "$@" >"$file.new"
  chmod 400 "$file.new"
  chown "$owner:$owner" "$file.new"
  mv "$file.new" "$file"
  echo "made $file"
}

random() { head -c 32 /dev/urandom | base64 | tr '+/' '-_' | tr -d '='; }

chown "$DOCMILL:$DOCMILL" /secrets/docmill /secrets/gateway /secrets/worker /var/spool/docmill
chown "$GRAFANA:$GRAFANA" /secrets/grafana

secret /secrets/docmill/service-key $DOCMILL bash -c 'head -c 32 /dev/urandom | base64'
secret /secrets/docmill/redis-password $DOCMILL random
secret /secrets/gateway/store-secret $DOCMILL random
secret /secrets/worker/store-secret $DOCMILL random
secret /secrets/gateway/operator-key $DOCMILL java -cp /opt/docmill/api-gateway.jar io.docmill.gateway.NewKeyMain
secret /secrets/store/root-password 0 random
secret /secrets/grafana/admin-password $GRAFANA random
