package io.docmill.worker;

import io.docmill.embedded.EmbeddedKafka;
import io.docmill.embedded.EmbeddedObjectStore;
import io.docmill.embedded.ObjectStoreCredentials;
import io.docmill.embedded.RedisProcess;
import io.docmill.platform.config.Settings;
import io.docmill.platform.queue.QueueSetup;
import io.docmill.platform.storage.ObjectStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Kafka, an S3 store and Redis, and the settings of a worker beside them. */
public final class NeighbourProcesses implements AutoCloseable {
    private final Path directory;
    private final EmbeddedKafka kafka;
    private final RedisProcess redis;
    private final int storePort;
    private EmbeddedObjectStore store;

    private NeighbourProcesses(Path directory, EmbeddedKafka kafka, RedisProcess redis, EmbeddedObjectStore store) {
        this.directory = directory;
        this.kafka = kafka;
        this.redis = redis;
        this.store = store;
        storePort = URI.create(store.endpoint()).getPort();
    }

    /** Starts all three below a directory; topics and bucket are made. */
    public static NeighbourProcesses start(Path directory) {
        NeighbourProcesses neighbours = new NeighbourProcesses(
                directory,
                EmbeddedKafka.start(directory.resolve("kafka")),
                RedisProcess.start(directory.resolve("redis")),
                EmbeddedObjectStore.start(directory.resolve("store")));
        QueueSetup.ensure(neighbours.settings(Map.of()).kafka());
        try (ObjectStore objects = new ObjectStore(neighbours.settings(Map.of()).storage())) {
            objects.ensureBucket();
        }
        return neighbours;
    }

    /** The settings of a worker, and more of them. */
    public WorkerSettings settings(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "docmill.service-key", "a service key for tests, long enough",
                "docmill.storage.endpoint", store.endpoint(),
                "docmill.storage.access-key", store.accessKey(),
                "docmill.storage.secret-key", store.secretKey(),
                "docmill.kafka.bootstrap-servers", kafka.bootstrapServers(),
                "docmill.redis.address", redis.address(),
                "docmill.redis.password", redis.password(),
                "docmill.worker.work-directory", directory.resolve("work").toString()));
        properties.putAll(more);
        return Settings.fromProperties(WorkerSettings.class, properties);
    }

    /** Stops the store; its objects stay. */
    public void stopStore() {
        store.close();
    }

    /** Starts the store where it was. */
    public void restartStore() {
        store = EmbeddedObjectStore.start(
                directory.resolve("store"),
                storePort,
                new ObjectStoreCredentials(store.accessKey(), store.secretKey()));
    }

    @Override
    public void close() {
        kafka.close();
        redis.close();
        store.close();
    }
}
