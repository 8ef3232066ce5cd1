package io.docmill.worker.libreoffice;

import io.docmill.worker.html.HtmlSanitiser;
import io.docmill.worker.html.HtmlTooLargeException;
import io.docmill.worker.plan.ConversionStep;
import io.docmill.worker.plan.ConversionStep.LibreOfficeStep;
import io.docmill.worker.plan.ConversionStep.RasteriseStep;
import io.docmill.worker.plan.ConversionStep.SanitiseHtmlStep;
import io.docmill.worker.sandbox.MeasuredProcess;
import io.docmill.worker.sandbox.ProcessLauncher;
import io.docmill.worker.sandbox.Sandbox;
import io.docmill.worker.sandbox.SlotDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Does the steps of a plan with one LibreOffice and the programs beside it. Stateless. */
final class StepRunner {

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
        void works(MeasuredProcess process);

        /** LibreOffice has opened the document and written it, or has failed at either; what it did not come to took no time. */
        void converted(Duration load, Duration store);

        /** Whether the run was stopped, and nothing more should be begun for it. */
        boolean isStopped();
    }

    /**
     * Does one step.
     *
     * @param input in its own directory below the slot's document directory; the result lies beside it
     * @throws InterruptedException if the thread was interrupted during a step without a process
     */
    StepResult run(ConversionStep step, Office office, Path input, Progress progress)
            throws IOException, InterruptedException {
        return switch (step) {
            case LibreOfficeStep officeStep ->
                office.convert(
                        officeStep,
                        input,
                        input.resolveSibling("result." + officeStep.target().extension()),
                        progress);
            case RasteriseStep rasterise -> rasterise(rasterise, office.slot(), input, progress);
            case SanitiseHtmlStep sanitise -> sanitise(sanitise, input);
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

    static boolean isFile(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }
}
