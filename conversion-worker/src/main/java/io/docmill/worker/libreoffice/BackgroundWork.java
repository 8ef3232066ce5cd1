package io.docmill.worker.libreoffice;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What nobody waits for: processes that are started and taken apart. Thread-safe. */
final class BackgroundWork implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BackgroundWork.class);
    private static final long PATIENCE_SECONDS = 10;

    private final ExecutorService threads;

    /** @param name that its threads begin with */
    BackgroundWork(String name) {
        threads = Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name(name + "-", 1).factory());
    }

    /** Has an action run by another thread; by the caller where this is closed, which ends all threads but the caller's. */
    void run(Runnable action) {
        try {
            threads.execute(action);
        } catch (RejectedExecutionException e) {
            action.run();
        }
    }

    /** Interrupts what is under way and waits for its end. */
    @Override
    public void close() {
        threads.shutdownNow();
        try {
            if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                log.warn("A LibreOffice that was just starting did not end in time; it ends with this process");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
