package io.docmill.worker.libreoffice;

import io.docmill.model.document.DocumentFormat;
import io.docmill.worker.engine.ProcessEnd;
import io.docmill.worker.plan.ConversionStep.LibreOfficeStep;
import io.docmill.worker.sandbox.Sandbox;
import io.docmill.worker.sandbox.SlotDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.jodconverter.core.office.OfficeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of a pool's LibreOffices, driven over UNO.
 *
 * @param pool where it comes from
 * @param process well when it was taken
 * @param sandbox that it is in
 */
record PooledOffice(OfficePool pool, OfficeProcess process, Sandbox sandbox) implements Office {

    private static final Logger log = LoggerFactory.getLogger(PooledOffice.class);

    /** A shell's and bubblewrap's way to tell a signal, see bash(1). */
    private static final int SIGNALED = 128;

    @Override
    public int number() {
        return process.number();
    }

    @Override
    public SlotDirectory slot() {
        return process.slot();
    }

    @Override
    public String documentDirectory() {
        return Integer.toString(process.documents() + 1);
    }

    @Override
    public StepResult convert(LibreOfficeStep step, Path input, Path result, StepRunner.Progress progress) {
        var task = new ConvertDocumentTask(url(input), url(result), step);
        progress.works(process.process());
        try {
            process.execute(task);
        } catch (OfficeException e) {
            log.debug("LibreOffice failed at {}", task.stage(), e);
            var verdict = OfficeFailureClassifier.classify(e, task.stage());
            if (verdict == OfficeFailureClassifier.Verdict.CLOSE_FAILED) {
                process.spoil();
            }
            return failure(verdict, step.target(), result);
        } finally {
            progress.converted(task.loadTime(), task.storeTime());
        }
        return StepRunner.isFile(result) ? new StepResult.Done(result) : new StepResult.StoreRefused();
    }

    private String url(Path file) {
        return OfficeUrls.of(sandbox.inside(slot(), file));
    }

    private static StepResult failure(OfficeFailureClassifier.Verdict verdict, DocumentFormat target, Path result) {
        return switch (verdict) {
            case LOAD_REFUSED -> new StepResult.LoadRefused();
            case STORE_REFUSED -> new StepResult.StoreRefused();
            case CLOSE_FAILED -> StepRunner.isFile(result) ? new StepResult.Done(result) : new StepResult.ProcessLost();
            case PROCESS_LOST ->
                target == DocumentFormat.PDF && PdfOutput.isComplete(result)
                        ? new StepResult.Done(result)
                        : new StepResult.ProcessLost();
        };
    }

    @Override
    public OptionalInt endSignal() {
        if (!process.process().endsSoon()) {
            return OptionalInt.empty();
        }
        int exit = process.process().exitValue().orElse(0);
        return exit > SIGNALED ? OptionalInt.of(exit - SIGNALED) : OptionalInt.empty();
    }

    @Override
    public Optional<ProcessEnd> clear(ProcessEnd ifLost) {
        if (!process.isWell()) {
            return Optional.of(ifLost);
        }
        try {
            slot().empty();
            slot().shortenLog();
            return Optional.empty();
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("office", number())
                    .setCause(e)
                    .log("The files of a document could not be removed; its LibreOffice is replaced");
            return Optional.of(ProcessEnd.UNCLEAN);
        }
    }

    @Override
    public void giveBack() {
        pool.giveBack(process);
    }

    @Override
    public void discard(ProcessEnd end) {
        pool.discard(process, end);
    }
}
