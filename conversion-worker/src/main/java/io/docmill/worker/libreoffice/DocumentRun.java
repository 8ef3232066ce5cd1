package io.docmill.worker.libreoffice;

import io.docmill.model.document.DocumentFormat;
import io.docmill.worker.engine.ConversionLimits;
import io.docmill.worker.engine.ConversionRun;
import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.engine.EngineUsage;
import io.docmill.worker.engine.ProcessEnd;
import io.docmill.worker.engine.Tenant;
import io.docmill.worker.plan.ConversionPlan;
import io.docmill.worker.plan.ConversionStep.LibreOfficeStep;
import io.docmill.worker.plan.ConversionStep.SanitiseHtmlStep;
import io.docmill.worker.sandbox.MeasuredProcess;
import io.docmill.worker.sandbox.SlotQuota;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One document on its way through one LibreOffice. A thread of its own does the work; whoever stops it ends the process that
 * works, or interrupts the thread where none does, upon which the thread finds its call broken and tells why.
 */
final class DocumentRun implements ConversionRun {

    private static final Logger log = LoggerFactory.getLogger(DocumentRun.class);

    /** Why a run was stopped. */
    private enum Stop {
        TIME,
        MEMORY,
        OUTPUT,
        KILL
    }

    private final ConversionPlan plan;
    private final ConversionLimits limits;
    private final Tenant tenant;
    private final SlotQuota quota;
    private final FaultClassifier faults;
    private final CompletableFuture<EngineOutcome> outcome = new CompletableFuture<>();

    // Guarded by this.
    private @Nullable Stop stop;
    private @Nullable Thread waiting;
    private @Nullable MeasuredProcess working;
    private @Nullable RunMeter meter;
    private @Nullable QuotaWatch files;
    private long deadline = Long.MAX_VALUE;

    DocumentRun(ConversionPlan plan, ConversionLimits limits, Tenant tenant, SlotQuota quota, FaultClassifier faults) {
        this.plan = plan;
        this.limits = limits;
        this.tenant = tenant;
        this.quota = quota;
        this.faults = faults;
    }

    @Override
    public EngineOutcome await() throws InterruptedException {
        try {
            return outcome.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("The conversion failed for a reason outside of the document", e.getCause());
        }
    }

    @Override
    public void kill() {
        stop(Stop.KILL);
    }

    /** Called again and again while the run is under way; stops it when it is past a limit. */
    void watch() {
        MeasuredProcess process;
        RunMeter current;
        QuotaWatch currentFiles;
        boolean late;
        synchronized (this) {
            process = working;
            current = meter;
            currentFiles = files;
            if (current == null || currentFiles == null || stop != null) {
                return;
            }
            late = System.nanoTime() - deadline >= 0;
        }
        if (late) {
            stop(Stop.TIME);
        } else if (process != null && isPastMemory(current.sample(process), current)) {
            stop(Stop.MEMORY);
        } else if (currentFiles.isPassed()) {
            stop(Stop.OUTPUT);
        }
    }

    private boolean isPastMemory(long resident, RunMeter current) {
        return resident > limits.residentBytes() || faults.isOutOfAddressSpace(current);
    }

    private synchronized boolean hasStopped() {
        return stop != null;
    }

    private synchronized void stop(Stop reason) {
        if (stop != null || outcome.isDone()) {
            return;
        }
        stop = reason;
        if (waiting != null) {
            waiting.interrupt();
        }
        if (working != null) {
            end(working);
        }
    }

    private static void end(MeasuredProcess process) {
        Thread.ofPlatform().daemon().name("process-end-" + process.pid()).start(process::kill);
    }

    /** Does the work; called once, by the run's own thread. */
    void run(Semaphore slots, OfficeSupply offices, StepRunner steps) {
        if (!takeSlot(slots)) {
            outcome.complete(new EngineOutcome.Killed(EngineUsage.NONE));
            return;
        }
        // The slot is free before the outcome is known, so that who waits for it can start the next one at once.
        Runnable answer;
        try {
            EngineOutcome ended = run(offices, steps);
            answer = () -> complete(ended);
        } catch (Throwable e) {
            // Whatever it is, an OutOfMemoryError too: without an outcome whoever waits for it would wait for ever.
            answer = () -> outcome.completeExceptionally(e);
        } finally {
            slots.release();
        }
        answer.run();
    }

    private EngineOutcome run(OfficeSupply offices, StepRunner steps) throws IOException, InterruptedException {
        Office office = take(offices);
        return office == null ? new EngineOutcome.Killed(EngineUsage.NONE) : convert(office, steps);
    }

    private synchronized void complete(EngineOutcome ended) {
        working = null;
        outcome.complete(ended);
    }

