package io.docmill.worker.libreoffice;

import io.docmill.worker.engine.EngineObserver;
import io.docmill.worker.engine.EngineUnavailableException;
import io.docmill.worker.engine.ProcessEnd;
import io.docmill.worker.engine.Tenant;
import io.docmill.worker.forkserver.ForkServer;
import io.docmill.worker.libreoffice.ForkServerSettings.Isolation;
import io.docmill.worker.libreoffice.ForkSlot.KeptChild;
import io.docmill.worker.sandbox.SlotDirectory;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Places for children, some more than there are slots, so that one is free while another is still cleaned up, and the fork server
 * that the children come from. A server that is old is replaced behind the back of the documents, one that is lost at once.
 */
final class ForkedOffices implements OfficeSupply {

    private static final Logger log = LoggerFactory.getLogger(ForkedOffices.class);

    /** Who waits for a server looks so often whether it still should. */
    private static final long LOOK_EVERY_MILLIS = 50;

    private final ForkServers servers;
    private final ForkServerSettings settings;
    private final EngineObserver observer;
    private final StartFailures failures = new StartFailures();
    private final BackgroundWork background = new BackgroundWork("forked-offices");

    // All below is guarded by this.
    private final Deque<ForkSlot> free = new ArrayDeque<>();
    private final List<ForkedOffice> busy = new ArrayList<>();
    private final List<ForkSlot> all;
    private @Nullable ForkServer server;
    private boolean starting;
    private boolean closed;

    /**
     * Begins with a server that is there.
     *
     * @param places that are free
     */
    ForkedOffices(
            ForkServers servers,
            LibreOfficeSettings settings,
            ForkServer first,
            List<ForkSlot> places,
            EngineObserver observer) {
        this.servers = servers;
        this.settings = settings.forkServer();
        this.observer = observer;
        this.all = List.copyOf(places);
        free.addAll(places);
        admit(first);
    }

    private synchronized void admit(ForkServer started) {
        server = started;
        notifyAll();
        log.atInfo()
                .addKeyValue("pid", started.pid())
                .addKeyValue("startMs", started.age().toMillis())
                .log("The fork server is ready");
        observer.processStarted(started.age());
        started.whenEnded(() -> background.run(() -> noteEnd(started)));
    }

    /** Starts another server unless one is being started. */
    private synchronized void startAnother() {
        if (!closed && !starting) {
            starting = true;
            background.run(this::startOne);
        }
    }

    private void startOne() {
        try {
            failures.pause();
            var started = servers.start();
            failures.forget();
            take(started);
        } catch (IOException | RuntimeException | Error e) {
            // Whatever it is: without a note nobody would try again.
            noteFailure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            noteFailure(e);
        }
    }

    /** Puts a new server in the place of the present one, if there is one. */
    private void take(ForkServer started) {
        @Nullable ForkServer old;
        synchronized (this) {
            starting = false;
            old = closed ? started : server;
            if (!closed) {
                admit(started);
            }
        }
        if (old != null) {
            old.retire();
        }
    }

    private void noteFailure(Throwable failure) {
        synchronized (this) {
            starting = false;
            if (closed) {
                return;
            }
            failures.add(failure);
            notifyAll();
        }
        observer.startFailed();
        log.atError()
                .addKeyValue("failuresInARow", failures.inARow())
                .setCause(failure)
                .log("The fork server did not start; it is tried again after a pause that grows to 30 s");
        startAnother();
    }

    /** One has ended: by itself, or because it was retired or closed. */
    private void noteEnd(ForkServer ended) {
        boolean lost;
        synchronized (this) {
            lost = !closed && server == ended;
            if (server == ended) {
                server = null;
            }
        }
        if (lost) {
            log.atWarn()
                    .addKeyValue("pid", ended.pid())
                    .log("The fork server ended by itself, and its LibreOffices with it; another one is started");
            observer.processEnded(ProcessEnd.SERVER_LOST, ended.jobs());
            startAnother();
        }
        servers.remove(ended);
    }

    /** Replaces a server that has had its share, behind the documents that it has. */
    private void renewIfOld(ForkServer present) {
        ProcessEnd end;
        if (present.jobs() >= settings.documents()) {
            end = ProcessEnd.WORN_DOCUMENTS;
        } else if (present.age().compareTo(settings.age()) >= 0) {
            end = ProcessEnd.WORN_AGE;
        } else {
            return;
        }
        synchronized (this) {
            if (closed || starting || server != present) {
                return;
            }
            startAnother();
        }
        log.atInfo()
                .addKeyValue("pid", present.pid())
                .addKeyValue("reason", end.label())
                .addKeyValue("documents", present.jobs())
                .log("The fork server is replaced as soon as another one is ready");
        observer.processEnded(end, present.jobs());
    }

