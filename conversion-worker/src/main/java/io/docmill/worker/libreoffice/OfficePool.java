package io.docmill.worker.libreoffice;

import io.docmill.worker.engine.EngineObserver;
import io.docmill.worker.engine.EngineUnavailableException;
import io.docmill.worker.engine.ProcessEnd;
import io.docmill.worker.engine.Tenant;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jodconverter.core.office.OfficeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps some LibreOffices more than there are slots. Whichever has waited longest takes the next document; one that is lost or
 * worn out is replaced in the background, while a spare takes its place. Where tenants are kept apart, a document gets one that had
 * its tenant's documents before, or else a fresh one.
 */
final class OfficePool implements OfficeSupply {

    private static final Logger log = LoggerFactory.getLogger(OfficePool.class);

    private final OfficeWorkplace workplace;
    private final int slots;
    private final Recycling recycling;
    private final EngineObserver observer;
    private final StartFailures failures = new StartFailures();
    private final BackgroundWork background = new BackgroundWork("office-pool");

    // All below is guarded by this.
    private final Deque<OfficeProcess> ready = new ArrayDeque<>();
    private final List<OfficeProcess> busy = new ArrayList<>();
    private final @Nullable OfficeProcess[] places;
    private int starting;
    private int started;
    private int waiting;
    private boolean closed;

    OfficePool(OfficeWorkplace workplace, LibreOfficeSettings settings, EngineObserver observer) {
        this.workplace = workplace;
        this.slots = settings.slots();
        this.recycling = settings.recycling();
        this.observer = observer;
        this.places = new OfficeProcess[settings.processes()];
        replenish();
    }

    /** Starts as many as are missing. */
    private synchronized void replenish() {
        while (!closed && ready.size() + busy.size() + starting < places.length) {
            starting++;
            int number = ++started;
            background.run(() -> startOne(number));
        }
    }

    private void startOne(int number) {
        try {
            failures.pause();
            long began = System.nanoTime();
            var office = OfficeProcess.start(workplace, number);
            admit(office, Duration.ofNanos(System.nanoTime() - began));
        } catch (IOException | OfficeException | RuntimeException e) {
            noteFailure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            noteFailure(e);
        }
        replenish();
    }

    private void admit(OfficeProcess office, Duration time) {
        synchronized (this) {
            starting--;
            failures.forget();
            if (!closed) {
                ready.addLast(office);
                exchange(null, office);
                notifyAll();
                log.atInfo()
                        .addKeyValue("office", office.number())
                        .addKeyValue("pid", office.process().pid())
                        .addKeyValue("startMs", time.toMillis())
                        .log("LibreOffice is ready");
                observer.processStarted(time);
                office.process().whenEnded(() -> background.run(() -> dropIdle(office)));
                return;
            }
        }
        office.retire();
    }

    private synchronized void noteFailure(Exception failure) {
        starting--;
        if (closed) {
            return;
        }
        failures.add(failure);
        notifyAll();
        observer.startFailed();
        log.atError()
                .addKeyValue("failuresInARow", failures.inARow())
                .setCause(failure)
                .log("LibreOffice did not start; it is tried again after a pause that grows to 30 s");
    }

    private void dropIdle(OfficeProcess office) {
        synchronized (this) {
            if (closed || !ready.remove(office)) {
                return;
            }
            leave(office, ProcessEnd.IDLE);
        }
        log.atWarn().addKeyValue("office", office.number()).log("LibreOffice ended while idle; it is replaced");
        office.destroy();
        replenish();
    }

    /** Puts one in the place of another; null stands for an empty place. */
    private synchronized void exchange(@Nullable OfficeProcess old, @Nullable OfficeProcess other) {
        for (int i = 0; i < places.length; i++) {
            if (places[i] == old) {
                places[i] = other;
                return;
            }
        }
    }

    /** One that was taken out of ready or busy is not coming back. */
    private synchronized void leave(OfficeProcess office, ProcessEnd end) {
        exchange(office, null);
        observer.processEnded(end, office.documents());
    }

    @Override
    public synchronized Office take(Tenant tenant) throws InterruptedException {
        while (true) {
            if (closed) {
                throw new IllegalStateException("The engine is closed");
            }
            OfficeProcess office = choose(tenant).orElse(null);
            if (office == null) {
                waiting++;
                try {
                    refresh();
                    wait();
                } finally {
                    waiting--;
                }
            } else if (!ready.remove(office)) {
                throw new AssertionError("what was chosen is ready");
            } else if (office.isWell()) {
                busy.add(office);
                office.serve(tenant);
                refresh();
                return new PooledOffice(this, office, workplace.sandbox());
            } else {
                leave(office, ProcessEnd.IDLE);
                background.run(office::destroy);
                replenish();
            }
        }
    }

