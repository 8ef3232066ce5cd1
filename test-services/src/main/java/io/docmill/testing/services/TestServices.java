package io.docmill.testing.services;

import io.docmill.embedded.EmbeddedKafka;
import io.docmill.embedded.EmbeddedObjectStore;
import io.docmill.embedded.ObjectStoreCredentials;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Kafka, an S3 store and Redis, each empty at first and on a port of its own of 127.0.0.1 that it keeps. Topics and buckets
 * are made by those who use them. All three end with {@link #close()}, and with the test's process however that one ends.
 *
 * @param <S> what a test can do to one of them
 */
public final class TestServices<S extends TestService> implements AutoCloseable {
    private static final ObjectStoreCredentials CREDENTIALS =
            new ObjectStoreCredentials("test-access-key", "a-test's-secret-key");
    private static final String REDIS_PASSWORD = "test-password";

    private final S kafka;
    private final S store;
    private final S redis;
    private final Map<String, String> settings;

    private TestServices(S kafka, S store, S redis, Ports ports) {
        this.kafka = kafka;
        this.store = store;
        this.redis = redis;
        settings = Map.of(
                "docmill.kafka.bootstrap-servers",
                "127.0.0.1:" + ports.kafka(),
                "docmill.storage.endpoint",
                "http://127.0.0.1:" + ports.store(),
                "docmill.storage.access-key",
                CREDENTIALS.accessKey(),
                "docmill.storage.secret-key",
                CREDENTIALS.secretKey(),
                "docmill.redis.address",
                "redis://127.0.0.1:" + ports.redis(),
                "docmill.redis.password",
                REDIS_PASSWORD);
    }

    /** The three ports, chosen once. */
    private record Ports(int kafka, int store, int redis) {
        static Ports choose() {
            return new Ports(TestPort.choose(), TestPort.choose(), TestPort.choose());
        }
    }

    /**
     * Starts Kafka and the store within this JVM, which is quickest; Redis is a child.
     *
     * @param directory made if absent; the data of all three is below it
     */
    public static TestServices<TestService> inThisProcess(Path directory) {
        Ports ports = Ports.choose();
        return started(new TestServices<>(
                new LocalService("Kafka", () -> EmbeddedKafka.start(directory.resolve("kafka"), ports.kafka())),
                new LocalService(
                        "the store",
                        () -> EmbeddedObjectStore.start(directory.resolve("store"), ports.store(), CREDENTIALS)),
                redis(directory, ports),
                ports));
    }

    /**
     * Starts each as a process of its own, which can be killed and paused.
     *
     * @param directory made if absent; the data and logs of all three are below it
     */
    public static TestServices<ServiceProcess> asProcesses(Path directory) {
        return asProcesses(directory, ChildProcess.java("256m"));
    }

    /**
     * Starts each as a process of its own, with a Java of the caller's choice.
     *
     * @param directory made if absent; the data and logs of all three are below it
     * @param java the command that runs a JVM; a class follows
     */
    public static TestServices<ServiceProcess> asProcesses(Path directory, List<String> java) {
        Ports ports = Ports.choose();
        return started(new TestServices<>(
                ServiceProcess.kafka(directory, java, ports.kafka()),
                ServiceProcess.store(directory, java, ports.store(), CREDENTIALS),
                redis(directory, ports),
                ports));
    }

    private static ServiceProcess redis(Path directory, Ports ports) {
        return ServiceProcess.redis(directory, ports.redis(), REDIS_PASSWORD);
    }

    /** All at the same time: one after the other they take twice as long. */
    private static <S extends TestService> TestServices<S> started(TestServices<S> services) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture.allOf(services.all().stream()
                            .map(service -> CompletableFuture.runAsync(service::start, threads))
                            .toArray(CompletableFuture[]::new))
                    .join();
            return services;
        } catch (RuntimeException e) {
            services.close();
            throw e;
        }
    }

    /** The broker. */
    public S kafka() {
        return kafka;
    }

    /** The S3 store. */
    public S store() {
        return store;
    }

    /** Redis, which forgets everything when it ends. */
    public S redis() {
        return redis;
    }

    /** What gateways and workers are told to find them, by the names of the settings. */
    public Map<String, String> settings() {
        return settings;
    }

    private List<S> all() {
        return List.of(kafka, store, redis);
    }

    @Override
    public void close() {
        all().forEach(TestService::close);
    }
}
