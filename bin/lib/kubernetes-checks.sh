# shellcheck shell=bash
# Holds k8s/ to a real API server, for `bin/test kubernetes`. What a namespace has is judged by kubernetes/faults.jq; each of
# those checks is also shown a fault of its own making, which it has to see.

# shellcheck source-path=SCRIPTDIR source=kubernetes.sh
. "${BASH_SOURCE[0]%/*}/kubernetes.sh"

CHECKED_KINDS=deployments,configmaps,secrets,services,poddisruptionbudgets,networkpolicies,ingresses,horizontalpodautoscalers
CHECKED_KINDS+=,scaledobjects.keda.sh,servicemonitors.monitoring.coreos.com,podmonitors.monitoring.coreos.com
CHECKED_KINDS+=,httproutes.gateway.networking.k8s.io

test_kubernetes() {
  provide_kubernetes
  CHECKS=0
  CLUSTER_PROCESSES=()
  CLUSTER=$(mktemp -d -t docmill-kubernetes.XXXXXX)
  trap 'end_of_checks $?' EXIT
  say "starting etcd, API server, controllers, scheduler and three nodes of kwok (logs in $CLUSTER)"
  start_cluster "$CLUSTER"
  say "API server: $(kubectl get --raw /version | jq -r .gitVersion)"
  SETTINGS=$(settings_of_the_page)
  apply_definitions
  production
  development
  say "$CHECKS checks passed"
}

# What failed leaves its logs behind.
end_of_checks() {
  stop_cluster
  if (($1 == 0)); then rm -rf "$CLUSTER"; else say "logs and rendered manifests are in $CLUSTER"; fi
}

passed() {
  CHECKS=$((CHECKS + 1))
  printf 'ok %d - %s\n' "$CHECKS" "$*"
}

failed() {
  printf 'FAILED - %s\n' "$*"
  exit 1
}

# check TITLE COMMAND...
check() {
  local title=$1
  shift
  if ! "$@" >"$CLUSTER/output" 2>&1; then
    tail -n 20 "$CLUSTER/output" >&2
    failed "$title"
  fi
  passed "$title"
}

# check_refused TITLE WORDS COMMAND...: the command fails, and says these words.
check_refused() {
  local title=$1 words=$2
  shift 2
  if "$@" >"$CLUSTER/output" 2>&1; then failed "$title: it was not refused"; fi
  if ! grep -q -e "$words" "$CLUSTER/output"; then
    tail -n 20 "$CLUSTER/output" >&2
    failed "$title: it was refused for another reason"
  fi
  passed "$title"
}

# {NAME: {type, default}} of every setting of docs/configuration.md.
settings_of_the_page() {
  sed -n '/^<!-- made from/,/^<!-- end/p' "$DOCMILL_HOME/docs/configuration.md" | jq -Rn '
    [inputs | select(startswith("| `DOCMILL_")) | split(" | ") | {key: (.[0] | gsub("[|` ]"; "")), value: {type: .[1], default: .[2]}}]
    | if length < 20 then error("docs/configuration.md has fewer settings than there are") else from_entries end'
}

apply_definitions() {
  local part
  for part in keda prometheus-operator gateway-api; do
    check "the API server takes the definitions of $part" \
      kubectl apply --server-side --validate=strict --field-manager docmill -f "$(kubernetes_part "$part")"
  done
  check "they are established" kubectl wait --for condition=Established crds --all --timeout 120s
}

render() { kubectl kustomize "$1" >"$2"; }

apply() { kubectl apply --server-side --validate=strict --field-manager docmill -f "$1" "${@:2}"; }

in_namespace() { kubectl --namespace "$NAMESPACE" "$@"; }

# objects FILE: all that the checks look at, as the API server has it.
objects() { in_namespace get "$CHECKED_KINDS" -o json >"$1"; }

# faults FILE NAME [CHANGE]: the lines of one kind of fault, after a change of the objects.
faults() {
  jq -r -L "$DOCMILL_HOME/bin/lib/kubernetes" --argjson settings "$SETTINGS" "include \"faults\"; ${3:-.} | ${2}_faults" "$1"
}

