package io.docmill.worker.libreoffice;

import io.docmill.platform.files.PrivateDirectory;
import io.docmill.worker.engine.ConversionEngine;
import io.docmill.worker.engine.ConversionLimits;
import io.docmill.worker.engine.ConversionRun;
import io.docmill.worker.engine.EngineStatus;
import io.docmill.worker.engine.EngineUnavailableException;
import io.docmill.worker.plan.ConversionPlan;
import io.docmill.worker.sandbox.BubblewrapSandbox;
import io.docmill.worker.sandbox.NoSandbox;
import io.docmill.worker.sandbox.ProcessLauncher;
import io.docmill.worker.sandbox.Sandbox;
import io.docmill.worker.sandbox.SandboxProbe;
import io.docmill.worker.sandbox.SandboxUnavailableException;
import io.docmill.worker.sandbox.SlotDirectory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * LibreOffice processes that live for many documents, each in a sandbox of its own, driven over UNO. One more than there are
 * slots is kept: it takes over at once when another is lost or worn out.
 */
public final class JodConverterEngine implements ConversionEngine {

    private static final Logger log = LoggerFactory.getLogger(JodConverterEngine.class);
    private static final long WATCH_EVERY_MILLIS = 100;

    /** sun_path of unix(7) holds 108 bytes with the closing zero; below the work directory come up to 37. */
    private static final int LONGEST_WORK_DIRECTORY = 70;

