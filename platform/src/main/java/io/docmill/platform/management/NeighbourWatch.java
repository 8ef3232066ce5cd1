package io.docmill.platform.management;

import io.docmill.platform.cache.RedisConnection;
import io.docmill.platform.neighbour.Neighbour;
import io.docmill.platform.neighbour.Neighbours;
import io.docmill.platform.queue.QueueProbe;
import io.docmill.platform.storage.ObjectStore;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Asks each neighbour now and then, so that an idle process knows of their outages too. On a thread of its own. */
public final class NeighbourWatch implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(5);
    private static final long ANSWER_LIMIT_SECONDS = 5;

    /** Of the backlog in each interval: what waits for how long is told from how it changes. */
    private static final int MEASUREMENTS = 5;

    /** Never written; any answer will do. */
    private static final String PROBE_KEY = "probe";

    private final Neighbours neighbours;
    private final ObjectStore objects;
    private final QueueProbe queue;
    private final RedisConnection redis;
    private final Thread thread;

    private NeighbourWatch(Neighbours neighbours, ObjectStore objects, QueueProbe queue, RedisConnection redis) {
        this.neighbours = neighbours;
        this.objects = objects;
        this.queue = queue;
        this.redis = redis;
        thread = Thread.ofVirtual().name("neighbour-watch").start(this::run);
    }

    /**
     * Begins to ask.
     *
     * @param queue closed with this
     */
    public static NeighbourWatch start(
            Neighbours neighbours, ObjectStore objects, QueueProbe queue, RedisConnection redis) {
        return new NeighbourWatch(neighbours, objects, queue, redis);
    }

    private void run() {
        try {
            // A connection that is still being made is no outage worth a line in the log.
            redis.awaitConnection(INTERVAL);
            while (!Thread.currentThread().isInterrupted()) {
                ask(neighbours.storage(), () -> objects.head(PROBE_KEY));
                ask(neighbours.kafka(), queue::ask);
                ask(
                        neighbours.redis(),
                        () -> redis.ping().toCompletableFuture().get(ANSWER_LIMIT_SECONDS, TimeUnit.SECONDS));
                for (int i = 0; i < MEASUREMENTS; i++) {
                    Thread.sleep(INTERVAL.dividedBy(MEASUREMENTS));
                    queue.measureAgain();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            queue.close();
        }
    }

    private static void ask(Neighbour neighbour, Callable<?> question) throws InterruptedException {
        try {
            question.call();
            neighbour.answered();
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            // An interrupted call says nothing of the other side.
            if (!Thread.currentThread().isInterrupted()) {
                neighbour.failed(e);
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