# check_faults FILE NAME TITLE CHANGE: there is no such fault, and after the change there is one.
check_faults() {
  local file=$1 name=$2 title=$3 change=$4 found
  found=$(faults "$file" "$name") || failed "$title: the check itself"
  if [[ -n $found ]]; then failed "$title: $found"; fi
  found=$(faults "$file" "$name" "$change") || failed "$title: the check itself"
  if [[ -z $found ]]; then failed "$title: the check does not see $change"; fi
  passed "$title (and would see: ${found%%$'\n'*})"
}

# check_objects FILE: everything that faults.jq judges, for one installation.
check_objects() {
  local file=$1 where="$2: "
  local worker='(.items[] | select(.kind == "Deployment" and .metadata.name == "conversion-worker"))'
  local gateway='(.items[] | select(.kind == "Deployment" and .metadata.name == "api-gateway"))'
  local settings='(.items[] | select(.kind == "ConfigMap" and (.metadata.name | startswith("docmill-settings"))).data)'
  check_faults "$file" memory "${where}limits hold what processes and volumes in memory can take" \
    "$settings.DOCMILL_WORKER_SPARES = \"2\""
  check_faults "$file" disk "${where}volumes hold what documents and uploads can take" \
    "$settings.DOCMILL_WORKER_DISK_LIMIT = \"1GiB\""
  check_faults "$file" disk "${where}the spool is larger than its quota" "$settings.DOCMILL_GATEWAY_SPOOL_QUOTA = \"12GiB\""
  check_faults "$file" grace "${where}grace periods are as long as processes take to end" \
    "$settings.DOCMILL_WORKER_DRAIN_TIME = \"5m\""
  check_faults "$file" setting "${where}every variable is a setting, and those without a default are told" \
    "$settings.DOCMILL_WORKER_SLOT = \"2\""
  check_faults "$file" secret "${where}secrets are files of mounted Secrets" "$settings.DOCMILL_STORAGE_SECRET_KEY = \"x\""
  check_faults "$file" hardening "${where}pods have no token, no variables of Services and no volume without a limit" \
    "$worker.spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem = false"
  check_faults "$file" selector "${where}budgets, policies and monitors select pods" \
    "$gateway.spec.template.metadata.labels.\"app.kubernetes.io/name\" = \"gateway\""
  check_faults "$file" network "${where}all is denied but what is needed, and no route leads to a management port" \
    '(.items[] | select(.kind == "NetworkPolicy" and .metadata.name == "default-deny").spec.ingress) = [{}]'
}

# pods NAME: the names of a deployment's pods that are not being deleted.
pods() {
  in_namespace get pods -l "app.kubernetes.io/name=$1" -o json |
    jq -r '.items[] | select(.metadata.deletionTimestamp == null) | .metadata.name'
}

# available NAME NUMBER: waits for exactly so many.
available() {
  in_namespace wait "deployment/$1" --for "jsonpath={.status.availableReplicas}=$2" --timeout 120s
}

# has_addresses SERVICE PORT NUMBER: so many ready addresses with that port, and no other port.
has_addresses() {
  in_namespace get endpointslices -l "kubernetes.io/service-name=$1" -o json | jq -e --argjson port "$2" --argjson number "$3" '
    ([.items[].ports[].port] | unique) == [$port]
    and ([.items[].endpoints[] | select(.conditions.ready) | .addresses[]] | unique | length) == $number'
}

check_addresses() { check "the Service $1 has $3 ready addresses, at port $2 alone" await 60 has_addresses "$@"; }

# check_admission DEPLOYMENT: its pods are what the level restricted allows, and any step beyond it is refused.
check_admission() {
  local deployment=$1 pod change
  pod=$(in_namespace get deployment "$deployment" -o json |
    jq -c '{apiVersion: "v1", kind: "Pod", metadata: {name: "admission"}, spec: .spec.template.spec}')
  api POST "/api/v1/namespaces/$NAMESPACE/pods?dryRun=All" "$pod"
  [[ $API_STATUS == 201 ]] || failed "a pod of $deployment is admitted: $API_STATUS $API_ANSWER"
  passed "a pod of $deployment is admitted"
  for change in '.spec.containers[0].securityContext.allowPrivilegeEscalation = true' \
    '.spec.containers[0].securityContext.capabilities.add = ["SYS_ADMIN"]' '.spec.hostNetwork = true' \
    '.spec.securityContext |= del(.runAsNonRoot)' '.spec.securityContext |= del(.seccompProfile)'; do
    api POST "/api/v1/namespaces/$NAMESPACE/pods?dryRun=All" "$(jq -c "$change" <<<"$pod")"
    [[ $API_STATUS == 403 && $API_ANSWER == *'violates PodSecurity \"restricted'* ]] ||
      failed "a pod of $deployment with $change is refused by Pod Security: $API_STATUS $API_ANSWER"
    passed "a pod of $deployment with $change is refused by Pod Security"
  done
}