    /**
     * The server that takes jobs, waiting for it where it is being replaced after a loss.
     *
     * @param stopped asked again and again, whether the wait shall end
     * @return empty if the wait was ended
     */
    Optional<ForkServer> awaitServer(BooleanSupplier stopped) {
        ForkServer present;
        synchronized (this) {
            while (server == null || !server.isAlive()) {
                if (closed || stopped.getAsBoolean()) {
                    return Optional.empty();
                }
                try {
                    wait(LOOK_EVERY_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return Optional.empty();
                }
            }
            present = server;
        }
        renewIfOld(present);
        return Optional.of(present);
    }

    /** Whether a child shall stay for a document after the one that it is given now; it is null if there is none yet. */
    boolean mayKeep(@Nullable KeptChild child) {
        if (settings.isolation() == Isolation.DOCUMENT) {
            return false;
        }
        return child == null
                ? settings.scopeDocuments() > 1
                : child.documents() + 1 < settings.scopeDocuments()
                        && timeLeft(child).isPositive();
    }

    private Duration timeLeft(KeptChild child) {
        return settings.scopeTime().minusNanos(System.nanoTime() - child.since());
    }

    @Override
    public Office take(Tenant tenant) throws InterruptedException {
        ForkedOffice office;
        synchronized (this) {
            while (!closed && (free.isEmpty() || server == null)) {
                wait();
            }
            if (closed) {
                throw new IllegalStateException("The engine is closed");
            }
            ForkSlot place = choose(tenant);
            free.remove(place);
            office = new ForkedOffice(this, place, tenant);
            busy.add(office);
        }
        if (office.place().kept() != null && !office.place().isKeptFor(tenant)) {
            endKept(office.place());
        }
        return office;
    }

    /** The place whose child had documents of this tenant, or else the one that has been free for longest. */
    private synchronized ForkSlot choose(Tenant tenant) {
        return free.stream()
                .filter(place -> place.isKeptFor(tenant))
                .findFirst()
                .or(() -> free.stream().filter(place -> place.kept() == null).findFirst())
                .orElseGet(free::getFirst);
    }

    /** Gives the place another directory, and user: what the child did there since it was emptied is not to be met by others. */
    private void endKept(ForkSlot place) {
        var kept = place.kept();
        if (kept != null) {
            ForkedOffice.end(kept.child());
            replace(place);
        }
    }

    /** Takes back one that served well. Its place is free again once it is empty. */
    void giveBack(ForkedOffice office) {
        background.run(() -> {
            var stays = office.stays();
            try {
                if (stays == null) {
                    office.end();
                }
                if (empty(office.place())) {
                    office.place().keep(stays);
                } else {
                    office.end();
                    replace(office.place());
                    stays = null;
                }
            } finally {
                free(office);
            }
            if (stays != null) {
                expire(office.place(), stays);
            }
        });
    }

    private static boolean empty(ForkSlot place) {
        try {
            place.directory().empty();
            place.directory().shortenLog();
            return true;
        } catch (IOException | RuntimeException | StackOverflowError e) {
            // The last one where directories were nested without end.
            log.atWarn()
                    .addKeyValue("office", place.number())
                    .setCause(e)
                    .log("The files of a document could not be removed; the next one gets another directory");
            return false;
        }
    }

    private void replace(ForkSlot place) {
        remove(place.directory());
        try {
            var fresh = servers.createSlot();
            synchronized (this) {
                place.moveTo(fresh);
                if (!closed) {
                    return;
                }
            }
            remove(fresh);
        } catch (IOException e) {
            log.atError()
                    .addKeyValue("office", place.number())
                    .setCause(e)
                    .log("There is no directory for the next document; look at the disk of the work directory");
        }
    }

    private static void remove(SlotDirectory directory) {
        try {
            directory.remove();
        } catch (IOException | RuntimeException | StackOverflowError e) {
            log.atWarn()
                    .addKeyValue("directory", directory.root())
                    .setCause(e)
                    .log("Files of a document could not be removed; the next start of the worker removes them");
        }
    }

    private synchronized void free(ForkedOffice office) {
        busy.remove(office);
        free(office.place());
    }

    private synchronized void free(ForkSlot place) {
        free.addLast(place);
        notifyAll();
    }

    /** A child that nobody needs any more holds what its documents left in memory. */
    private void expire(ForkSlot place, KeptChild child) {
        var delay = Math.max(0, timeLeft(child).toMillis());
        CompletableFuture.delayedExecutor(delay, TimeUnit.MILLISECONDS).execute(() -> {
            synchronized (this) {
                if (!child.equals(place.kept()) || !free.remove(place)) {
                    return;
                }
            }
            background.run(() -> {
                try {
                    endKept(place);
                } finally {
                    free(place);
                }
            });
        });
    }

    /** Takes back one that had a fault, and gives its place a new directory. Returns when nothing of it is left. */
    void discard(ForkedOffice office, ProcessEnd end) {
        observer.processEnded(end, 1);
        try {
            office.end();
            replace(office.place());
        } finally {
            free(office);
        }
    }

    @Override
    public synchronized void awaitReady() throws InterruptedException {
        while (server == null) {
            if (closed) {
                throw new EngineUnavailableException("The engine is closed");
            }
            if (failures.areHopeless()) {
                throw new EngineUnavailableException("The fork server does not start", failures.last());
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
        return server == null ? 0 : free.size();
    }

    @Override
    public synchronized int starting() {
        return starting ? 1 : 0;
    }

    /** The server, and a child in each place. */
    @Override
    public int processes() {
        return 1 + all.size();
    }

    @Override
    public long residentBytes(int process) {
        ForkServer present;
        synchronized (this) {
            present = server;
            if (process > 0) {
                return busy.stream()
                        .filter(office -> office.number() == process)
                        .findFirst()
                        .map(ForkedOffice::residentBytes)
                        .orElse(0L);
            }
        }
        return present == null ? 0 : present.residentBytes();
    }

    @Override
    public void close() {
        ForkServer last;
        synchronized (this) {
            closed = true;
            last = server;
            notifyAll();
        }
        if (last != null) {
            observer.processEnded(ProcessEnd.CLOSED, last.jobs());
        }
        servers.close();
        background.close();
        synchronized (this) {
            all.forEach(place -> remove(place.directory()));
        }
    }
}
