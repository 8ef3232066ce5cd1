package io.docmill.worker.libreoffice;

import io.docmill.platform.files.PrivateDirectory;
import io.docmill.worker.engine.ConversionEngine;
import io.docmill.worker.engine.ConversionLimits;
import io.docmill.worker.engine.ConversionRun;
import io.docmill.worker.engine.EngineObserver;
import io.docmill.worker.engine.EngineStatus;
import io.docmill.worker.engine.EngineUnavailableException;
import io.docmill.worker.engine.Tenant;
import io.docmill.worker.plan.ConversionPlan;
import io.docmill.worker.sandbox.ProcessLauncher;
import io.docmill.worker.sandbox.SlotDirectory;
import io.docmill.worker.sandbox.SlotQuota;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
 * LibreOffice processes that live for many documents, each in a sandbox of its own, driven over UNO. One or some more than there are
 * slots are kept: such a spare takes over at once when another is lost or worn out.
 */
public final class JodConverterEngine implements ConversionEngine {

    private static final Logger log = LoggerFactory.getLogger(JodConverterEngine.class);
    private static final long WATCH_EVERY_MILLIS = 100;

    /** sun_path of unix(7) holds 108 bytes with the closing zero; below the work directory come up to 37. */
    private static final int LONGEST_WORK_DIRECTORY = 70;

    private final JodConverterSettings settings;
    private final String sandbox;
    private final FileChannel lock;
    private final ProcessLauncher launcher;
    private final OfficeWorkplace workplace;
    private final StepRunner steps;
    private final OfficePool pool;
    private final SlotQuota quota;
    private final FaultClassifier faults;
    private final Semaphore slots;
    private final Set<DocumentRun> runs = ConcurrentHashMap.newKeySet();
    private final AtomicInteger threads = new AtomicInteger();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("conversion-watch").factory());
    private volatile boolean closed;

    private JodConverterEngine(
            JodConverterSettings settings,
            FileChannel lock,
            OfficeWorkplace workplace,
            Programs programs,
            String sandbox,
            EngineObserver observer)
            throws IOException {
        this.settings = settings;
        this.sandbox = sandbox;
        this.lock = lock;
        this.launcher = workplace.launcher();
        this.workplace = workplace;
        this.steps = new StepRunner(workplace.sandbox(), launcher, programs);
        this.quota = quota(settings);
        this.faults = new FaultClassifier(settings.resourceLimits(), quota);
        this.pool = new OfficePool(workplace, settings, observer);
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
        return start(settings, EngineObserver.NONE);
    }

    /**
     * The same.
     *
     * @param observer is told what becomes of the processes
     */
    public static JodConverterEngine start(JodConverterSettings settings, EngineObserver observer) {
        return start(settings, observer, ProfileTemplate.hardenedSettings());
    }

    /** Starts with another profile, for tests that look at one wall alone. */
    static JodConverterEngine start(JodConverterSettings settings, EngineObserver observer, byte[] profileSettings) {
        var work = settings.workDirectory();
        var lock = lock(work);
        var launcher = new ProcessLauncher();
        try {
            SlotDirectory.removeTree(work.resolve("slots"));
            var programs = Programs.find();
            OfficeInstallation.requireParts(settings.officeHome());
            var selection = SandboxSelection.choose(settings, launcher);
            var sandbox = selection.sandbox();
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
            return new JodConverterEngine(settings, lock, workplace, programs, selection.description(), observer);
        } catch (IOException e) {
            abandon(launcher, lock);
            throw unusable(e);
        } catch (RuntimeException e) {
            abandon(launcher, lock);
            throw e;
        }
    }

    /** On a small disk a slot may not have so much that it could fill it alone: then a full disk is the fault of nobody. */
    private static SlotQuota quota(JodConverterSettings settings) throws IOException {
        long disk = Files.getFileStore(settings.workDirectory()).getTotalSpace();
        var quota = settings.slotQuota().atMost(disk / (settings.processes() + 1));
        log.atInfo()
                .addKeyValue("bytes", quota.bytes())
                .addKeyValue("files", quota.files())
                .log("What a slot may have on disk");
        return quota;
    }

    private static void abandon(ProcessLauncher launcher, FileChannel lock) {
        launcher.close();
        unlock(lock);
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
                settings.slots(), busy, Math.min(free, ready), pool.starting(), Math.max(0, ready - free), sandbox);
    }

    @Override
    public int processes() {
        return settings.processes();
    }

    @Override
    public long residentBytes(int process) {
        return pool.residentBytes(process - 1);
    }

    @Override
    public ConversionRun start(ConversionPlan plan, ConversionLimits limits, Tenant tenant) {
        if (closed) {
            throw new IllegalStateException("The engine is closed");
        }
        var run = new DocumentRun(plan, limits, tenant, quota, faults);
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
