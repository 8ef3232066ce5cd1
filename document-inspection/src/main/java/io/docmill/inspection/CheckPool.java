package io.docmill.inspection;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs checks of documents on threads of their own, a few at a time and each with a time limit, so that documents made to keep
 * a check busy hold up neither the caller nor, for long, other checks. The threads are platform threads: checks compute, and
 * on virtual ones would keep everything else from running. Thread-safe.
 */
public final class CheckPool {
    private static final Logger log = LoggerFactory.getLogger(CheckPool.class);

    private final Semaphore places;
    private final Duration longestWait;
    private final Duration longestRun;

    /**
     * A pool.
     *
     * @param size how many checks run at a time; each may take some 20 MiB of heap and all of a processor
     * @param longestWait for a place
     * @param longestRun how long one check may run. Then it is interrupted, and keeps its place until it really ends
     */
    public CheckPool(int size, Duration longestWait, Duration longestRun) {
        places = new Semaphore(size);
        this.longestWait = longestWait;
        this.longestRun = longestRun;
    }

    /** How a check went. */
    public sealed interface Checked<T> {
        /** It came to its end. */
        record Done<T>(T result) implements Checked<T> {}

        /** It was not begun: all places were taken for as long as it could wait. */
        record Busy<T>() implements Checked<T> {}

        /** It ran past its time limit. */
        record OverTime<T>() implements Checked<T> {}
    }

    /**
     * Runs a check and waits for it. What it throws is thrown.
     *
     * @throws InterruptedException if the caller was interrupted; the check is too
     */
    public <T> Checked<T> run(Callable<T> check) throws InterruptedException {
        if (!places.tryAcquire(longestWait.toMillis(), TimeUnit.MILLISECONDS)) {
            return new Checked.Busy<>();
        }
        FutureTask<T> task = new FutureTask<>(check);
        start(task);
        try {
            return new Checked.Done<>(task.get(longestRun.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            log.warn(
                    "A check of a document ran longer than {} s and was given up; the document is refused. Look into it if"
                            + " this repeats: the places for checks may all be taken by such ones.",
                    longestRun.toSeconds());
            return new Checked.OverTime<>();
        } catch (ExecutionException e) {
            throw unchecked(e.getCause());
        } finally {
            task.cancel(true);
        }
    }

    private void start(FutureTask<?> task) {
        try {
            Thread.ofPlatform().daemon().name("document-check").start(() -> {
                try {
                    task.run();
                } finally {
                    places.release();
                }
            });
        } catch (OutOfMemoryError e) {
            // No thread could be made.
            places.release();
            throw e;
        }
    }

    private static RuntimeException unchecked(@Nullable Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        return cause instanceof RuntimeException defect ? defect : new IllegalStateException(cause);
    }
}