    private boolean takeSlot(Semaphore slots) {
        if (!beginToWait()) {
            return false;
        }
        try {
            slots.acquire();
            return true;
        } catch (InterruptedException e) {
            log.debug("The run ended before it had a slot", e);
            return false;
        }
    }

    /** From now on a stop interrupts this thread; false if it came before. */
    private synchronized boolean beginToWait() {
        waiting = Thread.currentThread();
        return stop == null;
    }

    /** From now on a stop ends the process that works; one that came just before is found there. */
    private synchronized void endToWait() {
        waiting = null;
        if (Thread.interrupted()) {
            log.debug("The run was stopped just as it went on");
        }
    }

    /** Waits for a process; null if the run was killed meanwhile, or the engine closed. */
    private @Nullable Office take(OfficeSupply offices) {
        try {
            Office office = offices.take(tenant);
            endToWait();
            return office;
        } catch (InterruptedException | IllegalStateException e) {
            log.debug("The run ended before it had a slot", e);
            return null;
        }
    }

    private EngineOutcome convert(Office office, StepRunner steps) throws IOException, InterruptedException {
        var runMeter = new RunMeter(office.number());
        long logBegin = office.slot().logLength();
        var quotaWatch = new QuotaWatch(office.slot(), quota);
        synchronized (this) {
            meter = runMeter;
            files = quotaWatch;
            deadline = System.nanoTime() + limits.time().toNanos();
        }
        @Nullable EngineOutcome ended = null;
        try {
            ended = attempt(office, steps, runMeter, quotaWatch, logBegin);
            return ended;
        } finally {
            release(office, ended);
        }
    }

    private EngineOutcome attempt(
            Office office, StepRunner steps, RunMeter runMeter, QuotaWatch quotaWatch, long logBegin)
            throws IOException, InterruptedException {
        try {
            StepResult result = convert(office, steps, runMeter);
            var pages = result instanceof StepResult.Done(Path file) ? deliver(file) : OptionalInt.empty();
            var outcome = outcome(result, pages, runMeter.usage());
            return switch (outcome) {
                case EngineOutcome.Crashed _, EngineOutcome.LoadRefused _, EngineOutcome.StoreRefused _ ->
                    explain(outcome, office, runMeter, quotaWatch, logBegin);
                case EngineOutcome.Converted _,
                        EngineOutcome.TimedOut _,
                        EngineOutcome.MemoryExceeded _,
                        EngineOutcome.OutputTooLarge _,
                        EngineOutcome.NoRoom _,
                        EngineOutcome.Killed _ -> outcome;
            };
        } catch (IOException e) {
            // This process itself could not write: the document into the slot, or the result out of it.
            if (!quotaWatch.diskWasFull()) {
                throw e;
            }
            log.debug("There is no room for the document or its result", e);
            return new EngineOutcome.NoRoom(runMeter.usage());
        }
    }

    /** What nobody stopped may still have been stopped by the kernel, or by a full disk. */
    private EngineOutcome explain(
            EngineOutcome outcome, Office office, RunMeter runMeter, QuotaWatch quotaWatch, long logBegin)
            throws IOException {
        var usage = outcome.usage();
        boolean lost = outcome instanceof EngineOutcome.Crashed;
        return switch (faults.classify(office, lost, runMeter, quotaWatch, logBegin, limits.time())) {
            case OUTPUT -> new EngineOutcome.OutputTooLarge(quota.bytes(), usage);
            case NO_ROOM -> new EngineOutcome.NoRoom(usage);
            case MEMORY -> new EngineOutcome.MemoryExceeded(limits.residentBytes(), usage);
            case TIME -> new EngineOutcome.TimedOut(limits.time(), usage);
            case NONE -> outcome;
        };
    }

    private StepResult convert(Office office, StepRunner steps, RunMeter runMeter)
            throws IOException, InterruptedException {
        Path file = takeIn(office);
        StepResult result = new StepResult.Done(file);
        var progress = new StepRunner.Progress() {
            @Override
            public void works(MeasuredProcess process) {
                begin(process, runMeter);
            }

            @Override
            public void converted(Duration load, Duration store) {
                runMeter.convertedIn(load, store);
            }

            @Override
            public boolean isStopped() {
                return hasStopped();
            }
        };
        for (var step : plan.steps()) {
            if (result instanceof StepResult.Done(Path input)) {
                result = step instanceof SanitiseHtmlStep
                        ? workAlone(() -> steps.run(step, office, input, progress))
                        : steps.run(step, office, input, progress);
                rest(runMeter);
            }
        }
        return result;
    }

    /** A step of this thread's own, without a process that could be ended: a stop interrupts it. */
    private StepResult workAlone(OwnStep step) throws IOException, InterruptedException {
        try {
            return beginToWait() ? step.run() : new StepResult.ProcessLost();
        } catch (InterruptedException e) {
            log.debug("The run was stopped in a step without a process", e);
            return new StepResult.ProcessLost();
        } finally {
            endToWait();
        }
    }

