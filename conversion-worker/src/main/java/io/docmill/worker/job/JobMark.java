package io.docmill.worker.job;

import io.docmill.model.id.AttemptId;
import io.docmill.model.job.ConversionJob;
import io.docmill.platform.cache.LiveAttempts;
import io.docmill.platform.cache.RunningMark;
import io.docmill.worker.job.Cancellation.Reason;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells in Redis that a job runs, for as long as it does, so that no other record of its conversion is run beside it; and learns
 * there that its record went to someone else, and then stops the job. Renewed on a thread of its own: the slot's may wait for a
 * broker longer than a mark holds. For the job's thread.
 */
final class JobMark implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(JobMark.class);

    /** A third of what a mark holds leaves room for a slow Redis. */
    private static final Duration RENEWAL = LiveAttempts.MARK_TTL.dividedBy(3);

    private final LiveAttempts attempts;
    private final RedisAnswers redis;
    private final ConversionJob job;
    private final RunningMark mark;
    private final Cancellation cancellation;
    private CompletionStage<?> latest = CompletableFuture.completedStage(true);
    private boolean closed;
    private @Nullable Thread renewal;

    JobMark(LiveAttempts attempts, RedisAnswers redis, ConversionJob job, RunningMark mark, Cancellation cancellation) {
        this.attempts = attempts;
        this.redis = redis;
        this.job = job;
        this.mark = mark;
        this.cancellation = cancellation;
    }

    /**
     * Marks the job as running, unless someone else runs it. While Redis is away it runs unmarked: a duplicate costs one conversion.
     *
     * @param ended the latest attempt of which storage tells that it has ended, or null: another's mark of that one is left over
     * @return who runs the conversion instead: another record, or a later delivery of this one; empty if the job is to be run
     */
    Optional<RunningMark> begin(@Nullable AttemptId ended) {
        Optional<RunningMark> holder = redis.tryFor(
                        () -> next(() -> attempts.mark(job.scope(), job.conversion(), mark, ended)))
                .flatMap(held -> held);
        if (holder.isEmpty()) {
            renewal = Thread.ofVirtual().name("mark-" + job.attempt()).start(this::renewUntilClosed);
        }
        return holder;
    }

    private void renewUntilClosed() {
        try {
            while (true) {
                Thread.sleep(RENEWAL);
                redis.insistOn(this::renewal).flatMap(held -> held).ifPresent(this::meet);
            }
        } catch (InterruptedException e) {
            // Closed.
            Thread.currentThread().interrupt();
        }
    }

    private synchronized CompletionStage<Optional<RunningMark>> renewal() {
        return closed
                ? CompletableFuture.completedStage(Optional.empty())
                : next(() -> attempts.renewMark(job.scope(), job.conversion(), mark));
    }

    /** Another record's mark was made while ours had lapsed: that costs one conversion, and stopping would not save it. */
    private void meet(RunningMark holder) {
        if (isOfSameRecord(holder)) {
            cancellation.request(Reason.TAKEN_OVER);
        }
        log.atDebug()
                .setMessage("Met another mark")
                .addKeyValue("conversion", job.conversion())
                .addKeyValue("attempt", job.attempt())
                .addKeyValue("holder", holder)
                .log();
    }

    /** Whether it is this job's record that someone else has been given. */
    boolean isOfSameRecord(RunningMark holder) {
        return mark.isOfSameRecord(holder);
    }

    /**
     * Removes the mark of a job that goes back into the queue.
     *
     * @return whether it is certain that no mark of this record is left
     */
    boolean remove() {
        close();
        return redis.insistOn(() -> next(() -> attempts.unmark(job.scope(), job.conversion(), mark)))
                .orElse(false);
    }

    /** Tells that nobody need wait for this record: it was answered, or dropped. */
    void end() {
        close();
        redis.tryFor(() ->
                next(() -> attempts.end(job.scope(), job.conversion(), mark).thenApply(_ -> true)));
    }

    /** One call at a time: a renewal that is late would otherwise make a mark again that was removed. */
    private synchronized <T> CompletionStage<T> next(Supplier<CompletionStage<T>> call) {
        CompletionStage<T> stage = latest.handle((_, _) -> true).thenCompose(_ -> call.get());
        latest = stage;
        return stage;
    }

    /** Renews no more. A mark that is neither removed nor ended lapses. */
    @Override
    public synchronized void close() {
        closed = true;
        if (renewal != null) {
            renewal.interrupt();
        }
    }
}
