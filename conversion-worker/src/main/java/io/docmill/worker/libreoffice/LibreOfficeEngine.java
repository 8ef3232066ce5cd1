package io.docmill.worker.libreoffice;

import io.docmill.worker.engine.ConversionEngine;
import io.docmill.worker.engine.ConversionLimits;
import io.docmill.worker.engine.ConversionRun;
import io.docmill.worker.engine.EngineStatus;
import io.docmill.worker.engine.EngineStatus.EngineKind;
import io.docmill.worker.engine.Tenant;
import io.docmill.worker.plan.ConversionPlan;
import io.docmill.worker.sandbox.SlotQuota;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
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
 * LibreOffices that convert one document at a time each, in a sandbox: slots, limits, and the watch over them. Where the
 * LibreOffices come from is what the two kinds differ in.
 */
public abstract sealed class LibreOfficeEngine implements ConversionEngine
        permits JodConverterEngine, ForkServerEngine {

    private static final Logger log = LoggerFactory.getLogger(LibreOfficeEngine.class);
    private static final long WATCH_EVERY_MILLIS = 100;

    private final int slotCount;
    private final OfficeWorkplace workplace;
    private final StepRunner steps;
    private final OfficeSupply offices;
    private final EngineKind kind;
    private final String passedOver;
    private final String sandbox;
    private final SlotQuota quota;
    private final FaultClassifier faults;
    private final Semaphore slots;
    private final Set<DocumentRun> runs = ConcurrentHashMap.newKeySet();
    private final AtomicInteger threads = new AtomicInteger();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("conversion-watch").factory());
    private volatile boolean closed;

    /**
     * Takes over a workplace and a supply; both end with this.
     *
     * @param passedOver why another kind is not used, for people; empty if this is what was wanted
     * @param sandbox what keeps documents in, for people
     */
    LibreOfficeEngine(
            LibreOfficeSettings settings,
            OfficeWorkplace workplace,
            OfficeSupply offices,
            EngineKind kind,
            String passedOver,
            String sandbox) {
        this.slotCount = settings.slots();
        this.workplace = workplace;
        this.steps = new StepRunner(workplace.sandbox(), workplace.launcher(), workplace.programs());
        this.offices = offices;
        this.kind = kind;
        this.passedOver = passedOver;
        this.sandbox = sandbox;
        this.quota = quota(settings);
        this.faults = new FaultClassifier(settings.resourceLimits(), quota);
        this.slots = new Semaphore(settings.slots(), true);
        var scheduled = watch.scheduleWithFixedDelay(
                this::watchRuns, WATCH_EVERY_MILLIS, WATCH_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        log.atDebug().log("Watching runs: {}", scheduled);
    }

    /** On a small disk a slot may not have so much that it could fill it alone: then a full disk is the fault of nobody. */
    private static SlotQuota quota(LibreOfficeSettings settings) {
        long disk;
        try {
            disk = Files.getFileStore(settings.workDirectory()).getTotalSpace();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var quota = settings.slotQuota().atMost(disk / (settings.processes() + 1));
        log.atInfo()
                .addKeyValue("bytes", quota.bytes())
                .addKeyValue("files", quota.files())
                .log("What a slot may have on disk");
        return quota;
    }

    @Override
    public String description() {
        return "LibreOffice " + version();
    }

    @Override
    public String version() {
        return workplace.version();
    }

    @Override
    public int slots() {
        return slotCount;
    }

    @Override
    public void awaitReady() throws InterruptedException {
        offices.awaitReady();
    }

    @Override
    public EngineStatus status() {
        int busy = offices.busy();
        int ready = offices.ready();
        int free = Math.max(0, slotCount - busy);
        return new EngineStatus(
                slotCount,
                Math.min(busy, slotCount),
                Math.min(free, ready),
                offices.starting(),
                Math.max(0, ready - free),
                kind,
                passedOver,
                sandbox);
    }

    @Override
    public int processes() {
        return offices.processes();
    }

    @Override
    public long residentBytes(int process) {
        return offices.residentBytes(process - 1);
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
            run.run(slots, offices, steps);
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
        offices.close();
        watch.shutdownNow();
        workplace.close();
    }
}
