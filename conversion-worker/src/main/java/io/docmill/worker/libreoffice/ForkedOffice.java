package io.docmill.worker.libreoffice;

import io.docmill.worker.engine.ProcessEnd;
import io.docmill.worker.engine.Tenant;
import io.docmill.worker.forkserver.ChildAnswer;
import io.docmill.worker.forkserver.ChildJob;
import io.docmill.worker.forkserver.ChildResult;
import io.docmill.worker.forkserver.ForkedChild;
import io.docmill.worker.forkserver.OfficeConversion;
import io.docmill.worker.libreoffice.ForkSlot.KeptChild;
import io.docmill.worker.plan.ConversionStep.LibreOfficeStep;
import io.docmill.worker.sandbox.SlotDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A child of the fork server, from before it is there until nothing is left of it. */
final class ForkedOffice implements Office {

    private static final Logger log = LoggerFactory.getLogger(ForkedOffice.class);

    /** A server that is lost takes innocent documents along; one that is lost twice may do so because of this one. */
    private static final int ATTEMPTS = 2;

    /** For the kernel to take a killed process apart. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ForkedOffices offices;
    private final ForkSlot slot;
    private final Tenant tenant;
    private volatile @Nullable ForkedChild child;
    private @Nullable KeptChild stays;

    ForkedOffice(ForkedOffices offices, ForkSlot slot, Tenant tenant) {
        this.offices = offices;
        this.slot = slot;
        this.tenant = tenant;
    }

    ForkSlot place() {
        return slot;
    }

    @Override
    public int number() {
        return slot.number();
    }

    @Override
    public SlotDirectory slot() {
        return slot.directory();
    }

    @Override
    public String documentDirectory() {
        return Integer.toString(slot.nextDocument());
    }

    @Override
    public StepResult convert(LibreOfficeStep step, Path input, Path result, StepRunner.Progress progress)
            throws IOException {
        var conversion = new OfficeConversion(input.toString(), result.toString(), step);
        ChildAnswer answer = attempt(conversion, progress);
        for (int attempt = 2;
                attempt <= ATTEMPTS && answer.result() == ChildResult.LOST && !progress.isStopped();
                attempt++) {
            log.atWarn()
                    .addKeyValue("office", number())
                    .log("The fork server ended under a document, which is converted again by the next one");
            answer = attempt(conversion, progress);
        }
        progress.converted(answer.load(), answer.store());
        if (!answer.detail().isEmpty()) {
            log.debug("LibreOffice said at the end, {}: {}", answer.result(), answer.detail());
        }
        return stepResult(answer, result);
    }

    private ChildAnswer attempt(OfficeConversion conversion, StepRunner.Progress progress) {
        var earlier =
                Optional.ofNullable(slot.kept()).filter(kept -> kept.child().isAlive());
        slot.keep(null);
        var server = earlier.map(kept -> kept.child().server()).or(() -> offices.awaitServer(progress::isStopped));
        if (server.isEmpty()) {
            return ChildAnswer.of(ChildResult.KILLED, "while there was no fork server");
        }
        boolean keep = offices.mayKeep(earlier.orElse(null));
        var started = server.get().convert(new ChildJob(conversion, slot(), keep, earlier.map(KeptChild::child)));
        child = started;
        progress.works(started);
        ChildAnswer answer = started.awaitAnswer();
        if (answer.result() == ChildResult.GONE && !progress.isStopped()) {
            // It ended between two documents.
            return attempt(conversion, progress);
        }
        if (keep && started.isAlive()) {
            stays = earlier.map(kept -> new KeptChild(started, tenant, kept.documents() + 1, kept.since()))
                    .orElseGet(() -> new KeptChild(started, tenant, 1, System.nanoTime()));
        }
        return answer;
    }

    private static StepResult stepResult(ChildAnswer answer, Path result) throws IOException {
        return switch (answer.result()) {
            case DONE -> StepRunner.isFile(result) ? new StepResult.Done(result) : new StepResult.StoreRefused();
            case PASSWORD, LOAD -> new StepResult.LoadRefused();
            case STORE -> new StepResult.StoreRefused();
            case MEMORY -> new StepResult.OutOfMemory();
            // A job of ours is never invalid; a child that says so is not LibreOffice any more.
            case KILLED, CRASHED, LOST, GONE, INVALID -> new StepResult.ProcessLost();
            case UNCONFINED ->
                throw new IOException(
                        "The fork server could not do its work: " + answer.result() + " " + answer.detail());
        };
    }

    @Override
    public OptionalInt endSignal() {
        return child == null ? OptionalInt.empty() : child.awaitEnd(PATIENCE);
    }

    /** Nothing comes after it: what is left is removed once the child has ended, which nobody waits for. */
    @Override
    public Optional<ProcessEnd> clear(ProcessEnd ifLost) {
        return Optional.empty();
    }

    @Override
    public void giveBack() {
        offices.giveBack(this);
    }

    @Override
    public void discard(ProcessEnd end) {
        offices.discard(this, end);
    }

    /** Memory that the child holds now. */
    long residentBytes() {
        var present = child;
        return present == null ? 0 : present.memory().residentBytes();
    }

    /** The child, if it is to have another document. */
    @Nullable
    KeptChild stays() {
        return stays;
    }

    /** Waits until nothing of the child is left; ends it before, if it should still be there. */
    void end() {
        if (child != null) {
            end(child);
        }
    }

    /** The same of a child that stayed. */
    static void end(ForkedChild child) {
        if (!child.isAlive()) {
            return;
        }
        child.kill();
        child.awaitEnd(PATIENCE);
        if (child.isAlive()) {
            log.atWarn()
                    .addKeyValue("pid", child.pid())
                    .log("A LibreOffice was killed and does not end; look at the machine's disk and memory");
        }
    }
}
