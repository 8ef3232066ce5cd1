package io.docmill.worker.libreoffice;

import io.docmill.model.document.DocumentFormat;
import io.docmill.worker.html.HtmlSanitiser;
import io.docmill.worker.html.HtmlTooLargeException;
import io.docmill.worker.plan.ConversionStep;
import io.docmill.worker.plan.ConversionStep.LibreOfficeStep;
import io.docmill.worker.plan.ConversionStep.RasteriseStep;
import io.docmill.worker.plan.ConversionStep.SanitiseHtmlStep;
import io.docmill.worker.sandbox.ConfinedProcess;
import io.docmill.worker.sandbox.ProcessLauncher;
import io.docmill.worker.sandbox.Sandbox;
import io.docmill.worker.sandbox.SlotDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jodconverter.core.office.OfficeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does the steps of a plan with one LibreOffice and the programs beside it. Stateless. */
final class StepRunner {

    private static final Logger log = LoggerFactory.getLogger(StepRunner.class);

    private final Sandbox sandbox;
    private final ProcessLauncher launcher;
    private final Programs programs;
    private final HtmlSanitiser sanitiser = new HtmlSanitiser();

    StepRunner(Sandbox sandbox, ProcessLauncher launcher, Programs programs) {
        this.sandbox = sandbox;
        this.launcher = launcher;
        this.programs = programs;
    }

    /** Is told what a step does while it runs. */
    interface Progress {
        /** A process begins to work for the run. */
        void works(ConfinedProcess process);

        /** LibreOffice has opened the document and written it, or has failed at either; what it did not come to took no time. */
        void converted(Duration load, Duration store);
    }

    /**
     * Does one step.
     *
     * @param input in its own directory below the slot's document directory; the result lies beside it
     * @throws InterruptedException if the thread was interrupted during a step without a process
     */
    StepResult run(ConversionStep step, OfficeProcess office, Path input, Progress progress)
            throws IOException, InterruptedException {
        return switch (step) {
            case LibreOfficeStep officeStep -> convert(officeStep, office, input, progress);
            case RasteriseStep rasterise -> rasterise(rasterise, office.slot(), input, progress);
            case SanitiseHtmlStep sanitise -> sanitise(sanitise, input);
        };
    }

    private StepResult convert(LibreOfficeStep step, OfficeProcess office, Path input, Progress progress) {
        Path result = input.resolveSibling("result." + step.target().extension());
        var task = new ConvertDocumentTask(url(office.slot(), input), url(office.slot(), result), step);
        progress.works(office.process());
        try {
            office.execute(task);
        } catch (OfficeException e) {
            log.debug("LibreOffice failed at {}", task.stage(), e);
            var verdict = OfficeFailureClassifier.classify(e, task.stage());
            if (verdict == OfficeFailureClassifier.Verdict.CLOSE_FAILED) {
                office.spoil();
            }
            return failure(verdict, step.target(), result);
        } finally {
            progress.converted(task.loadTime(), task.storeTime());
        }
        return isFile(result) ? new StepResult.Done(result) : new StepResult.StoreRefused();
    }

    private static StepResult failure(OfficeFailureClassifier.Verdict verdict, DocumentFormat target, Path result) {
        return switch (verdict) {
            case LOAD_REFUSED -> new StepResult.LoadRefused();
            case STORE_REFUSED -> new StepResult.StoreRefused();
            case CLOSE_FAILED -> isFile(result) ? new StepResult.Done(result) : new StepResult.ProcessLost();
            case PROCESS_LOST ->
                target == DocumentFormat.PDF && PdfOutput.isComplete(result)
                        ? new StepResult.Done(result)
                        : new StepResult.ProcessLost();
        };
    }

    private StepResult rasterise(RasteriseStep step, SlotDirectory slot, Path input, Progress progress)
            throws IOException, InterruptedException {
        Path root = input.resolveSibling("page");
        var command = List.of(
                programs.pdftoppm().toString(),
                "-png",
                "-singlefile",
                "-f",
                "1",
                "-l",
                "1",
                "-scale-to",
                Integer.toString(step.longerSide()),
                sandbox.inside(slot, input).toString(),
                sandbox.inside(slot, root).toString());
        var process = launcher.start(slot, sandbox.command(slot, OfficeEnvironment.of(sandbox, slot), command));
        progress.works(process);
        int exit = process.waitFor();
        Path result = input.resolveSibling("page.png");
        return exit == 0 && isFile(result) ? new StepResult.Done(result) : new StepResult.ProcessLost();
    }

    private StepResult sanitise(SanitiseHtmlStep step, Path input) throws IOException, InterruptedException {
        Path result = input.resolveSibling("sanitised.html");
        try {
            sanitiser.sanitise(input, result, step.limitBytes());
        } catch (HtmlTooLargeException e) {
            return new StepResult.TooLarge(step.limitBytes());
        }
        return new StepResult.Done(result);
    }

    private String url(SlotDirectory slot, Path file) {
        return OfficeUrls.of(sandbox.inside(slot, file));
    }

    private static boolean isFile(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }
}
