package io.docmill.worker;

import io.docmill.platform.config.Settings;
import io.docmill.platform.queue.QueueSetup;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.testing.services.TestService;
import io.docmill.testing.services.TestServices;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Kafka, an S3 store and Redis, and the settings of a worker beside them. */
public final class NeighbourProcesses implements AutoCloseable {
    private final Path directory;
    private final TestServices<TestService> services;

    private NeighbourProcesses(Path directory, TestServices<TestService> services) {
        this.directory = directory;
        this.services = services;
    }

    /** Starts all three below a directory; topics and bucket are made. */
    public static NeighbourProcesses start(Path directory) {
        NeighbourProcesses neighbours = new NeighbourProcesses(directory, TestServices.inThisProcess(directory));
        QueueSetup.ensure(neighbours.settings(Map.of()).kafka());
        try (ObjectStore objects = new ObjectStore(neighbours.settings(Map.of()).storage())) {
            objects.ensureBucket();
        }
        return neighbours;
    }

    /** The settings of a worker, and more of them. */
    public WorkerSettings settings(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(services.settings());
        properties.put("docmill.service-key", "a service key for tests, long enough");
        properties.put(
                "docmill.worker.work-directory", directory.resolve("work").toString());
        properties.putAll(more);
        return Settings.fromProperties(WorkerSettings.class, properties);
    }

    /** Stops the store; its objects stay. */
    public void stopStore() {
        services.store().stop();
    }

    /** Starts the store where it was. */
    public void restartStore() {
        services.store().start();
    }

    @Override
    public void close() {
        services.close();
    }
}
