package io.docmill.gateway.conversion;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.job.JobReply;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One conversion that callers of this gateway wait for, through one attempt after another until one of them answers: a canceled
 * attempt is followed by the next while anybody still waits. Thread-safe.
 */
final class InFlight {
    private final WantedConversion wanted;
    private final Consumer<InFlight> opening;
    private final CompletableFuture<Resolution> resolution = new CompletableFuture<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicBoolean begun = new AtomicBoolean();
    private CompletableFuture<AttemptId> queued = new CompletableFuture<>();
    private @Nullable AttemptId expected;
    private int round = 1;
    private Instant roundBegin;
    private boolean publishing;

    /**
     * What can be joined.
     *
     * @param refresh a refresh is not completed by an older attempt's artifact, so it is another thing to wait for
     */
    record Key(ScopeId scope, ConversionId conversion, boolean refresh) {}

    /** How a wait ended: with the outcome, and whether it was there before anyone asked. */
    record Resolution(JobReply.Outcome outcome, boolean cached) {}

    /** @param opening looks for an outcome and joins or publishes an attempt; called anew after a cancel */
    InFlight(WantedConversion wanted, Consumer<InFlight> opening) {
        this.wanted = wanted;
        this.opening = opening;
        roundBegin = wanted.createdAt();
    }

    /** What the first of its callers wants; the others want the same, but for their limits. */
    WantedConversion wanted() {
        return wanted;
    }

    /** Completed on any thread. */
    CompletableFuture<Resolution> resolution() {
        return resolution;
    }

    /** Opens the first attempt, if this is the first call. */
    void begin() {
        if (begun.compareAndSet(false, true)) {
            opening.accept(this);
        }
    }

    void entered() {
        waiting.incrementAndGet();
    }

    /** Counts one who waits no more, and tells whether nobody waits any more. */
    boolean left() {
        return waiting.decrementAndGet() == 0;
    }

    boolean isWaitedFor() {
        return waiting.get() > 0;
    }

    /** Counts the attempts that were opened one after another, from 1. */
    synchronized int round() {
        return round;
    }

    /** When the present round was begun. */
    synchronized Instant roundBegin() {
        return roundBegin;
    }

    /** The attempt that was joined, or is or will be published, or null while there is none. */
    synchronized @Nullable AttemptId expected() {
        return expected;
    }

    /** From here on replies count: called before a job is published, so that none can come earlier. */
    synchronized void expect(AttemptId attempt) {
        expected = attempt;
    }

    /** An earlier attempt turned out to be the one that runs: its failure answers too. */
    synchronized void expectAlso(AttemptId earlier) {
        if (expected != null && expected.compareTo(earlier) > 0) {
            expected = earlier;
        }
    }

    /** Completed once the queue has the expected attempt, so that it will not be lost; canceled when a new one is opened. */
    synchronized CompletableFuture<AttemptId> queued() {
        return queued;
    }

    /** The queue has the attempt of a round. Of a round that is over that says nothing of the present one. */
    void nowQueued(int inRound) {
        CompletableFuture<AttemptId> completed;
        AttemptId attempt;
        synchronized (this) {
            if (inRound != round || expected == null) {
                return;
            }
            completed = queued;
            attempt = expected;
        }
        completed.complete(attempt);
    }

    /** The expected attempt, once the queue has it; null before. */
    synchronized @Nullable AttemptId queuedAttempt() {
        return queued.isDone() && !queued.isCompletedExceptionally() ? expected : null;
    }

    /** Whether this gateway is about to publish the expected attempt. */
    synchronized boolean isPublishing() {
        return publishing;
    }

    /** A publication of a round begins or has ended. */
    synchronized void publishing(int inRound, boolean now) {
        if (inRound == round) {
            publishing = now;
        }
    }

    /** The attempt of a round can't be published; ends the wait, unless the next one was opened meanwhile. */
    void notPublished(int inRound, Throwable failure) {
        if (inRound == round()) {
            resolution.completeExceptionally(failure);
        }
    }

    /** Opens the next attempt instead of the one of a round, unless that has been done. */
    void openNext(int instead) {
        CompletableFuture<AttemptId> replaced;
        synchronized (this) {
            if (instead != round || expected == null) {
                return;
            }
            expected = null;
            publishing = false;
            round++;
            roundBegin = Instant.now();
            replaced = queued;
            queued = new CompletableFuture<>();
        }
        // Last, and not within the lock: who waits for it goes on at once, on this thread, and must find the new one.
        replaced.cancel(false);
        opening.accept(this);
    }

    /** An attempt, and every earlier one, was canceled by a caller; who waits here did not. */
    void canceled(AttemptId attempt) {
        int canceledRound;
        synchronized (this) {
            if (expected == null || !attempt.isSameOrLaterThan(expected)) {
                return;
            }
            canceledRound = round;
        }
        if (isWaitedFor()) {
            openNext(canceledRound);
        }
    }

    /** An attempt has ended; completes the wait if that answers it. */
    void receive(JobReply.Outcome outcome) {
        switch (outcome) {
            case JobReply.Succeeded _
            when !wanted.parameters().refresh() || isExpected(outcome.attempt()) ->
                resolution.complete(new Resolution(outcome, false));
            case JobReply.Failed(var failure)
            when isExpected(failure.attempt()) -> {
                if (failure.failure() instanceof ConversionFailure.Canceled && isWaitedFor()) {
                    canceled(failure.attempt());
                } else {
                    resolution.complete(new Resolution(outcome, false));
                }
            }
            case JobReply.Succeeded _, JobReply.Failed _ -> {
                // An earlier attempt's, which does not answer this wait.
            }
        }
    }

    /** Whether this is the attempt that is waited for, or a later one. */
    private synchronized boolean isExpected(AttemptId attempt) {
        return expected != null && attempt.isSameOrLaterThan(expected);
    }
}
