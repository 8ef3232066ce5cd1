package io.docmill.worker.job;

import io.docmill.worker.engine.ConversionRun;
import io.docmill.worker.engine.EngineOutcome;
import org.jspecify.annotations.Nullable;

/**
 * Stops one job from another thread. A conversion under way is killed, and then ends by itself; whatever else the job waits for
 * (object storage, the queue, a pause) is interrupted. Thread-safe.
 */
final class Cancellation {
    private @Nullable Thread thread;
    private @Nullable ConversionRun run;
    private @Nullable Reason reason;
    private boolean answering;

    /** Why a job is stopped. */
    enum Reason {
        /** A caller does not want it any more: it is answered. */
        CANCELED,
        /** The worker ends: the job is passed on. */
        SHUTDOWN,
        /** Someone else has its record now: nothing is left to do here. */
        TAKEN_OVER
    }

    /** Makes the calling thread the one that is interrupted. */
    synchronized void begin() {
        thread = Thread.currentThread();
        if (reason != null) {
            thread.interrupt();
        }
    }

    /**
     * Stops the job. Returns at once. The first reason holds, but for a cancel: that gives way to the others, and does nothing to a
     * job whose cancel is being answered.
     */
    synchronized void request(Reason why) {
        boolean open =
                why == Reason.CANCELED ? reason == null && !answering : reason == null || reason == Reason.CANCELED;
        if (!open) {
            return;
        }
        reason = why;
        if (run != null) {
            run.kill();
        } else if (thread != null) {
            thread.interrupt();
        }
    }

    /** Whether the job is to end what it does. */
    synchronized boolean isRequested() {
        return reason != null;
    }

    /** Whether its record is someone else's. */
    synchronized boolean isTakenOver() {
        return reason == Reason.TAKEN_OVER;
    }

    /**
     * Begins to answer a cancel, on the job's thread: from here on only the other reasons stop the job.
     *
     * @return false if the job was not canceled, or is to be stopped for another reason by now
     */
    synchronized boolean beginAnswer() {
        if (reason != Reason.CANCELED) {
            return false;
        }
        reason = null;
        answering = true;
        // The cancel's own.
        var _ = Thread.interrupted();
        return true;
    }

    /** Waits for a run, which {@link #request} kills. */
    EngineOutcome await(ConversionRun conversion) throws InterruptedException {
        enter(conversion);
        try {
            return conversion.await();
        } finally {
            leave();
        }
    }

    private synchronized void enter(ConversionRun conversion) {
        run = conversion;
        if (reason != null) {
            conversion.kill();
        }
    }

    private synchronized void leave() {
        run = null;
    }
}