    private interface OwnStep {
        StepResult run() throws IOException, InterruptedException;
    }

    /**
     * A copy, since the sandbox sees no other directory, under a name that tells nothing. Its directory has another name for
     * each document, so that nothing that LibreOffice remembers by URL is taken for the next one's.
     */
    private Path takeIn(Office office) throws IOException {
        var first = (LibreOfficeStep) plan.steps().getFirst();
        return office.slot()
                .takeIn(
                        plan.input(),
                        office.documentDirectory(),
                        "document." + first.source().extension());
    }

    private void begin(MeasuredProcess process, RunMeter runMeter) {
        runMeter.begin(process);
        synchronized (this) {
            working = process;
            if (stop != null) {
                end(process);
            }
        }
    }

    private void rest(RunMeter runMeter) {
        MeasuredProcess process;
        synchronized (this) {
            process = working;
            working = null;
        }
        if (process != null) {
            runMeter.end(process);
        }
    }

    /** Copies the result out; a link in its place, which a program inside could have made, is refused. */
    private OptionalInt deliver(Path file) throws IOException {
        try (var result = Files.newInputStream(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            Files.copy(result, plan.output(), StandardCopyOption.REPLACE_EXISTING);
        }
        boolean pdf = file.toString().endsWith("." + DocumentFormat.PDF.extension());
        return pdf ? PdfOutput.pages(plan.output()) : OptionalInt.empty();
    }

    private synchronized EngineOutcome outcome(StepResult result, OptionalInt pages, EngineUsage usage)
            throws IOException {
        if (stop == Stop.KILL) {
            Files.deleteIfExists(plan.output());
            return new EngineOutcome.Killed(usage);
        }
        return switch (result) {
            case StepResult.Done done -> new EngineOutcome.Converted(plan.output(), pages, usage);
            case StepResult.LoadRefused refused -> new EngineOutcome.LoadRefused(usage);
            case StepResult.StoreRefused refused -> new EngineOutcome.StoreRefused(usage);
            case StepResult.TooLarge(long limit) -> new EngineOutcome.OutputTooLarge(limit, usage);
            case StepResult.OutOfMemory _ -> new EngineOutcome.MemoryExceeded(limits.residentBytes(), usage);
            case StepResult.ProcessLost lost -> lost(usage);
        };
    }

    private synchronized EngineOutcome lost(EngineUsage usage) {
        return switch (stop) {
            case null -> new EngineOutcome.Crashed(usage);
            case TIME -> new EngineOutcome.TimedOut(limits.time(), usage);
            case MEMORY -> new EngineOutcome.MemoryExceeded(limits.residentBytes(), usage);
            case OUTPUT -> new EngineOutcome.OutputTooLarge(quota.bytes(), usage);
            case KILL -> new EngineOutcome.Killed(usage);
        };
    }

    private void release(Office office, @Nullable EngineOutcome ended) {
        var fault = fault(office, ended);
        if (fault == null) {
            office.giveBack();
            return;
        }
        log.atInfo()
                .addKeyValue("office", office.number())
                .addKeyValue("reason", fault.label())
                .log("LibreOffice is replaced after a fault; the spare takes its place");
        office.discard(fault);
    }

    /** Why no other document may come after it; null if it is as good as before. */
    private @Nullable ProcessEnd fault(Office office, @Nullable EngineOutcome ended) {
        Stop stopped;
        synchronized (this) {
            stopped = stop;
        }
        if (stopped != null) {
            return switch (stopped) {
                case TIME -> ProcessEnd.TIME;
                case MEMORY -> ProcessEnd.MEMORY;
                case OUTPUT -> ProcessEnd.OUTPUT;
                case KILL -> ProcessEnd.STOPPED;
            };
        }
        return switch (ended) {
            case EngineOutcome.Crashed _ -> ProcessEnd.CRASH;
            case EngineOutcome.TimedOut _ -> ProcessEnd.TIME;
            case EngineOutcome.MemoryExceeded _ -> ProcessEnd.MEMORY;
            case EngineOutcome.NoRoom _ -> ProcessEnd.DISK_FULL;
            case EngineOutcome.Killed _ -> ProcessEnd.STOPPED;
            case null -> ProcessEnd.UNCLEAN;
            // The html of a document may be too large for us, and all be well with the process.
            case EngineOutcome.OutputTooLarge _ ->
                office.clear(ProcessEnd.OUTPUT).orElse(null);
            case EngineOutcome.Converted _, EngineOutcome.LoadRefused _, EngineOutcome.StoreRefused _ ->
                office.clear(ProcessEnd.CRASH).orElse(null);
        };
    }
}
