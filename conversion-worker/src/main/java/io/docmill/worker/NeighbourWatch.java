package io.docmill.worker;

import io.docmill.platform.cache.RedisConnection;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.queue.KafkaClients;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.worker.job.Neighbour;
import io.docmill.worker.job.Neighbours;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import org.redisson.client.codec.StringCodec;

/** Asks each neighbour now and then, so that an idle worker knows of their outages too. On a thread of its own. */
final class NeighbourWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final long ANSWER_LIMIT_SECONDS = 5;

    /** Never written; any answer will do. */
    private static final String PROBE_KEY = "probe";

    private final KafkaSettings kafkaSettings;
    private final ObjectStore objects;
    private final RedisConnection redis;
    private final Neighbours neighbours;
    private final Thread thread;
    private @Nullable Admin admin;

    NeighbourWatch(KafkaSettings kafkaSettings, ObjectStore objects, RedisConnection redis, Neighbours neighbours) {
        this.kafkaSettings = kafkaSettings;
        this.objects = objects;
        this.redis = redis;
        this.neighbours = neighbours;
        thread = Thread.ofVirtual().name("neighbour-watch").start(this::run);
    }

    private interface Probe {
        void ask() throws ExecutionException, InterruptedException, TimeoutException;
    }

    private void run() {
        try {
            // A connection that is still being made is no outage worth a line in the log.
            redis.awaitConnection(INTERVAL);
            while (!Thread.currentThread().isInterrupted()) {
                ask(neighbours.storage(), () -> objects.head(PROBE_KEY));
                ask(neighbours.kafka(), this::askKafka);
                ask(neighbours.redis(), this::askRedis);
                Thread.sleep(INTERVAL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (admin != null) {
                admin.close(Duration.ZERO);
            }
        }
    }

    private static void ask(Neighbour neighbour, Probe probe) throws InterruptedException {
        try {
            probe.ask();
            neighbour.answered();
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            if (!Thread.currentThread().isInterrupted()) {
                neighbour.failed(e);
            }
        }
    }

    private void askKafka() throws ExecutionException, InterruptedException, TimeoutException {
        if (admin == null) {
            admin = Admin.create(KafkaClients.admin(kafkaSettings));
        }
        admin.describeCluster().clusterId().get(ANSWER_LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    private void askRedis() throws ExecutionException, InterruptedException, TimeoutException {
        redis.call(client -> client.getBucket(PROBE_KEY, StringCodec.INSTANCE).isExistsAsync())
                .toCompletableFuture()
                .get(ANSWER_LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