    private synchronized Optional<OfficeProcess> choose(Tenant tenant) {
        if (!recycling.perTenant()) {
            return Optional.ofNullable(ready.peekFirst());
        }
        return ready.stream()
                .filter(office -> tenant.equals(office.tenant()))
                .findFirst()
                .or(() ->
                        ready.stream().filter(office -> office.tenant() == null).findFirst());
    }

    /** Where tenants are kept apart, sees that a fresh one is there or comes for whoever waits, and for the next one who is new. */
    private synchronized void refresh() {
        while (recycling.perTenant() && fresh() + starting < Math.max(1, waiting)) {
            Optional<OfficeProcess> longestUnused =
                    ready.stream().filter(office -> office.tenant() != null).findFirst();
            if (longestUnused.isEmpty()) {
                return;
            }
            ready.remove(longestUnused.get());
            replace(longestUnused.get(), ProcessEnd.OTHER_TENANT);
        }
    }

    private synchronized long fresh() {
        return recycling.perTenant()
                ? ready.stream().filter(office -> office.tenant() == null).count()
                : ready.size();
    }

    /** Takes back one that served well; it is kept or replaced, the caller need not care which. */
    synchronized void giveBack(OfficeProcess office) {
        busy.remove(office);
        if (closed) {
            leave(office, ProcessEnd.CLOSED);
            background.run(office::retire);
            return;
        }
        var end = office.isWell() ? wear(office) : Optional.of(ProcessEnd.IDLE);
        if (end.isPresent()) {
            replace(office, end.get());
            return;
        }
        ready.addLast(office);
        notifyAll();
        refresh();
    }

    /** Why it is replaced now that it could take another document; empty if it goes on. */
    private synchronized Optional<ProcessEnd> wear(OfficeProcess office) {
        if (fresh() == 0 || starting > 0) {
            return Optional.empty();
        }
        if (office.documents() >= recycling.documents()) {
            return Optional.of(ProcessEnd.WORN_DOCUMENTS);
        }
        if (office.process().memory().residentBytes() > recycling.residentMarkBytes()) {
            return Optional.of(ProcessEnd.WORN_MEMORY);
        }
        boolean old = office.process().processorTime().compareTo(recycling.processorMark()) > 0;
        return old ? Optional.of(ProcessEnd.WORN_PROCESSOR_TIME) : Optional.empty();
    }

    private synchronized void replace(OfficeProcess office, ProcessEnd end) {
        leave(office, end);
        log.atInfo()
                .addKeyValue("office", office.number())
                .addKeyValue("reason", end.label())
                .addKeyValue("documents", office.documents())
                .log("LibreOffice is replaced; a spare takes its place");
        background.run(office::retire);
        replenish();
    }

    /** Replaces one that had a fault. Returns when nothing of it is left. */
    void discard(OfficeProcess office, ProcessEnd end) {
        synchronized (this) {
            busy.remove(office);
            leave(office, end);
        }
        replenish();
        office.destroy();
    }

    @Override
    public synchronized void awaitReady() throws InterruptedException {
        while (ready.size() + busy.size() < slots) {
            if (closed) {
                throw new EngineUnavailableException("The engine is closed");
            }
            if (failures.areHopeless()) {
                throw new EngineUnavailableException("LibreOffice does not start", failures.last());
            }
            wait();
        }
    }

    @Override
    public synchronized int busy() {
        return busy.size();
    }

    @Override
    public synchronized int ready() {
        return ready.size();
    }

    @Override
    public synchronized int starting() {
        return starting;
    }

    @Override
    public int processes() {
        return places.length;
    }

    @Override
    public long residentBytes(int process) {
        OfficeProcess office;
        synchronized (this) {
            office = places[process];
        }
        return office == null ? 0 : office.process().memory().residentBytes();
    }

    @Override
    public void close() {
        List<OfficeProcess> all;
        synchronized (this) {
            closed = true;
            all = new ArrayList<>(ready);
            ready.forEach(office -> leave(office, ProcessEnd.CLOSED));
            all.addAll(busy);
            ready.clear();
            notifyAll();
        }
        all.parallelStream().forEach(OfficeProcess::retire);
        background.close();
    }
}