    private final JodConverterSettings settings;
    private final FileChannel lock;
    private final ProcessLauncher launcher;
    private final OfficeWorkplace workplace;
    private final StepRunner steps;
    private final OfficePool pool;
    private final Semaphore slots;
    private final Set<DocumentRun> runs = ConcurrentHashMap.newKeySet();
    private final AtomicInteger threads = new AtomicInteger();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("conversion-watch").factory());
    private volatile boolean closed;

    private JodConverterEngine(
            JodConverterSettings settings, FileChannel lock, OfficeWorkplace workplace, Programs programs) {
        this.settings = settings;
        this.lock = lock;
        this.launcher = workplace.launcher();
        this.workplace = workplace;
        this.steps = new StepRunner(workplace.sandbox(), launcher, programs);
        this.pool = new OfficePool(workplace, settings);
        this.slots = new Semaphore(settings.slots(), true);
        var scheduled = watch.scheduleWithFixedDelay(
                this::watchRuns, WATCH_EVERY_MILLIS, WATCH_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        log.atDebug().log("Watching runs: {}", scheduled);
    }

    /**
     * Checks LibreOffice, proves the sandbox, makes the profile template if there is none yet, and begins to start processes;
     * {@link #awaitReady()} tells when they are there.
     *
     * @throws EngineUnavailableException if something is missing; the message says what to install or to configure
     */
    public static JodConverterEngine start(JodConverterSettings settings) {
        return start(settings, ProfileTemplate.hardenedSettings());
    }

    /** Starts with another profile, for tests that look at one wall alone. */
    static JodConverterEngine start(JodConverterSettings settings, byte[] profileSettings) {
        var work = settings.workDirectory();
        var lock = lock(work);
        var launcher = new ProcessLauncher();
        try {
            SlotDirectory.removeTree(work.resolve("slots"));
            boolean walls = settings.sandbox() == JodConverterSettings.SandboxChoice.BUBBLEWRAP;
            var programs = Programs.find(walls);
            OfficeInstallation.requireParts(settings.officeHome());
            var sandbox = sandbox(settings, programs, launcher);
            var office =
                    OfficeInstallation.inspect(settings.officeHome(), sandbox, launcher, work.resolve("slots/version"));
            var template = ProfileTemplate.prepare(
                    office,
                    profileSettings,
                    sandbox,
                    launcher,
                    work.resolve("profiles"),
                    work.resolve("slots/template"));
            var workplace = new OfficeWorkplace(office, template, sandbox, launcher, work.resolve("slots"));
            return new JodConverterEngine(settings, lock, workplace, programs);
        } catch (IOException e) {
            abandon(launcher, lock);
            throw unusable(e);
        } catch (SandboxUnavailableException e) {
            abandon(launcher, lock);
            throw new EngineUnavailableException(String.valueOf(e.getMessage()), e);
        } catch (RuntimeException e) {
            abandon(launcher, lock);
            throw e;
        }
    }

    private static void abandon(ProcessLauncher launcher, FileChannel lock) {
        launcher.close();
        unlock(lock);
    }

    private static Sandbox sandbox(JodConverterSettings settings, Programs programs, ProcessLauncher launcher) {
        return switch (settings.sandbox()) {
            case BUBBLEWRAP -> {
                var home = settings.officeHome();
                List<Path> readable = home.startsWith("/usr") ? List.of() : List.of(home);
                var sandbox = new BubblewrapSandbox(
                        programs.bubblewrap(), programs.prlimit(), settings.resourceLimits(), readable);
                new SandboxProbe(launcher)
                        .verify(sandbox, settings.workDirectory().resolve("slots/probe"));
                yield sandbox;
            }
            case NONE -> {
                log.warn("LibreOffice runs without a sandbox, as configured:"
                        + " documents can reach the network and the files of this process");
                yield new NoSandbox(programs.env(), programs.prlimit(), settings.resourceLimits());
            }
        };
    }

    private static FileChannel lock(Path work) {
        if (work.toString().getBytes(StandardCharsets.UTF_8).length > LONGEST_WORK_DIRECTORY) {
            throw new EngineUnavailableException("The path of the work directory is too long for Unix sockets: " + work
                    + " has more than " + LONGEST_WORK_DIRECTORY + " bytes. Configure a shorter one.");
        }
        try {
            PrivateDirectory.claim(work);
            var channel =
                    FileChannel.open(work.resolve("engine.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                throw new OverlappingFileLockException();
            }
            return channel;
        } catch (OverlappingFileLockException e) {
            throw new EngineUnavailableException(
                    "Another engine uses the work directory " + work + ": give each worker its own", e);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private static EngineUnavailableException unusable(IOException e) {
        return new EngineUnavailableException("The work directory cannot be used: " + e, e);
    }

    private static void unlock(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            log.debug("The lock ends with the process", e);
        }
    }

    @Override
    public String description() {
        return "LibreOffice " + version();
    }

    @Override
    public String version() {
        return workplace.office().version();
    }

    @Override
    public int slots() {
        return settings.slots();
    }

    @Override
    public void awaitReady() throws InterruptedException {
        pool.awaitReady();
    }

    @Override
    public EngineStatus status() {
        int busy = pool.busy();
        int ready = pool.ready();
        int free = settings.slots() - busy;
        return new EngineStatus(
                settings.slots(),
                busy,
                Math.min(free, ready),
                ready > free,
                workplace.sandbox().name());
    }

    @Override
    public ConversionRun start(ConversionPlan plan, ConversionLimits limits) {
        if (closed) {
            throw new IllegalStateException("The engine is closed");
        }
        var run = new DocumentRun(plan, limits);
        runs.add(run);
        // A platform thread: UNO remembers the threads that call it.
        Thread.ofPlatform()
                .daemon()
                .name("conversion-" + threads.incrementAndGet())
                .start(() -> run(run));
        return run;
    }

    private void run(DocumentRun run) {
        try {
            run.run(slots, pool, steps);
        } finally {
            runs.remove(run);
        }
    }

    private void watchRuns() {
        for (DocumentRun run : runs) {
            try {
                run.watch();
            } catch (RuntimeException | Error e) {
                // One that got out would end the watch for good.
                log.atError().setCause(e).log("A run could not be watched; its limits may pass unseen");
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        runs.forEach(DocumentRun::kill);
        pool.close();
        watch.shutdownNow();
        launcher.close();
        unlock(lock);
    }
}
