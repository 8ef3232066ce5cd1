package io.docmill.system;

import com.github.dockerjava.api.model.Capability;
import io.docmill.model.security.ApiKey;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.containers.BindMode;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * One container each of the images, beside Kafka, Redis and the store in the images of docker-compose.yml, on a network of their
 * own. Gateway and worker run as they do in production: as nobody, without a capability, on a root that they can't write to.
 */
final class ContainerStack implements AutoCloseable {
    static final int API_PORT = 8080;
    static final int MANAGEMENT_PORT = 9090;
    static final long TEMPORARY_BYTES = 64 << 20;
    static final long WORK_DIRECTORY_BYTES = 1 << 30;

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String SECRET = "a-secret-of-this-test";

    private final Network network = Network.newNetwork();
    private final List<GenericContainer<?>> started = new ArrayList<>();
    private final String key = ApiKey.generate(new SecureRandom()).text();
    private final Map<String, String> neighbours = new HashMap<>(Map.of(
            "DOCMILL_SERVICE_KEY", "a key of 32 bytes, for this test alone",
            "DOCMILL_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092",
            "DOCMILL_REDIS_ADDRESS", "redis://redis:6379",
            "DOCMILL_STORAGE_ENDPOINT", "http://store:9000",
            "DOCMILL_STORAGE_ACCESS_KEY", "docmill",
            "DOCMILL_STORAGE_SECRET_KEY", SECRET));
    private final GenericContainer<?> gateway;
    private final GenericContainer<?> worker;

    /**
     * Starts all of it, which takes some ten seconds.
     *
     * @param workerMemory what the worker's container may take, in bytes
     * @param workerSettings of the worker, by environment variable
     * @param fonts of the operator's own
     */
    @SuppressWarnings("resource") // They are closed as what was started.
    ContainerStack(long workerMemory, Map<String, String> workerSettings, Path fonts) {
        try {
            start(image("kafka")
                    .withEnv(Map.ofEntries(
                            Map.entry("CLUSTER_ID", "ZG9jbWlsbC1jb21wb3NlAA"),
                            Map.entry("KAFKA_NODE_ID", "1"),
                            Map.entry("KAFKA_PROCESS_ROLES", "broker,controller"),
                            Map.entry("KAFKA_LISTENERS", "PLAINTEXT://:9092,CONTROLLER://:9093"),
                            Map.entry("KAFKA_ADVERTISED_LISTENERS", "PLAINTEXT://kafka:9092"),
                            Map.entry("KAFKA_CONTROLLER_LISTENER_NAMES", "CONTROLLER"),
                            Map.entry("KAFKA_CONTROLLER_QUORUM_VOTERS", "1@localhost:9093"),
                            Map.entry(
                                    "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                            Map.entry("KAFKA_LOG_DIRS", "/var/lib/kafka/data"),
                            Map.entry("KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR", "1"),
                            Map.entry("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR", "1"),
                            Map.entry("KAFKA_SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR", "1")))
                    .withNetworkAliases("kafka")
                    .withExposedPorts(9092));
            start(image("redis").withNetworkAliases("redis").withExposedPorts(6379));
            start(image("store")
                    .withCommand("server", "/data")
                    .withEnv(Map.of("MINIO_ROOT_USER", "docmill", "MINIO_ROOT_PASSWORD", SECRET))
                    .withNetworkAliases("store")
                    .withExposedPorts(9000));
            gateway = start(docmill("api-gateway")
                    .withEnv(Map.of("DOCMILL_GATEWAY_BOOTSTRAP_OPERATOR_KEY", key))
                    .withEnv("DOCMILL_GATEWAY_DRAIN_DELAY", "0s")
                    .withTmpFs(Map.of(
                            "/tmp",
                            "size=" + TEMPORARY_BYTES,
                            "/var/spool/docmill",
                            "size=256m,uid=10001,gid=10001,mode=0700"))
                    .withExposedPorts(API_PORT, MANAGEMENT_PORT));
            worker = start(docmill("conversion-worker")
                    .withEnv(workerSettings)
                    .withTmpFs(Map.of(
                            "/tmp",
                            "size=" + TEMPORARY_BYTES,
                            "/run/docmill",
                            "size=" + WORK_DIRECTORY_BYTES + ",uid=10001,gid=10001,mode=0700"))
                    .withFileSystemBind(fonts.toString(), "/usr/local/share/fonts", BindMode.READ_ONLY)
                    .withCreateContainerCmdModifier(command ->
                            Objects.requireNonNull(command.getHostConfig()).withMemory(workerMemory))
                    .withExposedPorts(MANAGEMENT_PORT));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private GenericContainer<?> start(GenericContainer<?> container) {
        started.add(container);
        container.withNetwork(network).start();
        return container;
    }

    private GenericContainer<?> docmill(String module) {
        return image(module)
                .withEnv(neighbours)
                .withCreateContainerCmdModifier(command -> Objects.requireNonNull(command.getHostConfig())
                        .withReadonlyRootfs(true)
                        .withCapDrop(Capability.ALL)
                        .withSecurityOpts(List.of("no-new-privileges"))
                        .withPidsLimit(512L))
                .waitingFor(Wait.forHealthcheck().withStartupTimeout(PATIENCE));
    }

    private static GenericContainer<?> image(String service) {
        return new GenericContainer<>(DockerImageName.parse(ContainerImages.of(service))).withStartupTimeout(PATIENCE);
    }

    /** Speaks to the gateway with the operator's key. */
    DocmillClient client() {
        return new DocmillClient(url(gateway, API_PORT), key);
    }

    GenericContainer<?> gateway() {
        return gateway;
    }

    GenericContainer<?> worker() {
        return worker;
    }

    static URI url(GenericContainer<?> container, int port) {
        return URI.create("http://" + container.getHost() + ":" + container.getMappedPort(port));
    }

    @Override
    public void close() {
        for (GenericContainer<?> container : started.reversed()) {
            container.stop();
        }
        network.close();
    }
}
