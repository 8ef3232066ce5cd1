package io.docmill.benchmarks;

import io.docmill.model.document.DocumentFormat;
import io.docmill.testing.documents.TestDocument;
import io.docmill.worker.engine.ConversionLimits;
import io.docmill.worker.engine.EngineObserver;
import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.libreoffice.JodConverterEngine;
import io.docmill.worker.libreoffice.JodConverterSettings;
import io.docmill.worker.libreoffice.JodConverterSettings.SandboxChoice;
import io.docmill.worker.plan.ConversionPlan;
import io.docmill.worker.plan.ConversionPlanner;
import io.docmill.worker.plan.PlanOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * LibreOffice processes driven over UNO within this process, with the same import and export options and without sandbox, queue,
 * store and HTTP.
 */
final class DirectEngine implements AutoCloseable {
    private final ConversionPlanner planner = new ConversionPlanner();
    private final Path directory;
    private final JodConverterEngine engine;

    private DirectEngine(Path directory, JodConverterEngine engine) {
        this.directory = directory;
        this.engine = engine;
    }

    static DirectEngine start(Path directory, int processes) throws InterruptedException {
        var settings =
                JodConverterSettings.of(directory.resolve("direct"), processes).withSandbox(SandboxChoice.NONE);
        JodConverterEngine engine = JodConverterEngine.start(settings, EngineObserver.NONE);
        engine.awaitReady();
        return new DirectEngine(directory, engine);
    }

    /**
     * Makes a PDF of a document.
     *
     * @return whether it could be made
     */
    boolean toPdf(TestDocument document) throws InterruptedException, IOException {
        Path work = Files.createTempDirectory(directory, "document");
        Path input = document.writeTo(work.resolve("source"));
        String extension =
                document.name().substring(document.name().lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        DocumentFormat format = DocumentFormat.of(extension).orElseThrow();
        ConversionPlan plan =
                planner.plan(input, format, work.resolve("result"), DocumentFormat.PDF, PlanOptions.DEFAULT);
        EngineOutcome outcome = engine.start(plan, ConversionLimits.DEFAULT).await();
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
