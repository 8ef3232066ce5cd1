# shellcheck shell=bash
# A Kubernetes control plane on the loopback address, for `bin/test kubernetes`: etcd, the real API server, controllers and
# scheduler, and kwok, which plays nodes: pods on them are ready at once and run nothing. The programs are built once by Go
# from Kubernetes' own modules and kept in $DOCMILL_CACHE/kubernetes, each with its version in its name.

KUBERNETES_VERSION=v1.37.2
KWOK_VERSION=v0.8.0
KEDA_VERSION=v2.21.0
PROMETHEUS_OPERATOR_VERSION=v0.85.0
GATEWAY_API_VERSION=v1.4.0

KUBERNETES_PROGRAMS=(kubectl kube-scheduler kube-controller-manager kube-apiserver)
KUBERNETES_HOME=$DOCMILL_CACHE/kubernetes

# Where a program or file of the cache is, or will be.
kubernetes_part() {
  case $1 in
    kwok) echo "$KUBERNETES_HOME/kwok-$KWOK_VERSION" ;;
    stages) echo "$KUBERNETES_HOME/kwok-stages-$KWOK_VERSION.yaml" ;;
    keda) echo "$KUBERNETES_HOME/crds-keda-$KEDA_VERSION.yaml" ;;
    prometheus-operator) echo "$KUBERNETES_HOME/crds-prometheus-operator-$PROMETHEUS_OPERATOR_VERSION.yaml" ;;
    gateway-api) echo "$KUBERNETES_HOME/crds-gateway-api-$GATEWAY_API_VERSION.yaml" ;;
    etcd) echo "$KUBERNETES_HOME/etcd/usr/bin/etcd" ;;
    *) echo "$KUBERNETES_HOME/$1-$KUBERNETES_VERSION" ;;
  esac
}

missing_kubernetes_parts() {
  local part
  for part in etcd kwok stages keda prometheus-operator gateway-api "${KUBERNETES_PROGRAMS[@]}"; do
    if [[ ! -s $(kubernetes_part "$part") ]]; then echo "$part"; fi
  done
}

# provide_kubernetes: builds and fetches what is missing.
provide_kubernetes() {
  if [[ -z $(missing_kubernetes_parts) ]]; then return; fi
  setup go
  locked_on "$KUBERNETES_HOME" make_kubernetes
}

