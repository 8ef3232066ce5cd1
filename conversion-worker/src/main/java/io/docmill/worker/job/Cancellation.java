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
    private boolean requested;

    /** Makes the calling thread the one that is interrupted. */
    synchronized void begin() {
        thread = Thread.currentThread();
        if (requested) {
            thread.interrupt();
        }
    }

    /** Stops the job. Returns at once. */
    synchronized void request() {
        requested = true;
        if (run != null) {
            run.kill();
        } else if (thread != null) {
            thread.interrupt();
        }
    }

    synchronized boolean isRequested() {
        return requested;
    }

    /** Waits for a run, which {@link #request()} kills. */
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
        if (requested) {
            conversion.kill();
        }
    }

    private synchronized void leave() {
        run = null;
    }
}
