package io.docmill.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.security.ServiceKey;
import io.docmill.testing.documents.BrokenDocuments;
import io.docmill.testing.documents.EncryptedDocuments;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import io.docmill.worker.job.DocumentConverter.Result;
import io.docmill.worker.libreoffice.JodConverterEngine;
import io.docmill.worker.libreoffice.LibreOfficeSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Encrypted documents and the real LibreOffice, which sees them only when their password is right. */
class EncryptedSourcesIT {
    private static final String TEXT = "Behind a password";
    private static final Path CORPUS = Path.of("../../shared/corpus/broken");
    private static final ServiceKey SERVICE_KEY = ServiceKey.of("a service key of the tests, long enough");

    @TempDir
    private static Path directory;

    private static JodConverterEngine engine;

    private final MeterRegistry registry = new SimpleMeterRegistry();

    @BeforeAll
    static void startEngine() throws InterruptedException {
        engine = JodConverterEngine.start(LibreOfficeSettings.of(directory.resolve("work"), 1));
        engine.awaitReady();
    }

    @AfterAll
    static void closeEngine() {
        engine.close();
    }

    @ParameterizedTest
    @MethodSource("encrypted")
    void convertsWithThePasswordAndAsksForItOrRefusesAnotherWithoutLibreOffice(
            TestDocument document, DocumentFormat format, String text) throws IOException {
        // When, then
        assertThat(textOf(document, format, EncryptedDocuments.PASSWORD)).contains(text);
        double runs = runs();
        assertThat(failureOf(document, format, null)).isEqualTo(new ConversionFailure.PasswordRequired());
        assertThat(failureOf(document, format, "wrong")).isEqualTo(new ConversionFailure.WrongPassword());
        assertThat(runs()).isEqualTo(runs);
    }

    static Stream<Arguments> encrypted() {
        return Stream.of(
                Arguments.of(EncryptedDocuments.docx(TEXT), DocumentFormat.DOCX, TEXT),
                Arguments.of(EncryptedDocuments.xlsx(TEXT), DocumentFormat.XLSX, TEXT),
                Arguments.of(EncryptedDocuments.pptx(TEXT), DocumentFormat.PPTX, TEXT),
                Arguments.of(EncryptedDocuments.doc(), DocumentFormat.DOC, TestDocuments.DOC_TEXT),
                Arguments.of(EncryptedDocuments.xls(TEXT), DocumentFormat.XLS, TEXT));
    }

    @Test
    void convertsWorkbooksWithExcelsDefaultPasswordWhateverComes() throws IOException {
        for (String password : new String[] {null, "superfluous"}) {
            assertThat(textOf(EncryptedDocuments.xlsxWithDefaultPassword(TEXT), DocumentFormat.XLSX, password))
                    .contains(TEXT);
            assertThat(textOf(EncryptedDocuments.xlsWithDefaultPassword(TEXT), DocumentFormat.XLS, password))
                    .contains(TEXT);
        }
    }

    @Test
    void convertsByTheContentWhereTheNameToldAnotherFormat() throws IOException {
        TestDocument workbook = EncryptedDocuments.xlsx(TEXT).named("text.docx");
        assertThat(textOf(workbook, DocumentFormat.DOCX, EncryptedDocuments.PASSWORD))
                .contains(TEXT);
        assertThat(failureOf(workbook, DocumentFormat.DOCX, DocumentFormat.ODT, EncryptedDocuments.PASSWORD))
                .isEqualTo(new ConversionFailure.OtherFormat(DocumentFormat.XLSX, DocumentFormat.ODT));
    }

