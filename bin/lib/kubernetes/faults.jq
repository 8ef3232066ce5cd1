# What is wrong with an installation of Docmill in a namespace, for bin/lib/kubernetes.sh. The input is the List of all objects of
# the namespace, as the API server has them; $settings is {NAME: {type, default}}, as docs/configuration.md has them. Each
# …_faults gives one line of text for each fault.

def bytes:
  capture("^(?<number>[0-9]+)(?<unit>[A-Za-z]*)$")
  | (.number | tonumber)
    * ({"": 1, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1048576, GiB: 1073741824, Ki: 1024, Mi: 1048576, Gi: 1073741824}[.unit]
       // error("unknown unit \(.unit)"));

def seconds:
  capture("^(?<number>[0-9]+)(?<unit>[a-z]+)$")
  | (.number | tonumber) * ({ms: 0.001, s: 1, m: 60, h: 3600, d: 86400}[.unit] // error("unknown unit \(.unit)"));

def mebibytes: . / 1048576 | ceil | "\(.) MiB";

def of_kind($kind): .items[] | select(.kind == $kind);

# Docmill's own deployments; the others are neighbours.
def processes: of_kind("Deployment") | select(.spec.template.spec.containers[0].image | startswith("docmill/"));

def process($name): [processes | select(.metadata.name == $name)] | first // error("there is no deployment \($name)");

# environment(OBJECTS): the variables of the first container of a deployment.
def environment($objects):
  .spec.template.spec.containers[0] as $container
  | reduce ($container.envFrom[]? | .configMapRef.name) as $name ({};
      . + ([$objects | of_kind("ConfigMap") | select(.metadata.name == $name)] | first // error("no ConfigMap \($name)")).data)
    + reduce $container.env[]? as $variable ({}; .[$variable.name] = $variable.value);

# setting(OBJECTS; NAME): its value, or its default.
def setting($objects; $name):
  environment($objects)[$name] // ($settings[$name].default | gsub("`"; "") | gsub(","; ""));

# The volume that is mounted at a path.
def volume_at($path):
  .spec.template.spec as $pod
  | ($pod.containers[0].volumeMounts[] | select(.mountPath == $path) | .name) as $name
  | $pod.volumes[] | select(.name == $name);

def memory_of_volumes: [.spec.template.spec.volumes[].emptyDir | select(.medium? == "Memory") | .sizeLimit | bytes] | add // 0;

def memory_limit: .spec.template.spec.containers[0].resources.limits.memory | bytes;

# Measured: docs/deployment.md and docs/operations.md.
def jvm: 768 * 1048576;
def fork_server: 450 * 1048576;

def offices($objects):
  (setting($objects; "DOCMILL_WORKER_SLOTS") | tonumber) + (setting($objects; "DOCMILL_WORKER_SPARES") | tonumber);

def needed_memory($objects):
  if .metadata.name == "conversion-worker" then
    offices($objects) * (setting($objects; "DOCMILL_WORKER_MEMORY_LIMIT") | bytes) + fork_server
  else 0 end
  + jvm + memory_of_volumes;

def memory_faults:
  . as $objects | processes
  | select(memory_limit < needed_memory($objects))
  | "\(.metadata.name) may take \(needed_memory($objects) | mebibytes), and its limit is \(memory_limit | mebibytes)";

def disk_faults:
  . as $objects
  | (process("conversion-worker")
     | volume_at("/run/docmill").emptyDir as $work
     | ((offices($objects) + 1) * (setting($objects; "DOCMILL_WORKER_DISK_LIMIT") | bytes)) as $needed
     | (select($work.medium != "Memory") | "the work directory of conversion-worker is not in memory"),
       (select(($work.sizeLimit | bytes) < $needed)
        | "the volume work has \($work.sizeLimit), and documents may take \($needed | mebibytes)")),
    (process("api-gateway")
     | (volume_at("/var/spool/docmill").emptyDir.sizeLimit | bytes) as $spool
     | (setting($objects; "DOCMILL_GATEWAY_SPOOL_QUOTA") | bytes) as $quota
     | (select($spool <= $quota) | "the volume spool has \($spool | mebibytes), and uploads may take \($quota | mebibytes)"),
       (select(.spec.template.spec.containers[0].resources.limits["ephemeral-storage"] | bytes <= $spool)
        | "a full spool is past the limit of ephemeral storage"));

def grace_faults:
  . as $objects | processes
  | (if .metadata.name == "conversion-worker" then (setting($objects; "DOCMILL_WORKER_DRAIN_TIME") | seconds) + 25
     else (setting($objects; "DOCMILL_GATEWAY_DRAIN_DELAY") | seconds) + (setting($objects; "DOCMILL_GATEWAY_DRAIN_TIME") | seconds) + 10
     end) as $needed
  | select(.spec.template.spec.terminationGracePeriodSeconds < $needed)
  | "\(.metadata.name) needs \($needed) s to end, and gets \(.spec.template.spec.terminationGracePeriodSeconds) s";

# A process passes over the section of the other one.
def foreign($name):
  if .metadata.name == "conversion-worker" then $name | startswith("DOCMILL_GATEWAY_") else $name | startswith("DOCMILL_WORKER_") end;

def setting_faults:
  . as $objects | processes | . as $process | environment($objects) as $environment
  | ($environment | keys[] | select(startswith("DOCMILL_") and . != "DOCMILL_LOG_FORMAT")
     | select($settings[. | rtrimstr("_FILE")] == null)
     | "\($process.metadata.name) is told \(.), which is no setting"),
    ($settings | to_entries[] | select(.value.default == "–") | .key
     | select($environment[.] == null and $environment[. + "_FILE"] == null)
     | "\($process.metadata.name) is not told \(.), which has no default");

# Secrets are files, and a file is a key of a Secret that is mounted. Where the namespace has that Secret, it has the key.
def secret_faults:
  . as $objects | processes | . as $process | environment($objects) as $environment
  | ($environment | keys[] | select($settings[.].type == "secret")
     | "\($process.metadata.name) is told the secret \(.) by its value"),
    ($environment | to_entries[] | select(.key | endswith("_FILE")) | .key as $name
     | select($process | foreign($name) | not)
     | (.value | capture("^(?<directory>.*)/(?<key>[^/]+)$")) as $file
     | [$process | volume_at($file.directory) | .secret.secretName] as $secrets
     | if $secrets == [] or $secrets == [null] then "\($process.metadata.name) has no Secret at \($file.directory), for \($name)"
       else $objects | of_kind("Secret") | select(.metadata.name == $secrets[0] and .data[$file.key] == null)
         | "the Secret \($secrets[0]) has no \($file.key), for \($name)"
       end);

# Beyond what the level restricted of Pod Security asks for.
def hardening_faults:
  (of_kind("Deployment") | .metadata.name as $name | .spec.template.spec
   | (select(.automountServiceAccountToken != false) | "\($name) has a service account's token"),
     (select(.enableServiceLinks != false) | "\($name) gets variables from Services"),
     (.volumes[]? | select(.emptyDir and .emptyDir.sizeLimit == null) | "the volume \(.name) of \($name) has no limit")),
  (processes | .metadata.name as $name | .spec.template.spec
   | (select(.securityContext.runAsUser != 10001 or .securityContext.runAsGroup != 10001) | "\($name) is another user than its image's"),
     (select(.containers[0].securityContext.readOnlyRootFilesystem != true) | "the root of \($name) can be written to"),
     (select((.containers[0] | .startupProbe and .livenessProbe and .readinessProbe) | not) | "\($name) lacks a probe"));

def matches($selector):
  . as $labels
  | all($selector.matchLabels // {} | to_entries[]; $labels[.key] == .value)
    and all($selector.matchExpressions // [] | .[];
      . as $expression
      | if .operator == "In" then any(.values[]; . == $labels[$expression.key]) else error("operator \($expression.operator)") end);

def pods_of($selector): of_kind("Deployment") | select(.spec.template.metadata.labels | matches($selector));

# A selector that selects nothing protects, limits or measures nothing, in silence.
def selector_faults:
  . as $objects
  | ((of_kind("PodDisruptionBudget"), of_kind("PodMonitor")) | .spec.selector as $selector
     | select([$objects | pods_of($selector)] == []) | "\(.kind) \(.metadata.name) selects no pod"),
    (of_kind("NetworkPolicy") | .spec.podSelector as $selector
     | select([$objects | pods_of($selector)] == []) | "NetworkPolicy \(.metadata.name) selects no pod"),
    (of_kind("ServiceMonitor") | .spec.selector as $selector | .spec.endpoints[].port as $port
     | select([$objects | of_kind("Service") | select((.metadata.labels // {}) | matches($selector)) | .spec.ports[] | select(.name == $port)] == [])
     | "ServiceMonitor \(.metadata.name) selects no port \($port) of a Service"),
    (processes | .spec.template.metadata.labels as $labels | .metadata.name as $name
     | select([$objects | of_kind("PodDisruptionBudget") | select(.spec.selector as $selector | $labels | matches($selector))] == [])
     | "\($name) has no PodDisruptionBudget");

# Which ports of a deployment's pods are open to somebody.
def open_ports($objects):
  .spec.template.metadata.labels as $labels
  | $objects | of_kind("NetworkPolicy") | .spec | select(.podSelector as $selector | $labels | matches($selector))
  | .ingress[]? | if .from == null or .ports == null then "any" else .ports[].port end;

def network_faults:
  . as $objects
  | (select([of_kind("NetworkPolicy") | select(.spec.podSelector == {} and (.spec.policyTypes | sort) == ["Egress", "Ingress"]
      and .spec.ingress == null and .spec.egress == null)] == []) | "no NetworkPolicy denies everything"),
    (process("conversion-worker") | open_ports($objects) | select(. != 9090) | "the port \(.) of workers is open"),
    (process("api-gateway") | open_ports($objects) | select(. != 9090 and . != 8080) | "the port \(.) of gateways is open"),
    (of_kind("NetworkPolicy") | .metadata.name as $name | .spec.egress[]? | select(.to == null or .ports == null)
     | "NetworkPolicy \($name) lets pods out to anywhere"),
    (of_kind("Ingress") | .spec.rules[].http.paths[].backend.service
     | select(.name != "api-gateway" or .port.name != "http") | "an Ingress leads to \(.name), \(.port)"),
    (of_kind("HTTPRoute") | .spec.rules[].backendRefs[]
     | select(.name != "api-gateway" or .port != 8080) | "an HTTPRoute leads to \(.name), \(.port)");

# The target is a worker's slots, and Kafka takes 200 members in a group: a worker is one more than its slots, and a rollout
# has a quarter more of them.
def scaling_faults:
  . as $objects | of_kind("ScaledObject") | . as $scaled
  | ($objects | process($scaled.spec.scaleTargetRef.name) | setting($objects; "DOCMILL_WORKER_SLOTS") | tonumber) as $slots
  | (.spec.advanced.scalingModifiers.target // .spec.triggers[0].metadata.threshold | tonumber) as $target
  | (select($target != $slots) | "the ScaledObject wants \($target) jobs for a worker that has \($slots) slots"),
    (select((.spec.maxReplicaCount * 1.25 | ceil) * ($slots + 1) > 200) | "\(.spec.maxReplicaCount) workers are too many for Kafka's group"),
    (.spec.triggers[].metadata | (.query // "namespace=\"\($scaled.metadata.namespace)\""), (.url // ".\($scaled.metadata.namespace).svc")
     | select((contains("namespace=\"\($scaled.metadata.namespace)\"") or contains(".\($scaled.metadata.namespace).svc")) | not)
     | "the ScaledObject asks about another namespace: \(.)");
