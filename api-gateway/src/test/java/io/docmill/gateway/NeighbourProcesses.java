package io.docmill.gateway;

import io.docmill.embedded.EmbeddedKafka;
import io.docmill.embedded.EmbeddedObjectStore;
import io.docmill.embedded.ObjectStoreCredentials;
import io.docmill.embedded.RedisProcess;
import io.docmill.platform.cache.RedisConnection;
import io.docmill.platform.config.Settings;
import io.docmill.platform.neighbour.Neighbours;
import io.docmill.platform.queue.QueueSetup;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Kafka, an S3 store and Redis, and the settings of a gateway beside them. */
final class NeighbourProcesses implements AutoCloseable {
    static final String SERVICE_KEY = "a service key for tests, long enough";

    private final Path directory;
    private final EmbeddedKafka kafka;
    private final RedisProcess redis;
    private final String storeEndpoint;
    private EmbeddedObjectStore store;

    private NeighbourProcesses(Path directory, EmbeddedKafka kafka, RedisProcess redis, EmbeddedObjectStore store) {
        this.directory = directory;
        this.kafka = kafka;
        this.redis = redis;
        this.store = store;
        storeEndpoint = store.endpoint();
    }

    /** Starts all three below a directory; the topics are made. */
    static NeighbourProcesses start(Path directory) {
        NeighbourProcesses neighbours = new NeighbourProcesses(
                directory,
                EmbeddedKafka.start(directory.resolve("kafka")),
                RedisProcess.start(directory.resolve("redis")),
                EmbeddedObjectStore.start(directory.resolve("store")));
        QueueSetup.ensure(neighbours.settings(Map.of()).kafka());
        return neighbours;
    }

    /** The settings of a gateway on any free port, and more of them. */
    GatewaySettings settings(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "docmill.service-key", SERVICE_KEY,
                "docmill.storage.endpoint", storeEndpoint,
                "docmill.storage.access-key", store.accessKey(),
                "docmill.storage.secret-key", store.secretKey(),
                "docmill.kafka.bootstrap-servers", kafka.bootstrapServers(),
                "docmill.redis.address", redis.address(),
                "docmill.redis.password", redis.password(),
                "docmill.gateway.host", "127.0.0.1",
                "docmill.gateway.port", "0"));
        properties.putAll(more);
        return Settings.fromProperties(GatewaySettings.class, properties);
    }

    /** Empties Redis, as a restart of a Redis that keeps nothing does. */
    void flushRedis() {
        try (RedisConnection connection = RedisConnection.open(
                settings(Map.of()).redis(), Neighbours.ofGateway().redis())) {
            connection.awaitConnection(Duration.ofSeconds(10));
            connection
                    .call(client -> client.getKeys().flushallAsync())
                    .toCompletableFuture()
                    .join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    void stopRedis() {
        redis.close();
    }

    void stopKafka() {
        kafka.close();
    }

    /** Stops the store; its objects stay. */
    void stopStore() {
        store.close();
    }

    /** Starts the store where it was. */
    void restartStore() {
        store = EmbeddedObjectStore.start(
                directory.resolve("store"),
                URI.create(storeEndpoint).getPort(),
                new ObjectStoreCredentials(store.accessKey(), store.secretKey()));
    }

    @Override
    public void close() {
        kafka.close();
        redis.close();
        store.close();
    }
}
