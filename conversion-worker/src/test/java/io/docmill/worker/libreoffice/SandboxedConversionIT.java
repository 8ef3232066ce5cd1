package io.docmill.worker.libreoffice;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.model.document.DocumentFormat;
import io.docmill.worker.engine.ConversionLimits;
import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.plan.ConversionPlanner;
import io.docmill.worker.plan.PlanOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The real LibreOffice and pdftoppm in each sandbox. */
class SandboxedConversionIT {

    @TempDir
    private Path directory;

    private final ConversionPlanner planner = new ConversionPlanner();

    private LibreOfficeSettings settings(String sandbox) {
        return TestedEngine.JODCONVERTER
                .settings(directory.resolve("work"), 1)
                .withSandbox(EngineSandboxes.choice(sandbox));
    }

    private JodConverterEngine start(String sandbox) throws InterruptedException {
        var engine = JodConverterEngine.start(settings(sandbox));
        engine.awaitReady();
        return engine;
    }

    private Path convert(JodConverterEngine engine, Path source, DocumentFormat from, DocumentFormat to)
            throws InterruptedException {
        var output = directory.resolve("out." + to.extension());
        var plan = planner.plan(source, from, output, to, PlanOptions.DEFAULT);
        assertThat(engine.start(plan, ConversionLimits.DEFAULT).await())
                .as("%s to %s", from, to)
                .isInstanceOf(EngineOutcome.Converted.class);
        return output;
    }

    @ParameterizedTest
    @MethodSource(EngineSandboxes.NAMES)
    void everyFamilyIsConvertedAndNothingStays(String sandbox) throws IOException, InterruptedException {
        var samples = new SampleDocuments(directory);
        try (var engine = start(sandbox)) {
            assertThat(engine.status().sandbox()).isEqualTo(sandbox);
            // When
            var sources = List.of(
                    new Source(samples.docx(), DocumentFormat.DOCX),
                    new Source(samples.xlsx(), DocumentFormat.XLSX),
                    new Source(samples.pptx(), DocumentFormat.PPTX),
                    new Source(samples.xls(), DocumentFormat.XLS),
                    new Source(samples.docx(), DocumentFormat.DOCX));
            for (Source source : sources) {
                var pdf = convert(engine, source.file(), source.format(), DocumentFormat.PDF);
                // Then
                try (var document = Loader.loadPDF(pdf.toFile())) {
                    assertThat(new PDFTextStripper().getText(document)).contains(SampleDocuments.WORD);
                }
            }
            convert(engine, samples.pptx(), DocumentFormat.PPTX, DocumentFormat.PNG);
            convert(engine, samples.docx(), DocumentFormat.DOCX, DocumentFormat.HTML);
            assertThat(left()).isEmpty();
        }
        assertThat(directory.resolve("work/slots")).isEmptyDirectory();
    }

    private record Source(Path file, DocumentFormat format) {}

    /** What lies in slots besides what LibreOffice can't be without. */
    private Set<String> left() throws IOException {
        var left = new TreeSet<String>();
        try (var tree = Files.walk(directory.resolve("work/slots"))) {
            tree.filter(path -> !Files.isDirectory(path))
                    .map(path ->
                            directory.resolve("work/slots").relativize(path).toString())
                    .map(path -> path.substring(path.indexOf('/') + 1))
                    .filter(path -> !path.startsWith("files/profile/"))
                    .filter(path -> !path.startsWith("sockets/OSL_PIPE_"))
                    .filter(path -> !path.equals("process.log"))
                    .forEach(left::add);
        }
        return left;
    }

    @ParameterizedTest
    @MethodSource(EngineSandboxes.NAMES)
    void settingsAreThoseOfTheTemplateAfterADocument(String sandbox) throws IOException, InterruptedException {
        var samples = new SampleDocuments(directory);
        try (var engine = start(sandbox)) {
            // When
            convert(engine, samples.docx(), DocumentFormat.DOCX, DocumentFormat.PDF);
            // Then
            assertThat(files("work/slots", "registrymodifications.xcu"))
                    .isNotEmpty()
                    .allSatisfy(settings -> assertThat(settings)
                            .hasSameTextualContentAs(files("work/profiles", "registrymodifications.xcu")
                                    .getFirst()));
        }
    }

    private List<Path> files(String below, String name) throws IOException {
        try (var tree = Files.walk(directory.resolve(below))) {
            return tree.filter(path -> path.endsWith(name)).toList();
        }
    }
}
