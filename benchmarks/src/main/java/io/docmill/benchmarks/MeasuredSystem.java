package io.docmill.benchmarks;

import io.docmill.model.id.ScopeId;
import io.docmill.platform.cache.DocumentCache;
import io.docmill.platform.cache.RedisConnection;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.config.RedisSettings;
import io.docmill.platform.config.Settings;
import io.docmill.platform.config.StorageSettings;
import io.docmill.platform.neighbour.Neighbour;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.testing.services.ClusterProcess;
import io.docmill.testing.services.ServiceProcess;
import io.docmill.testing.services.TestPort;
import io.docmill.testing.services.TestServices;
import io.smallrye.config.ConfigMapping;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A gateway and, where one is wanted, a worker beside Kafka, a store and Redis, each a process of its own, started as
 * docs/deployment.md says. Closing it ends them all.
 */
final class MeasuredSystem implements AutoCloseable {
    private static final Path ROOT = Path.of("").toAbsolutePath();

    /** Names a directory in which each gateway and worker leaves a recording of Java Flight Recorder. */
    private static final String PROFILES = "BENCH_PROFILES";

    /** As docs/deployment.md starts gateways and workers. */
    static final List<String> JAVA_OPTIONS =
            List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED");

    private final TestServices<ServiceProcess> services;
    private final Path directory;
    private final Neighbours neighbours;
    private final ObjectStore objects;
    private final RedisConnection redis;
    private final int gatewayPort = TestPort.choose();
    private final List<ClusterProcess> processes = new ArrayList<>();

    /** Where the neighbours are, as gateways and workers are told. */
    @ConfigMapping(prefix = Settings.PREFIX)
    interface Neighbours {
        StorageSettings storage();

        KafkaSettings kafka();

        RedisSettings redis();
    }

    private MeasuredSystem(Path directory) {
        this.directory = directory;
        services = TestServices.asProcesses(directory, java("512m", List.of()));
        neighbours = Settings.fromProperties(Neighbours.class, services.settings());
        objects = new ObjectStore(neighbours.storage());
        redis = RedisConnection.open(neighbours.redis(), new Neighbour("Redis", "The benchmark fails."));
    }

    /** A gateway alone; returns once it is ready. */
    static MeasuredSystem startGateway(Path directory, String heap) {
        MeasuredSystem system = new MeasuredSystem(directory);
        int managementPort = TestPort.choose();
        Map<String, String> environment = ClusterProcess.environment(system.services, managementPort);
        environment.put("DOCMILL_GATEWAY_HOST", "127.0.0.1");
        environment.put("DOCMILL_GATEWAY_PORT", String.valueOf(system.gatewayPort));
        environment.put(
                "DOCMILL_GATEWAY_SPOOL_DIRECTORY", directory.resolve("spool").toString());
        environment.put("DOCMILL_GATEWAY_BOOTSTRAP_OPERATOR_KEY", ClusterProcess.OPERATOR_KEY);
        system.begin("gateway", heap, List.of("-jar", jar("api-gateway")), environment, managementPort);
        return system;
    }

    /** A gateway and a worker. */
    static MeasuredSystem start(Path directory, int slots) {
        MeasuredSystem system = startGateway(directory, "512m");
        system.addWorker(slots, List.of("-jar", jar("conversion-worker")));
        return system;
    }

    /** A gateway and a worker whose documents convert themselves. */
    static MeasuredSystem startWithoutLibreOffice(Path directory, int slots) {
        MeasuredSystem system = startGateway(directory, "512m");
        system.addWorker(
                slots, List.of("-cp", System.getProperty("java.class.path"), InstantWorkerMain.class.getName()));
        return system;
    }

    private void addWorker(int slots, List<String> program) {
        int managementPort = TestPort.choose();
        Map<String, String> environment = ClusterProcess.environment(services, managementPort);
        environment.put("DOCMILL_WORKER_SLOTS", String.valueOf(slots));
        environment.put(
                "DOCMILL_WORKER_WORK_DIRECTORY", directory.resolve("worker").toString());
        begin("worker", "512m", program, environment, managementPort);
    }

    private void begin(
            String name, String heap, List<String> program, Map<String, String> environment, int managementPort) {
        List<String> command = java(heap, program);
        String profiles = System.getenv(PROFILES);
        if (profiles != null) {
            command.add(
                    1,
                    "-XX:StartFlightRecording:settings=profile,jdk.CPUTimeSample#enabled=true,dumponexit=true,filename=%s/%s.jfr"
                            .formatted(profiles, name));
        }
        ClusterProcess process =
                new ClusterProcess(name, command, environment, managementPort, directory.resolve(name + ".log"));
        processes.add(process);
        process.start();
    }

    /** A command that runs a JVM as docs/deployment.md does. */
    static List<String> java(String heap, List<String> program) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JAVA_OPTIONS);
        command.add("-Xmx" + heap);
        command.addAll(program);
        return command;
    }

    private static String jar(String module) {
        return ROOT.resolve(module).resolve("target").resolve(module + ".jar").toString();
    }

    int gatewayPort() {
        return gatewayPort;
    }

    Neighbours neighbours() {
        return neighbours;
    }

    /** Writes files and results for a caller without a gateway and a worker. */
    Seeds seeds(Caller caller) {
        return new Seeds(new DocumentStore(objects), new DocumentCache(redis, Clock.systemUTC()), caller, directory);
    }

    /** Gateway first, then the worker where there is one. */
    List<ClusterProcess> processes() {
        return List.copyOf(processes);
    }

    ClusterProcess gateway() {
        return processes.getFirst();
    }

    ClusterProcess worker() {
        return processes.getLast();
    }

    /** A key to a scope of its own. */
    record Caller(String key, ScopeId scope) {}

    Caller newCaller() {
        JsonObject made =
                new JsonObject(Calls.send(Calls.request(gatewayPort, "/v1/admin/keys", ClusterProcess.OPERATOR_KEY)
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"name\": \"benchmark\", \"scope\": \"personal\"}"))));
        return new Caller(
                made.getString("key"), ScopeId.parse(made.getString("scope_id")).orElseThrow());
    }

    /** Empties Redis, as its restart does. */
    void emptyRedis() {
        services.redis().kill();
        services.redis().start();
    }

    @Override
    public void close() {
        if (System.getenv(PROFILES) != null) {
            // A recording is written by a process that ends by itself.
            processes.reversed().forEach(ClusterProcess::terminate);
        }
        processes.reversed().forEach(ClusterProcess::close);
        redis.close();
        objects.close();
        services.close();
    }
}
