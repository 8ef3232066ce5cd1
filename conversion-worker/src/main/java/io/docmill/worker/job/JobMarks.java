package io.docmill.worker.job;

import io.docmill.platform.cache.LiveAttempts;
import io.docmill.platform.neighbour.Neighbour;
import java.time.Instant;

/** Makes the marks of a worker's jobs. Thread-safe. */
public final class JobMarks {
    private final LiveAttempts attempts;
    private final RedisAnswers redis;

    public JobMarks(LiveAttempts attempts, Neighbour redis) {
        this.attempts = attempts;
        this.redis = new RedisAnswers(redis);
    }

    JobMark of(Delivery delivery, Instant startedAt, Cancellation cancellation) {
        return new JobMark(attempts, redis, delivery.job(), delivery.mark(startedAt), cancellation);
    }
}
