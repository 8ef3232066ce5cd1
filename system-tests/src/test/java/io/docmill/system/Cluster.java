package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.testing.services.ClusterProcess;
import io.docmill.testing.services.ServiceProcess;
import io.docmill.testing.services.TestPort;
import io.docmill.testing.services.TestServices;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Several gateways and workers beside one Kafka, one store and one Redis, each a process of its own, started as
 * {@code docs/deployment.md} says. Closing it kills them all.
 */
final class Cluster implements AutoCloseable {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private final TestServices<ServiceProcess> services;
    private final List<ClusterProcess> gateways = new ArrayList<>();
    private final List<ClusterProcess> workers = new ArrayList<>();
    private final LoadBalancer balancer = new LoadBalancer();
    private final ClusterData data;

    private Cluster(TestServices<ServiceProcess> services) {
        this.services = services;
        data = ClusterData.of(services.settings());
    }

    /**
     * Starts all of it and waits until every process is ready.
     *
     * @param directory for data, logs and work; its path is short, because sockets lie below it
     */
    static Cluster start(Path directory, int gateways, int workers) {
        return start(directory, gateways, workers, 1);
    }

    /** As {@link #start(Path, int, int)}, with more than one slot a worker. */
    static Cluster start(Path directory, int gateways, int workers, int slots) {
        return start(directory, gateways, workers, slots, Map.of());
    }

    /**
     * As {@link #start(Path, int, int, int)}.
     *
     * @param more variables of every process
     */
    static Cluster start(Path directory, int gateways, int workers, int slots, Map<String, String> more) {
        return start(directory, gateways, workers, slots, more, _ -> {});
    }

    /** One gateway and one worker of one slot that find this in store and queue when they start. */
    static Cluster startWith(Path directory, Consumer<ClusterData> content) {
        return start(directory, 1, 1, 1, Map.of(), content);
    }

    private static Cluster start(
            Path directory,
            int gateways,
            int workers,
            int slots,
            Map<String, String> more,
            Consumer<ClusterData> content) {
        Cluster cluster = new Cluster(TestServices.asProcesses(directory));
        try {
            content.accept(cluster.data);
            for (int i = 1; i <= gateways; i++) {
                cluster.addGateway("gateway-" + i, directory, more);
            }
            for (int i = 1; i <= workers; i++) {
                cluster.addWorker("worker-" + i, directory, slots, more);
            }
            cluster.processes().forEach(ClusterProcess::launch);
            cluster.processes().forEach(ClusterProcess::awaitReady);
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    private void addGateway(String name, Path directory, Map<String, String> more) {
        int port = TestPort.choose();
        int managementPort = TestPort.choose();
        Map<String, String> environment = ClusterProcess.environment(services, managementPort);
        environment.putAll(more);
        environment.put("DOCMILL_GATEWAY_HOST", "127.0.0.1");
        environment.put("DOCMILL_GATEWAY_PORT", String.valueOf(port));
        environment.put("DOCMILL_GATEWAY_PUBLIC_URL", LoadBalancer.PUBLIC_URL);
        environment.put(
                "DOCMILL_GATEWAY_SPOOL_DIRECTORY", directory.resolve(name).toString());
        environment.put("DOCMILL_GATEWAY_BOOTSTRAP_OPERATOR_KEY", ClusterProcess.OPERATOR_KEY);
        environment.putAll(more);
        ClusterProcess gateway = process(name, "api-gateway", environment, managementPort, directory);
        gateways.add(gateway);
        balancer.add(gateway, URI.create("http://127.0.0.1:" + port));
    }

    private void addWorker(String name, Path directory, int slots, Map<String, String> more) {
        int managementPort = TestPort.choose();
        Map<String, String> environment = ClusterProcess.environment(services, managementPort);
        environment.putAll(more);
        environment.put("DOCMILL_WORKER_SLOTS", String.valueOf(slots));
        environment.put("DOCMILL_WORKER_WORK_DIRECTORY", directory.resolve(name).toString());
        workers.add(process(name, "conversion-worker", environment, managementPort, directory));
    }

    private static ClusterProcess process(
            String name, String module, Map<String, String> environment, int managementPort, Path directory) {
        Path jar = ROOT.resolve(module).resolve("target").resolve(module + ".jar");
        return new ClusterProcess(name, jar, environment, managementPort, directory.resolve(name + ".log"));
    }

    TestServices<ServiceProcess> services() {
        return services;
    }

    List<ClusterProcess> gateways() {
        return List.copyOf(gateways);
    }

    List<ClusterProcess> workers() {
        return List.copyOf(workers);
    }

    /** Gateways first. */
    List<ClusterProcess> processes() {
        return Stream.concat(gateways.stream(), workers.stream()).toList();
    }

    LoadBalancer balancer() {
        return balancer;
    }

    /** What Kafka, the store and Redis hold. */
    ClusterData data() {
        return data;
    }

    /** A new key to a new scope, in which there is nothing yet. */
    String newKey() {
        Answer made = balancer.send(ClusterRequest.newKey(ClusterProcess.OPERATOR_KEY));
        assertThat(made.status()).as("making a key: %s", made).isEqualTo(201);
        return made.json().path("key").asText();
    }

    /** Looks at what operators see, through this gateway. */
    Answer getAsOperator(ClusterProcess gateway, String path) {
        return balancer.sendTo(gateway, ClusterRequest.get(ClusterProcess.OPERATOR_KEY, path));
    }

    /** Deletes what operators may, through this gateway. */
    Answer deleteAsOperator(ClusterProcess gateway, String path) {
        return balancer.sendTo(gateway, ClusterRequest.delete(ClusterProcess.OPERATOR_KEY, path));
    }

    /** How many documents went through LibreOffice, by the workers that run, since each was started. */
    long libreOfficeRuns() {
        return workers.stream().mapToLong(Cluster::libreOfficeRuns).sum();
    }

    /** How many documents went through LibreOffice by this worker, since it was started. */
    static long libreOfficeRuns(ClusterProcess worker) {
        return Math.round(worker.metric("docmill_conversion_time_seconds_count"));
    }

    /** How many jobs the workers that run are done with, since each was started, be it without a run. */
    long jobsDone() {
        return Math.round(workers.stream()
                .mapToDouble(worker -> worker.metric("docmill_conversions_total"))
                .sum());
    }

    /** The worker that converts; waits until there is one. */
    ClusterProcess awaitBusyWorker() {
        return await("a conversion")
                .pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofMinutes(2))
                .until(() -> workers.stream().filter(Cluster::isBusy).findAny(), Optional::isPresent)
                .orElseThrow();
    }

    static boolean isBusy(ClusterProcess worker) {
        return worker.isAlive() && worker.metric("docmill_worker_slots_busy") > 0;
    }

    /** Waits until no worker converts. */
    void awaitIdle() {
        await("idle workers")
                .pollInterval(Duration.ofMillis(50))
                .atMost(Duration.ofMinutes(2))
                .until(() -> workers.stream().noneMatch(Cluster::isBusy));
    }

    /** Starts whatever does not run, after a test that failed half way. */
    void mend() {
        List<ServiceProcess> neighbours = List.of(services.kafka(), services.store(), services.redis());
        neighbours.stream().filter(service -> !service.isAlive()).forEach(ServiceProcess::start);
        neighbours.forEach(ServiceProcess::resume);
        processes().stream().filter(process -> !process.isAlive()).forEach(ClusterProcess::start);
    }

    @Override
    public void close() {
        balancer.close();
        data.close();
        processes().forEach(ClusterProcess::close);
        services.close();
    }
}