# check_applied_again FILE: a second time nothing changes, and what autoscalers set stays.
check_applied_again() {
  local before after
  before=$(in_namespace get deployments -o json | jq -c '[.items[] | [.metadata.name, .metadata.generation, .spec.replicas]]')
  check "it is applied once more" apply "$1"
  after=$(in_namespace get deployments -o json | jq -c '[.items[] | [.metadata.name, .metadata.generation, .spec.replicas]]')
  [[ $before == "$after" ]] || failed "that changes no deployment: $before became $after"
  passed "that changes no deployment, nor the numbers of pods that autoscalers set"
}

# watch_available NAME: writes every number of available pods from now on to a file, until stop_watch.
watch_available() {
  local numbers=$CLUSTER/available-$1
  "$(kubernetes_part kubectl)" --namespace "$NAMESPACE" get deployment "$1" --watch \
    -o 'jsonpath={.status.availableReplicas}{"\n"}' >"$numbers" 2>/dev/null &
  WATCHES[$1]=$!
  CLUSTER_PROCESSES+=("$!")
  await 30 test -s "$numbers" || failed "$1 can be watched"
}

stop_watch() {
  kill "${WATCHES[$1]}" 2>/dev/null || true
  wait "${WATCHES[$1]}" 2>/dev/null || true
}

has_only_image() {
  in_namespace get pods -l "app.kubernetes.io/name=$1" -o json |
    jq -e --arg image "$2" '[.items[].spec.containers[].image] | unique == [$image]'
}

