#!/usr/bin/env bash
# Makes the secrets of docker-compose.yml that are not there yet, each in a volume that those have who need it.
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

chown "$DOCMILL:$DOCMILL" /secrets/{docmill,gateway,worker,redis} /var/spool/docmill
chown "$GRAFANA:$GRAFANA" /secrets/grafana

secret /secrets/docmill/service-key $DOCMILL bash -c 'head -c 32 /dev/urandom | base64'
for process in gateway worker; do
  secret "/secrets/$process/redis-password" $DOCMILL random
  secret "/secrets/$process/store-secret" $DOCMILL random
done
secret /secrets/gateway/operator-key $DOCMILL java -cp /opt/docmill/api-gateway.jar io.docmill.gateway.NewKeyMain
secret /secrets/store/root-password 0 random
secret /secrets/grafana/admin-password $GRAFANA random

# The accounts of Redis are made anew, so that another password is taken over.
accounts_of_redis() {
  local process digest
  for process in gateway worker; do
    digest=$(tr -d '\n' <"/secrets/$process/redis-password" | sha256sum | cut -d ' ' -f 1)
    sed -n "s/^\(user docmill-$process on #\)SHA256-OF-THE-PASSWORD/\1$digest/p" /deploy/redis-users.acl
  done
  # Who asks whether it answers, and may nothing else.
  echo 'user health on >health resetchannels -@all +ping'
  echo 'user default off'
}
rm -f /secrets/redis/users.acl
secret /secrets/redis/users.acl $DOCMILL accounts_of_redis
