package io.docmill.worker.libreoffice;

import io.docmill.worker.engine.EngineUnavailableException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jodconverter.core.office.OfficeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one LibreOffice more than there are slots. Whichever has waited longest takes the next document; one that is lost or
 * worn out is replaced in the background, while the spare takes its place.
 */
final class OfficePool implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(OfficePool.class);

    /** So many starts in a row must fail before the engine is given up by those who wait for it. */
    private static final int HOPELESS = 3;

    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;

    private final OfficeWorkplace workplace;
    private final int slots;
    private final int documentsPerProcess;
    private final long residentMarkBytes;
    private final ExecutorService background = Executors.newCachedThreadPool(
            Thread.ofPlatform().daemon().name("office-pool-", 1).factory());

    // All below is guarded by this.
    private final Deque<OfficeProcess> ready = new ArrayDeque<>();
    private final List<OfficeProcess> busy = new ArrayList<>();
    private int starting;
    private int started;
    private int failuresInARow;
    private @Nullable Exception lastFailure;
    private boolean closed;

    OfficePool(OfficeWorkplace workplace, JodConverterSettings settings) {
        this.workplace = workplace;
        this.slots = settings.slots();
        this.documentsPerProcess = settings.documentsPerProcess();
        this.residentMarkBytes = settings.residentMarkBytes();
        replenish();
    }

    /** Starts as many as are missing. */
    private synchronized void replenish() {
        while (!closed && ready.size() + busy.size() + starting < slots + 1) {
            starting++;
            int number = ++started;
            background.execute(() -> startOne(number));
        }
    }

    private void startOne(int number) {
        try {
            pauseAfterFailures();
            admit(OfficeProcess.start(workplace, number));
        } catch (IOException | OfficeException | RuntimeException e) {
            noteFailure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            noteFailure(e);
        }
        replenish();
    }

    private void pauseAfterFailures() throws InterruptedException {
        int failures;
        synchronized (this) {
            failures = failuresInARow;
        }
        if (failures > 0) {
            Thread.sleep(Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures, 10)));
        }
    }

    private void admit(OfficeProcess office) {
        synchronized (this) {
            starting--;
            failuresInARow = 0;
            if (!closed) {
                ready.addLast(office);
                notifyAll();
                log.atInfo()
                        .addKeyValue("office", office.number())
                        .addKeyValue("pid", office.process().pid())
                        .log("LibreOffice is ready");
                office.process().whenEnded(() -> inBackground(() -> dropIdle(office)));
                return;
            }
        }
        office.destroy();
    }

    private synchronized void noteFailure(Exception failure) {
        starting--;
        if (closed) {
            return;
        }
        failuresInARow++;
        lastFailure = failure;
        notifyAll();
        log.atError()
                .addKeyValue("failuresInARow", failuresInARow)
                .setCause(failure)
                .log("LibreOffice did not start; it is tried again after a pause that grows to 30 s");
    }

    private void dropIdle(OfficeProcess office) {
        synchronized (this) {
            if (closed || !ready.remove(office)) {
                return;
            }
        }
        log.atWarn().addKeyValue("office", office.number()).log("LibreOffice ended while idle; it is replaced");
        office.destroy();
        replenish();
    }

    /**
     * Takes the one that has waited longest, waiting for one if there is none.
     *
     * @throws IllegalStateException if the pool is closed
     */
    synchronized OfficeProcess take() throws InterruptedException {
        while (true) {
            if (closed) {
                throw new IllegalStateException("The engine is closed");
            }
            OfficeProcess office = ready.pollFirst();
            if (office == null) {
                wait();
            } else if (office.isWell()) {
                busy.add(office);
                return office;
            } else {
                inBackground(office::destroy);
                replenish();
            }
        }
    }

    /** Takes back one that served well; it is kept or replaced, the caller need not care which. */
    void giveBack(OfficeProcess office) {
        boolean kept;
        synchronized (this) {
            busy.remove(office);
            kept = !closed && office.isWell() && !(isWorn(office) && !ready.isEmpty() && starting == 0);
            if (kept) {
                ready.addLast(office);
                notifyAll();
            }
        }
        if (!kept) {
            log.atInfo()
                    .addKeyValue("office", office.number())
                    .addKeyValue("documents", office.documents())
                    .log("LibreOffice is replaced after its share of documents");
            inBackground(office::destroy);
            replenish();
        }
    }

    /** Replaces one that had a fault. Returns when nothing of it is left. */
    void discard(OfficeProcess office) {
        synchronized (this) {
            busy.remove(office);
        }
        replenish();
        office.destroy();
    }

    private void inBackground(Runnable action) {
        try {
            background.execute(action);
        } catch (RejectedExecutionException e) {
            // The pool is being closed, which ends all threads but the caller's.
            action.run();
        }
    }

    private boolean isWorn(OfficeProcess office) {
        return office.documents() >= documentsPerProcess || office.process().residentBytes() > residentMarkBytes;
    }

    /** Waits until all slots have a process. */
    synchronized void awaitReady() throws InterruptedException {
        while (ready.size() + busy.size() < slots) {
            if (closed) {
                throw new EngineUnavailableException("The engine is closed");
            }
            if (failuresInARow >= HOPELESS) {
                throw new EngineUnavailableException("LibreOffice does not start", lastFailure);
            }
            wait();
        }
    }

    synchronized int busy() {
        return busy.size();
    }

    synchronized int ready() {
        return ready.size();
    }

    /** Ends all processes and returns when nothing of them is left. */
    @Override
    public void close() {
        List<OfficeProcess> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(ready);
            all.addAll(busy);
            ready.clear();
            notifyAll();
        }
        background.shutdownNow();
        all.parallelStream().forEach(OfficeProcess::destroy);
        awaitBackground();
    }

    private void awaitBackground() {
        try {
            if (!background.awaitTermination(10, TimeUnit.SECONDS)) {
                log.warn("A LibreOffice that was just starting did not end in time; it ends with this process");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
