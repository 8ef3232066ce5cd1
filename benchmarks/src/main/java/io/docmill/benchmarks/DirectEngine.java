package io.docmill.benchmarks;

import io.docmill.model.document.DocumentFormat;
import io.docmill.testing.documents.TestDocument;
import io.docmill.worker.engine.ConversionLimits;
import io.docmill.worker.engine.EngineObserver;
import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.libreoffice.LibreOfficeEngine;
import io.docmill.worker.libreoffice.LibreOfficeEngines;
import io.docmill.worker.libreoffice.LibreOfficeSettings;
import io.docmill.worker.libreoffice.LibreOfficeSettings.EngineChoice;
import io.docmill.worker.libreoffice.LibreOfficeSettings.SandboxChoice;
import io.docmill.worker.plan.ConversionPlan;
import io.docmill.worker.plan.ConversionPlanner;
import io.docmill.worker.plan.PlanOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.UnaryOperator;

/** An engine within this process, with the worker's import and export options and without queue, store and HTTP. */
final class DirectEngine implements AutoCloseable {
    private static final ConversionLimits LIMITS = ConversionLimits.DEFAULT.withTime(Duration.ofMinutes(5));

    private final ConversionPlanner planner = new ConversionPlanner();
    private final LibreOfficeEngine engine;

    private DirectEngine(LibreOfficeEngine engine) {
        this.engine = engine;
    }

    /** LibreOffices that live on, driven over UNO, without a sandbox: what there is without Docmill. */
    static DirectEngine start(Path directory, int processes) throws InterruptedException {
        return start(
                directory.resolve("direct"),
                settings -> settings.withEngine(EngineChoice.JODCONVERTER).withSandbox(SandboxChoice.NONE),
                processes);
    }

    /** An engine as the worker has it, but for what is changed. */
    static DirectEngine start(Path directory, UnaryOperator<LibreOfficeSettings> change, int slots)
            throws InterruptedException {
        LibreOfficeEngine engine =
                LibreOfficeEngines.start(change.apply(LibreOfficeSettings.of(directory, slots)), EngineObserver.NONE);
        engine.awaitReady();
        return new DirectEngine(engine);
    }

    /**
     * Makes a PDF of a document.
     *
     * @return whether it could be made
     */
    boolean toPdf(TestDocument document) throws InterruptedException, IOException {
        Path work = Files.createTempDirectory("document");
        Path input = document.writeTo(work.resolve("source"));
        String extension =
                document.name().substring(document.name().lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        DocumentFormat format = DocumentFormat.of(extension).orElseThrow();
        ConversionPlan plan =
                planner.plan(input, format, work.resolve("result"), DocumentFormat.PDF, PlanOptions.DEFAULT);
        EngineOutcome outcome = engine.start(plan, LIMITS).await();
        Files.deleteIfExists(work.resolve("result"));
        Files.delete(input);
        Files.delete(work);
        return outcome instanceof EngineOutcome.Converted;
    }

    @Override
    public void close() {
        engine.close();
    }
}