    @Test
    void keepsFromLibreOfficeWhatMustNotGetThere() {
        TestDocument bomb = EncryptedDocuments.encrypted(BrokenDocuments.zipBomb(16));
        TestDocument page = EncryptedDocuments.encrypted(BrokenDocuments.htmlPosingAsDoc());
        assertThat(failureOf(bomb, DocumentFormat.DOCX, EncryptedDocuments.PASSWORD))
                .isEqualTo(new ConversionFailure.Suspicious());
        assertThat(failureOf(page, DocumentFormat.DOCX, EncryptedDocuments.PASSWORD))
                .isEqualTo(new ConversionFailure.Corrupt());
        assertThat(runs()).isZero();
    }

    @Test
    void callsAPasswordRightThoughLibreOfficeReadsNoEncryptedDeckOfPowerPoint97() {
        TestDocument deck = EncryptedDocuments.ppt(TEXT);
        assertThat(failureOf(deck, DocumentFormat.PPT, "wrong")).isEqualTo(new ConversionFailure.WrongPassword());
        assertThat(failureOf(deck, DocumentFormat.PPT, EncryptedDocuments.PASSWORD))
                .isEqualTo(new ConversionFailure.Corrupt());
    }

    @ParameterizedTest
    @CsvSource({"bug53475-password-is-pass.docx,pass", "protected_passtika.xlsx,tika", "password.xls,password"})
    void convertsRealOnes(String name, String password) throws IOException {
        // Given
        assumeTrue(Files.isDirectory(CORPUS), "no corpus beside the project");
        TestDocument document = TestDocument.of(name, Files.readAllBytes(CORPUS.resolve(name)));
        DocumentFormat format =
                DocumentFormat.of(name.substring(name.lastIndexOf('.') + 1)).orElseThrow();
        // When, then
        assertThat(textOf(document, format, password)).isNotBlank();
        assertThat(failureOf(document, format, "wrong")).isEqualTo(new ConversionFailure.WrongPassword());
    }

    private double runs() {
        return registry.find("docmill.conversion.time").timers().stream()
                .mapToDouble(timer -> timer.count())
                .sum();
    }

    private String textOf(TestDocument document, DocumentFormat format, @Nullable String password) throws IOException {
        return inWorkspace(document, job(format, DocumentFormat.PDF, password), result -> {
            assertThat(result).isInstanceOf(Result.Converted.class);
            try (var pdf = Loader.loadPDF(((Result.Converted) result).file().toFile())) {
                return new PDFTextStripper().getText(pdf);
            }
        });
    }

    private ConversionFailure failureOf(TestDocument document, DocumentFormat format, @Nullable String password) {
        return failureOf(document, format, DocumentFormat.PDF, password);
    }

    private ConversionFailure failureOf(
            TestDocument document, DocumentFormat format, DocumentFormat target, @Nullable String password) {
        try {
            return inWorkspace(document, job(format, target, password), result -> {
                assertThat(result).isInstanceOf(Result.NotConverted.class);
                return ((Result.NotConverted) result).failure();
            });
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private interface Reading<T> {
        T of(Result result) throws IOException;
    }

    private <T> T inWorkspace(TestDocument document, ConversionJob job, Reading<T> reading) throws IOException {
        var converter = new DocumentConverter(engine, SERVICE_KEY, 2L << 30, new JobMetrics(registry));
        try (JobWorkspace workspace = JobWorkspace.open(directory.resolve("jobs"), job)) {
            document.writeTo(workspace.source());
            return reading.of(converter.convert(job, workspace, new JobRuns(), new Cancellation()));
        }
    }

    private static ConversionJob job(DocumentFormat format, DocumentFormat target, @Nullable String password) {
        AttemptId attempt = AttemptId.after(null);
        String sealed = password == null ? null : SERVICE_KEY.sealPassword(password, attempt.toString());
        return new ConversionJob(
                ConversionJob.VERSION,
                attempt,
                ConversionOptions.DEFAULT.conversionOf(SourceId.create(SourceId.Kind.FILE), target, sealed),
                ScopeId.create(),
                format,
                target,
                ConversionOptions.DEFAULT,
                60,
                false,
                sealed,
                Instant.now(),
                "req_test");
    }
}