make_kubernetes() {
  local part log=$KUBERNETES_HOME/build.log missing=() started=$SECONDS
  mapfile -t missing < <(missing_kubernetes_parts)
  # Another one may have made them meanwhile.
  if ((${#missing[@]} == 0)); then return; fi
  say "building Kubernetes $KUBERNETES_VERSION, once, which takes a quarter of an hour (${missing[*]}; progress in $log) ..."
  : >"$log"
  for part in "${missing[@]}"; do
    if ! (make_kubernetes_part "$part") >>"$log" 2>&1; then
      tail -n 20 "$log" >&2
      fail "$part could not be made: the lines above say why."
    fi
  done
  # Sources and compiled packages are several times the size of the programs and of no further use.
  rm -rf "$KUBERNETES_HOME/go" "$KUBERNETES_HOME/src"
  say "built Kubernetes in $((SECONDS - started)) s"
}

# Everything of Go in a place of its own. An interrupted build goes on from there.
kubernetes_go() {
  local home=$KUBERNETES_HOME/go
  GOPATH=$home GOBIN=$home/bin GOCACHE=$home/build GOFLAGS=-modcacherw GOTOOLCHAIN=auto CGO_ENABLED=0 nice -n 10 "$GO" "$@"
}

# module_files MODULE@VERSION: the directory of a module's sources.
module_files() { kubernetes_go mod download -json "$1" | jq -er .Dir; }

make_kubernetes_part() {
  local part=$1 file directory
  file=$(kubernetes_part "$part")
  mkdir -p "$KUBERNETES_HOME/go"
  cd "$KUBERNETES_HOME/go" || return 1
  case $part in
    etcd)
      fetch_etcd
      return
      ;;
    kwok)
      kubernetes_go install -trimpath -ldflags '-s -w' "sigs.k8s.io/kwok/cmd/kwok@$KWOK_VERSION" || return 1
      mv "$KUBERNETES_HOME/go/bin/kwok" "$file"
      return
      ;;
    stages)
      directory=$(module_files "sigs.k8s.io/kwok@$KWOK_VERSION")/kustomize/stage || return 1
      join_yaml "$directory"/{node/fast,node/heartbeat-with-lease,pod/fast}/{node,pod}-*.yaml >"$file.new"
      ;;
    keda)
      directory=$(module_files "github.com/kedacore/keda/v2@$KEDA_VERSION")/config/crd/bases || return 1
      join_yaml "$directory"/keda.sh_scaledobjects.yaml >"$file.new"
      ;;
    prometheus-operator)
      directory=$(module_files "github.com/prometheus-operator/prometheus-operator@$PROMETHEUS_OPERATOR_VERSION") || return 1
      join_yaml "$directory"/example/prometheus-operator-crd/*_{podmonitors,servicemonitors,prometheusrules}.yaml >"$file.new"
      ;;
    gateway-api)
      directory=$(module_files "sigs.k8s.io/gateway-api@$GATEWAY_API_VERSION")/config/crd/standard || return 1
      join_yaml "$directory"/*_httproutes.yaml >"$file.new"
      ;;
    *)
      write_kubernetes_module || return 1
      cd "$KUBERNETES_HOME/src" || return 1
      kubernetes_go build -trimpath -ldflags "-s -w -X k8s.io/component-base/version.gitVersion=$KUBERNETES_VERSION" \
        -o "$file.new" "./$part" || return 1
      ;;
  esac
  mv "$file.new" "$file"
}

# join_yaml FILE...: the files that are there as the documents of one.
join_yaml() {
  local file
  for file in "$@"; do
    if [[ ! -e $file ]]; then continue; fi
    printf -- '---\n'
    cat "$file"
  done
}

# Debian's, unpacked and not installed: the package would start a service.
fetch_etcd() {
  local directory=$KUBERNETES_HOME/etcd
  if ! is_debian; then
    say "put etcd at $(kubernetes_part etcd): only Debian's is fetched by itself."
    return 1
  fi
  unpack_packages "$directory" etcd-server
}

# Kubernetes' own module names its parts by paths that only its repository has, so Go can't install from it. This module
# requires it, names the parts by their versions, and has a main program of one line for each.
write_kubernetes_module() {
  local source=$KUBERNETES_HOME/src module
  if [[ -s $source/go.sum ]]; then return; fi
  mkdir -p "$source"
  module=$(kubernetes_go mod download -json "k8s.io/kubernetes@$KUBERNETES_VERSION" | jq -er .GoMod) || return 1
  {
    printf 'module docmill.io/kubernetes\n\n'
    grep -E '^(go|godebug) ' "$module"
    printf '\nrequire k8s.io/kubernetes %s\n\n' "$KUBERNETES_VERSION"
    sed -nE "s|^\t(k8s\.io/[a-z-]+) => \./staging/.*|replace \1 => \1 v0${KUBERNETES_VERSION#v1}|p" "$module"
  } >"$source/go.mod"
  write_main kube-apiserver k8s.io/kubernetes/cmd/kube-apiserver/app NewAPIServerCommand
  write_main kube-controller-manager k8s.io/kubernetes/cmd/kube-controller-manager/app NewControllerManagerCommand
  write_main kube-scheduler k8s.io/kubernetes/cmd/kube-scheduler/app NewSchedulerCommand
  write_main kubectl k8s.io/kubectl/pkg/cmd NewDefaultKubectlCommand
  cd "$source" || return 1
  kubernetes_go mod tidy
}

# write_main PROGRAM PACKAGE COMMAND
write_main() {
  mkdir -p "$KUBERNETES_HOME/src/$1"
  cat >"$KUBERNETES_HOME/src/$1/main.go" <<MAIN
package main

import (
	"os"

	program "$2"
	"k8s.io/component-base/cli"
)

func main() { os.Exit(cli.Run(program.$3())) }
MAIN
}

# start_cluster DIRECTORY: starts everything, and returns when the API answers and three nodes are ready. Logs and data are in
# the directory. stop_cluster ends all of it.
start_cluster() {
  local directory=$1 etcd peers api
  CLUSTER=$directory
  CLUSTER_PROCESSES=()
  etcd=$(free_port)
  peers=$(free_port)
  api=$(free_port)
  export KUBECONFIG=$directory/kubeconfig
  openssl genrsa -out "$directory/service-accounts.key" 2048 2>/dev/null
  (umask 077 && printf '%s,admin,admin,system:masters\n' "$(openssl rand -hex 16)" >"$directory/tokens.csv")

  run_part etcd --name docmill --data-dir "$directory/etcd" --listen-client-urls "http://127.0.0.1:$etcd" \
    --advertise-client-urls "http://127.0.0.1:$etcd" --listen-peer-urls "http://127.0.0.1:$peers" \
    --initial-advertise-peer-urls "http://127.0.0.1:$peers" --initial-cluster "docmill=http://127.0.0.1:$peers"
  # WatchList: lists as streams want a newer etcd than Debian 12's, and kwok takes the refusal for an outage.
  run_part kube-apiserver --etcd-servers "http://127.0.0.1:$etcd" --bind-address 127.0.0.1 --secure-port "$api" \
    --cert-dir "$directory/certificates" --token-auth-file "$directory/tokens.csv" --authorization-mode RBAC \
    --service-cluster-ip-range 10.96.0.0/16 --endpoint-reconciler-type none --allow-privileged --feature-gates WatchList=false \
    --service-account-issuer https://kubernetes.default.svc --service-account-key-file "$directory/service-accounts.key" \
    --service-account-signing-key-file "$directory/service-accounts.key"
  await 60 test -s "$directory/certificates/apiserver.crt" || lost "the API server made no certificate"
  write_kubeconfig "https://127.0.0.1:$api"
  await 180 is_serving || lost "the API server does not answer"
  run_part kube-controller-manager --kubeconfig "$KUBECONFIG" --secure-port 0 --leader-elect=false \
    --service-account-private-key-file "$directory/service-accounts.key" --horizontal-pod-autoscaler-sync-period 3s
  run_part kube-scheduler --kubeconfig "$KUBECONFIG" --secure-port 0 --leader-elect=false
  run_part kwok --kubeconfig "$KUBECONFIG" --config "$(kubernetes_part stages)" --manage-all-nodes \
    --node-lease-duration-seconds 40 --server-address "127.0.0.1:$(free_port)"
  for zone in a b c; do write_node "$zone"; done | kubectl apply --server-side -f - >/dev/null
  kubectl wait --for condition=Ready nodes --all --timeout 120s >/dev/null || lost "the nodes are not ready"
}

# The scheduler counts by these figures: beside a gateway and four workers of production there is half a GiB left.
write_node() {
  cat <<NODE
---
apiVersion: v1
kind: Node
metadata:
  name: node-$1
  labels: {kubernetes.io/hostname: node-$1, kubernetes.io/os: linux, topology.kubernetes.io/zone: zone-$1}
status:
  allocatable: &figures {cpu: "32", memory: 28160Mi, ephemeral-storage: 200Gi, pods: "110"}
  capacity: *figures
NODE
}

is_serving() { kubectl get --raw /readyz >/dev/null 2>&1; }

# Bounded, whatever it waits for.
kubectl() { timeout 240 "$(kubernetes_part kubectl)" "$@"; }

# api METHOD PATH BODY: one call; the answer is in $API_ANSWER, its status in $API_STATUS.
api() {
  local answer
  answer=$(curl -sS --max-time 60 --cacert "$CLUSTER/certificates/apiserver.crt" --config <(
    printf 'header = "Authorization: Bearer %s"\n' "$(cut -d, -f1 "$CLUSTER/tokens.csv")"
  ) -H 'Content-Type: application/json' -X "$1" -d "$3" -w '\n%{http_code}' "$(cat "$CLUSTER/address")$2")
  # shellcheck disable=SC2034 # Used by kubernetes-checks.sh.
  API_STATUS=${answer##*$'\n'}
  # shellcheck disable=SC2034
  API_ANSWER=${answer%$'\n'*}
}

write_kubeconfig() {
  printf '%s' "$1" >"$CLUSTER/address"
  (umask 077 && cat >"$KUBECONFIG") <<KUBECONFIG
apiVersion: v1
kind: Config
current-context: docmill
clusters:
  - name: docmill
    cluster: {server: "$1", certificate-authority: "$CLUSTER/certificates/apiserver.crt"}
users:
  - name: admin
    user: {token: $(cut -d, -f1 "$CLUSTER/tokens.csv")}
contexts:
  - name: docmill
    context: {cluster: docmill, user: admin}
KUBECONFIG
}

# run_part PART ARGUMENT...: in the background, until stop_cluster.
run_part() {
  local part=$1
  shift
  "$(kubernetes_part "$part")" "$@" >"$CLUSTER/$part.log" 2>&1 &
  CLUSTER_PROCESSES+=("$!")
}

# lost TEXT: the cluster does not come up.
lost() {
  tail -n 5 "$CLUSTER"/*.log >&2
  fail "$1: the lines above are the ends of its logs."
}

# The newest first, each to its end: an API server whose etcd has gone would not end by itself. One that takes too long is
# killed.
stop_cluster() {
  local index process
  for ((index = ${#CLUSTER_PROCESSES[@]} - 1; index >= 0; index--)); do
    process=${CLUSTER_PROCESSES[index]}
    kill "$process" 2>/dev/null || continue
    await 15 has_ended "$process" || kill -KILL "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
  done
  CLUSTER_PROCESSES=()
}

# A process that has ended and was not waited for is still there, as a zombie.
has_ended() { [[ ! -e /proc/$1 || $(ps -o stat= -p "$1") == Z* ]]; }

# await SECONDS COMMAND...: until the command succeeds; false when the time is over.
await() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    if ((SECONDS >= end)); then return 1; fi
    sleep 0.3
  done
}

# A port of the loopback address that nothing listens on, below those that the kernel gives out by itself.
free_port() {
  local port
  for _ in {1..100}; do
    port=$((20000 + RANDOM % 10000))
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return
    fi
  done
  fail "no port of 127.0.0.1 is free."
}