# check_rollout TAG: another image, by the overlay's own setting, without a moment with fewer pods.
check_rollout() {
  local tag=$1 name numbers lowest
  declare -A WATCHES=() wanted=()
  mkdir -p "$CLUSTER/rollout"
  cat >"$CLUSTER/rollout/kustomization.yaml" <<KUSTOMIZATION
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources:
  - $(realpath --relative-to "$CLUSTER/rollout" "$DOCMILL_HOME/k8s/overlays/production")
images:
  - {name: docmill/api-gateway, newTag: $tag}
  - {name: docmill/conversion-worker, newTag: $tag}
KUSTOMIZATION
  check "the tag $tag is rendered" render "$CLUSTER/rollout" "$CLUSTER/rollout.yaml"
  for name in api-gateway conversion-worker; do
    wanted[$name]=$(in_namespace get deployment "$name" -o 'jsonpath={.spec.replicas}')
    watch_available "$name"
  done
  # New pods are ready at once where a node takes them, so none does for a while: nothing may go before they are.
  kubectl cordon -l kubernetes.io/os=linux >/dev/null
  check "the tag $tag is applied" apply "$CLUSTER/rollout.yaml"
  for name in api-gateway conversion-worker; do
    check "a new pod of $name waits for a node" await 60 has_unschedulable "$name"
  done
  kubectl uncordon -l kubernetes.io/os=linux >/dev/null
  for name in api-gateway conversion-worker; do
    check "$name rolls out" in_namespace rollout status "deployment/$name" --timeout 120s
    check "every pod of $name has it" await 60 has_only_image "$name" "docmill/$name:$tag"
    stop_watch "$name"
    # Nothing on a line is no pod.
    mapfile -t numbers < <(sed 's/^$/0/' "$CLUSTER/available-$name")
    lowest=$(printf '%s\n' "${numbers[@]}" | sort -n | sed -n 1p)
    ((${#numbers[@]} > 1)) || failed "the rollout of $name was seen"
    ((lowest >= wanted[$name])) || failed "there are never fewer than ${wanted[$name]} of $name meanwhile: there were $lowest"
    passed "there are never fewer than ${wanted[$name]} of $name meanwhile (seen: ${numbers[*]})"
  done
}

has_unschedulable() {
  in_namespace get pods -l "app.kubernetes.io/name=$1" -o json |
    jq -e 'any(.items[].status.conditions[]?; .type == "PodScheduled" and .reason == "Unschedulable")'
}

evict() {
  api POST "/api/v1/namespaces/$NAMESPACE/pods/$1/eviction" \
    "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"$1\",\"namespace\":\"$NAMESPACE\"}}"
}

allows() { [[ $(in_namespace get poddisruptionbudget "$1" -o 'jsonpath={.status.disruptionsAllowed}') == "$2" ]]; }

# check_budget NAME NUMBER: while no node takes new pods, so many may be evicted and the next one may not. Afterwards again.
check_budget() {
  local name=$1 number=$2 of pod evicted=0
  mapfile -t of < <(pods "$name")
  check "the budget of $name allows $number of ${#of[@]}" await 60 allows "$name" "$number"
  kubectl cordon -l kubernetes.io/os=linux >/dev/null
  for pod in "${of[@]:0:number}"; do
    evict "$pod"
    [[ $API_STATUS == 201 ]] || failed "eviction $((evicted + 1)) of $name is taken: $API_STATUS $API_ANSWER"
    evicted=$((evicted + 1))
    passed "eviction $evicted of $name is taken"
    await 60 allows "$name" $((number - evicted)) || failed "the budget of $name counts it"
  done
  evict "${of[number]}"
  [[ $API_STATUS == 429 && $API_ANSWER == *'disruption budget'* ]] ||
    failed "eviction $((evicted + 1)) of $name is refused: $API_STATUS $API_ANSWER"
  passed "eviction $((evicted + 1)) of $name is refused with 429: $(jq -r .message <<<"$API_ANSWER")"
  kubectl uncordon -l kubernetes.io/os=linux >/dev/null
  check "$name is whole again, once nodes take pods" available "$name" "${#of[@]}"
  check "the budget of $name allows $number again" await 60 allows "$name" "$number"
}

# On how many nodes the running pods of a deployment are.
nodes_of() {
  in_namespace get pods -l "app.kubernetes.io/name=$1" --field-selector status.phase=Running -o json |
    jq '[.items[].spec.nodeName] | unique | length'
}

# running NAME: how many pods of a deployment run.
running() { in_namespace get pods -l "app.kubernetes.io/name=$1" --field-selector status.phase=Running -o name | wc -l; }

# fill_the_nodes NAME NUMBER: so many pods run or find no place, and at least one finds none.
fill_the_nodes() {
  in_namespace get pods -l "app.kubernetes.io/name=$1" -o json | jq -e --argjson number "$2" '
    [.items[] | select(any(.status.conditions[]?; .type == "PodScheduled" and .reason == "Unschedulable"))] as $waiting
    | [.items[] | select(.status.phase == "Running")] as $running
    | ($waiting | length) > 0 and ($waiting + $running | length) == $number'
}

# A full cluster gives up workers for gateways, and nothing for workers.
check_priorities() {
  local before after
  check "workers are scaled past what the nodes hold" in_namespace scale deployment conversion-worker --replicas 20
  check "some find no place" await 90 fill_the_nodes conversion-worker 20
  check "and push no gateway out" available api-gateway 3
  before=$(running conversion-worker)
  check "three more gateways are wanted" in_namespace scale deployment api-gateway --replicas 6
  check "they find a place" available api-gateway 6
  after=$(running conversion-worker)
  ((after < before)) || failed "workers made that place: there were $before and are $after"
  passed "workers made that place: there were $before and are $after"
}

production() {
  NAMESPACE=docmill
  local file=$CLUSTER/production.yaml variant=$CLUSTER/variant
  check "production is rendered" render "$DOCMILL_HOME/k8s/overlays/production" "$file"
  if grep -q '^kind: Secret$' "$file"; then failed "production brings no Secret"; fi
  passed "production brings no Secret"
  check "production is applied by the server, with strict validation" apply "$file"
  sed 's/readOnlyRootFilesystem/readOnlyRootFileSystem/' "$file" >"$CLUSTER/mistyped.yaml"
  check_refused "a mistyped field would be refused" 'readOnlyRootFileSystem' apply "$CLUSTER/mistyped.yaml" --dry-run=server
  check "gateways are as many as their autoscaler's minimum" available api-gateway 3
  check "workers are as many as there are without an autoscaler's word" available conversion-worker 1
  check "workers are scaled to two, as KEDA does, by their subresource" in_namespace scale deployment conversion-worker --replicas 2
  check "two workers are available" available conversion-worker 2
  [[ $(nodes_of api-gateway) == 3 ]] || failed "three gateways are on three nodes"
  passed "three gateways are on three nodes"
  [[ $(nodes_of conversion-worker) == 2 ]] || failed "two workers are on two nodes"
  passed "two workers are on two nodes"
  check_addresses api-gateway 8080 3
  check_addresses api-gateway-management 9090 3
  check_admission api-gateway
  check_admission conversion-worker
  check_applied_again "$file"

  objects "$CLUSTER/production.json"
  check_objects "$CLUSTER/production.json" production
  check_faults "$CLUSTER/production.json" scaling "production: the ScaledObject's target is the slots of a worker" \
    '(.items[] | select(.kind == "ScaledObject").spec.triggers[0].metadata.threshold) = "4"'

  cp -r "$DOCMILL_HOME/k8s" "$variant"
  sed -i -e 's|components/ingress-nginx|components/gateway-api|' -e 's|/worker-scaling-prometheus|/worker-scaling-metrics-api|' \
    -e 's|# - \(.*/first-operator-key\)|- \1|' "$variant/overlays/production/kustomization.yaml"
  check "the other components are rendered" render "$variant/overlays/production" "$CLUSTER/variant.yaml"
  kubectl apply --server-side --validate=strict --field-manager docmill --dry-run=server -o json -f "$CLUSTER/variant.yaml" \
    >"$CLUSTER/variant.json" || failed "the API server takes the other components"
  passed "the API server takes the other components"
  jq -e '[.items[].kind] | contains(["HTTPRoute", "ScaledObject"])' "$CLUSTER/variant.json" >/dev/null ||
    failed "they have a HTTPRoute and a ScaledObject"
  check_objects "$CLUSTER/variant.json" "other components"
  check_faults "$CLUSTER/variant.json" scaling "other components: the ScaledObject's target is the slots of a worker" \
    '(.items[] | select(.kind == "ScaledObject").spec.advanced.scalingModifiers.target) = "4"'

  check_rollout 0.2.0
  check "workers are scaled to six" in_namespace scale deployment conversion-worker --replicas 6
  check "six workers are available" available conversion-worker 6
  [[ $(nodes_of conversion-worker) == 3 ]] || failed "six workers are on three nodes"
  passed "six workers are on three nodes"
  check_budget api-gateway 1
  check_budget conversion-worker 2
  check "workers are scaled to two" in_namespace scale deployment conversion-worker --replicas 2
  check "two workers are available" available conversion-worker 2
  check_priorities
  check "production is deleted" kubectl delete namespace "$NAMESPACE" --timeout 120s
}

development() {
  NAMESPACE=docmill-dev
  local file=$CLUSTER/dev.yaml name
  check "dev is rendered" render "$DOCMILL_HOME/k8s/overlays/dev" "$file"
  check "dev is applied by the server, with strict validation" apply "$file"
  for name in api-gateway conversion-worker kafka redis store; do
    check "one $name of dev is available" available "$name" 1
    check_admission "$name"
  done
  check_addresses api-gateway 8080 1
  check_addresses api-gateway-management 9090 1
  check_addresses kafka 9092 1
  check_addresses redis 6379 1
  check_addresses store 9000 1
  check_applied_again "$file"
  objects "$CLUSTER/dev.json"
  check_objects "$CLUSTER/dev.json" dev
  check_faults "$CLUSTER/dev.json" secret "dev: its Secrets have the files that settings name" \
    '(.items[] | select(.kind == "Secret").data) |= del(."redis-password")'
  check "dev is deleted" kubectl delete namespace "$NAMESPACE" --timeout 120s
}
