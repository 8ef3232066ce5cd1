package io.docmill.gateway;

import io.docmill.platform.cache.RedisConnection;
import io.docmill.platform.config.Settings;
import io.docmill.platform.neighbour.Neighbours;
import io.docmill.platform.queue.QueueSetup;
import io.docmill.testing.services.TestService;
import io.docmill.testing.services.TestServices;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** Kafka, an S3 store and Redis, and the settings of a gateway beside them. */
final class NeighbourProcesses implements AutoCloseable {
    static final String SERVICE_KEY = "a service key for tests, long enough";

    private final TestServices<TestService> services;

    private NeighbourProcesses(TestServices<TestService> services) {
        this.services = services;
    }

    /** Starts all three below a directory; the topics are made. */
    static NeighbourProcesses start(Path directory) {
        NeighbourProcesses neighbours = new NeighbourProcesses(TestServices.inThisProcess(directory));
        QueueSetup.ensure(neighbours.settings(Map.of()).kafka());
        return neighbours;
    }

    /** The settings of a gateway on any free port, and more of them. */
    GatewaySettings settings(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(services.settings());
        properties.put("docmill.service-key", SERVICE_KEY);
        properties.put("docmill.gateway.host", "127.0.0.1");
        properties.put("docmill.gateway.port", "0");
        properties.put("docmill.gateway.drain-delay", "0s");
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
        services.redis().stop();
    }

    void stopKafka() {
        services.kafka().stop();
    }

    /** Stops the store; its objects stay. */
    void stopStore() {
        services.store().stop();
    }

    /** Starts the store where it was. */
    void restartStore() {
        services.store().start();
    }

    @Override
    public void close() {
        services.close();
    }
}
