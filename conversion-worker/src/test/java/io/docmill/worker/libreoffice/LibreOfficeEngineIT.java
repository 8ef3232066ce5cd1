package io.docmill.worker.libreoffice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.docmill.model.document.DocumentFormat;
import io.docmill.worker.engine.ConversionLimits;
import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.engine.EngineOutcome.Converted;
import io.docmill.worker.engine.EngineStatus.EngineKind;
import io.docmill.worker.plan.ConversionPlan;
import io.docmill.worker.plan.ConversionPlanner;
import io.docmill.worker.plan.ConversionStep.LibreOfficeStep;
import io.docmill.worker.plan.OfficeProperties;
import io.docmill.worker.plan.PlanOptions;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.ZipFile;
import javax.imageio.ImageIO;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xslf.usermodel.XSLFTextShape;
import org.apache.poi.xssf.usermodel.XSSFWorkbook;
import org.apache.poi.xwpf.extractor.XWPFWordExtractor;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All pairs through the real LibreOffice, each read by a program that is not LibreOffice. */
@ParameterizedClass
@MethodSource(TestedEngine.ALL)
class LibreOfficeEngineIT {

    @TempDir
    private static Path directory;

    private static LibreOfficeEngine engine;
    private static SampleDocuments samples;

    private final ConversionPlanner planner = new ConversionPlanner();

    private final TestedEngine tested;

    LibreOfficeEngineIT(TestedEngine tested) {
        this.tested = tested;
    }

    @BeforeParameterizedClassInvocation
    static void startEngine(TestedEngine tested) throws InterruptedException {
        engine = tested.start(directory.resolve("work"), 2);
        samples = new SampleDocuments(directory);
    }

    @AfterParameterizedClassInvocation
    static void closeEngine() {
        engine.close();
        assertThat(directory.resolve("work/slots")).isEmptyDirectory();
    }

    private Path sample(DocumentFormat format) throws IOException, InterruptedException {
        return switch (format) {
            case DOCX -> samples.docx();
            case XLSX -> samples.xlsx();
            case XLS -> samples.xls();
            case PPTX -> samples.pptx();
            case PPT -> samples.ppt();
            case DOC -> doc();
            case ODT, ODP, PDF, HTML, TXT, CSV, PNG -> throw new IllegalArgumentException(format.name());
        };
    }

    /** POI cannot make one. */
    private Path doc() throws IOException, InterruptedException {
        var docx = samples.docx();
        var model =
                (LibreOfficeStep) planner.plan(docx, DocumentFormat.DOCX, docx, DocumentFormat.ODT, PlanOptions.DEFAULT)
                        .steps()
                        .getFirst();
        var step = new LibreOfficeStep(
                DocumentFormat.DOCX,
                model.importFilters(),
                model.load(),
                DocumentFormat.DOC,
                "MS Word 97",
                OfficeProperties.NONE);
        var target = directory.resolve("sample.doc");
        assertThat(run(new ConversionPlan(docx, target, List.of(step)))).isInstanceOf(Converted.class);
        return target;
    }

    private static EngineOutcome run(ConversionPlan plan) throws InterruptedException {
        return engine.start(plan, ConversionLimits.DEFAULT).await();
    }

    private EngineOutcome convert(Path source, DocumentFormat from, DocumentFormat to, PlanOptions options)
            throws InterruptedException {
        return run(planner.plan(source, from, directory.resolve("out." + to.extension()), to, options));
    }

    private Path convert(DocumentFormat from, DocumentFormat to) throws IOException, InterruptedException {
        var outcome = convert(sample(from), from, to, PlanOptions.DEFAULT);
        assertThat(outcome).isInstanceOf(Converted.class);
        assertThat(outcome.usage().peakResidentBytes()).isPositive();
        assertThat(outcome.usage().load()).isPositive();
        assertThat(outcome.usage().export()).isPositive();
        assertThat(outcome.usage().load().plus(outcome.usage().export()))
                .isLessThanOrEqualTo(outcome.usage().wall());
        return ((Converted) outcome).output();
    }

    @ParameterizedTest
    @EnumSource(
            value = DocumentFormat.class,
            names = {"DOCX", "DOC", "XLSX", "XLS", "PPTX", "PPT"})
    void everySourceBecomesPdf(DocumentFormat source) throws IOException, InterruptedException {
        // When
        var outcome = convert(sample(source), source, DocumentFormat.PDF, PlanOptions.DEFAULT);
        // Then
        var converted = assertThat(outcome).asInstanceOf(type(Converted.class)).actual();
        try (PDDocument pdf = Loader.loadPDF(converted.output().toFile())) {
            assertThat(new PDFTextStripper().getText(pdf)).contains(SampleDocuments.WORD);
            assertThat(converted.pages()).hasValue(pdf.getNumberOfPages());
            assertThat(pdf.getDocumentCatalog().getMarkInfo()).isNull();
            for (var page : pdf.getPages()) {
                for (var font : page.getResources().getFontNames()) {
                    assertThat(page.getResources().getFont(font).isEmbedded()).isTrue();
                }
            }
        }
    }

    @Test
    void pdfIsTaggedOnRequest() throws IOException, InterruptedException {
        // When
        convert(samples.docx(), DocumentFormat.DOCX, DocumentFormat.PDF, PlanOptions.DEFAULT.withTagged(true));
        // Then
        try (PDDocument pdf = Loader.loadPDF(directory.resolve("out.pdf").toFile())) {
            assertThat(pdf.getDocumentCatalog().getStructureTreeRoot()).isNotNull();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DocumentFormat.class,
            names = {"XLSX", "XLS"})
    void csvIsTheActiveSheetAsShown(DocumentFormat source) throws IOException, InterruptedException {
        // When
        byte[] csv = Files.readAllBytes(convert(source, DocumentFormat.CSV));
        // Then
        assertThat(csv[0]).isEqualTo((byte) 'M');
        var text = new String(csv, StandardCharsets.UTF_8);
        try (var records = CSVParser.parse(text, CSVFormat.RFC4180)) {
            var values = new ArrayList<List<String>>();
            records.forEach(row -> values.add(row.toList()));
            assertThat(values)
                    .startsWith(List.of(SampleDocuments.WORD, "with, comma and \"quotes\""), List.of("3.14", "25%"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DocumentFormat.class,
            names = {"XLSX", "PPTX", "PPT"})
    void pngIsTheFirstPage(DocumentFormat source) throws IOException, InterruptedException {
        // When
        BufferedImage image = ImageIO.read(convert(source, DocumentFormat.PNG).toFile());
        // Then
        assertThat(Math.max(image.getWidth(), image.getHeight())).isEqualTo(1_920);
        assertThat(colours(image)).isGreaterThan(1);
    }

    private static long colours(BufferedImage image) {
        return Arrays.stream(image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
                .distinct()
                .count();
    }

    @ParameterizedTest
    @EnumSource(
            value = DocumentFormat.class,
            names = {"DOCX", "DOC", "XLSX", "XLS"})
    void htmlStandsAlone(DocumentFormat source) throws IOException, InterruptedException {
        // When
        Document html = Jsoup.parse(Files.readString(convert(source, DocumentFormat.HTML)));
        // Then
        assertThat(html.text()).contains(SampleDocuments.WORD);
        assertThat(html.select("table")).isNotEmpty();
        assertThat(html.select("meta[charset=utf-8]")).hasSize(1);
        assertThat(html.select("img"))
                .isNotEmpty()
                .allSatisfy(image -> assertThat(image.attr("src")).startsWith("data:image/"));
    }

    @ParameterizedTest
    @EnumSource(
            value = DocumentFormat.class,
            names = {"DOCX", "DOC"})
    void txtIsUtf8WithUnixLines(DocumentFormat source) throws IOException, InterruptedException {
        // When
        byte[] text = Files.readAllBytes(convert(source, DocumentFormat.TXT));
        // Then
        assertThat(text[0]).isEqualTo((byte) 'A');
        assertThat(new String(text, StandardCharsets.UTF_8))
                .contains("About the " + SampleDocuments.WORD + "\n", "second page")
                .doesNotContain("\r");
    }

    @Test
    void docBecomesDocx() throws IOException, InterruptedException {
        try (var document = new XWPFDocument(Files.newInputStream(convert(DocumentFormat.DOC, DocumentFormat.DOCX)));
                var extractor = new XWPFWordExtractor(document)) {
            assertThat(extractor.getText()).contains(SampleDocuments.WORD, "cell four");
            assertThat(document.getAllPictures()).hasSize(1);
        }
    }

    @Test
    void xlsBecomesXlsx() throws IOException, InterruptedException {
        try (var workbook = new XSSFWorkbook(Files.newInputStream(convert(DocumentFormat.XLS, DocumentFormat.XLSX)))) {
            assertThat(workbook.getNumberOfSheets()).isEqualTo(3);
            assertThat(workbook.getActiveSheetIndex()).isEqualTo(1);
            assertThat(workbook.getSheet("Second").getRow(1).getCell(0).getNumericCellValue())
                    .isEqualTo(3.14159);
        }
    }

    @Test
    void pptBecomesPptx() throws IOException, InterruptedException {
        try (var show = new XMLSlideShow(Files.newInputStream(convert(DocumentFormat.PPT, DocumentFormat.PPTX)))) {
            assertThat(show.getSlides()).hasSize(2);
            assertThat(show.getSlides().getFirst().getShapes())
                    .filteredOn(XSLFTextShape.class::isInstance)
                    .extracting(shape -> ((XSLFTextShape) shape).getText())
                    .anyMatch(text -> text.contains(SampleDocuments.WORD));
        }
    }

    @Test
    void openDocumentsAreWritten() throws IOException, InterruptedException {
        assertThat(openDocument(convert(DocumentFormat.DOCX, DocumentFormat.ODT)))
                .startsWith("application/vnd.oasis.opendocument.text")
                .contains(SampleDocuments.WORD);
        assertThat(openDocument(convert(DocumentFormat.PPTX, DocumentFormat.ODP)))
                .startsWith("application/vnd.oasis.opendocument.presentation")
                .contains(SampleDocuments.WORD);
    }

    private static String openDocument(Path file) throws IOException {
        try (var zip = new ZipFile(file.toFile())) {
            var content = new StringBuilder();
            for (String part : List.of("mimetype", "content.xml")) {
                var bytes = zip.getInputStream(zip.getEntry(part)).readAllBytes();
                content.append(new String(bytes, StandardCharsets.UTF_8));
            }
            return content.toString();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = DocumentFormat.class,
            names = {"DOCX", "DOC", "XLSX", "XLS", "PPTX", "PPT"})
    void whatIsNoDocumentIsRefused(DocumentFormat source) throws IOException, InterruptedException {
        // Given
        var file = Files.writeString(directory.resolve("nothing"), "This is no office document.");
        // When
        var outcome = convert(file, source, DocumentFormat.PDF, PlanOptions.DEFAULT);
        // Then
        assertThat(outcome).isInstanceOf(EngineOutcome.LoadRefused.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\\rtf1 canary-of-another-type}",
                "<html><body>canary-of-another-type</body></html>",
                "<svg xmlns='http://www.w3.org/2000/svg'><text>canary-of-another-type</text></svg>",
                "canary-of-another-type;1"
            })
    void anotherTypeUnderAFalseFormatIsNotOpenedAsWhatItIs(String content) throws IOException, InterruptedException {
        // Given
        var file = Files.writeString(directory.resolve("posing"), content);
        for (var source : List.of(DocumentFormat.DOC, DocumentFormat.DOCX, DocumentFormat.XLS, DocumentFormat.PPT)) {
            // When
            var outcome = convert(file, source, DocumentFormat.PDF, PlanOptions.DEFAULT);
            // Then
            assertThat(outcome).as(source.name()).isInstanceOf(EngineOutcome.LoadRefused.class);
        }
    }

    @Test
    void olderWorkbooksOpen() throws IOException, InterruptedException {
        // Given: BOF, LABEL "old" in A1, EOF, as [MS-XLS] and its forerunners lay them out
        byte[] biff2 = bytes("09 00 04 00 02 00 10 00  04 00 0b 00 00 00 00 00 00 00 00 03 6f 6c 64  0a 00 00 00");
        byte[] biff4 =
                bytes("09 04 06 00 04 00 10 00 00 00  04 02 0b 00 00 00 00 00 00 00 03 00 6f 6c 64  0a 00 00 00");
        var biff2File = Files.write(directory.resolve("biff2.xls"), biff2);
        var biff4File = Files.write(directory.resolve("biff4.xls"), biff4);
        // When
        for (Path file : List.of(biff2File, biff4File)) {
            var outcome = convert(file, DocumentFormat.XLS, DocumentFormat.CSV, PlanOptions.DEFAULT);
            // Then
            assertThat(outcome).as(file.toString()).isInstanceOf(Converted.class);
            assertThat(directory.resolve("out.csv")).hasContent("old");
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @Test
    void linkedFilesOfThisMachineStayOut() throws IOException, InterruptedException {
        // Given
        var text = Files.writeString(directory.resolve("canary.txt"), "canary-of-this-machine");
        var image = Files.write(directory.resolve("canary.png"), SampleDocuments.png());
        var document = samples.docxWithLinksTo(text, image);
        // When
        var outcome = convert(document, DocumentFormat.DOCX, DocumentFormat.PDF, PlanOptions.DEFAULT);
        // Then
        assertThat(outcome).isInstanceOf(Converted.class);
        try (PDDocument pdf = Loader.loadPDF(directory.resolve("out.pdf").toFile())) {
            assertThat(new PDFTextStripper().getText(pdf))
                    .contains(SampleDocuments.WORD)
                    .doesNotContain("canary-of");
            for (var name : pdf.getPage(0).getResources().getXObjectNames()) {
                assertThat(pdf.getPage(0).getResources().isImageXObject(name)).isFalse();
            }
        }
    }

    @Test
    void theRightPasswordOpensAndAWrongOneDoesNot() throws Exception {
        // Given
        var file = encrypted(samples.xlsx(), "open sesame");
        // Then
        assertThat(convert(file, DocumentFormat.XLSX, DocumentFormat.PDF, PlanOptions.DEFAULT))
                .isInstanceOf(EngineOutcome.LoadRefused.class);
        assertThat(convert(file, DocumentFormat.XLSX, DocumentFormat.PDF, PlanOptions.DEFAULT.withPassword("wrong")))
                .isInstanceOf(EngineOutcome.LoadRefused.class);
        assertThat(convert(
                        file, DocumentFormat.XLSX, DocumentFormat.PDF, PlanOptions.DEFAULT.withPassword("open sesame")))
                .isInstanceOf(Converted.class);
    }

    private static Path encrypted(Path plain, String password) throws Exception {
        var encryptor = new org.apache.poi.poifs.crypt.EncryptionInfo(org.apache.poi.poifs.crypt.EncryptionMode.agile)
                .getEncryptor();
        encryptor.confirmPassword(password);
        var file = directory.resolve("encrypted.xlsx");
        try (var container = new POIFSFileSystem();
                var out = Files.newOutputStream(file)) {
            try (var data = encryptor.getDataStream(container)) {
                Files.copy(plain, data);
            }
            container.writeFilesystem(out);
        }
        return file;
    }

    @Test
    void tellsWhatItIs() {
        assertThat(engine.description()).isEqualTo("LibreOffice " + engine.version());
        assertThat(engine.version()).matches("\\d+\\.\\d+\\.\\d+");
        assertThat(engine.status().passedOver()).isEmpty();
        switch (tested) {
            case JODCONVERTER -> {
                assertThat(engine.status().kind()).isEqualTo(EngineKind.JODCONVERTER);
                assertThat(engine.status().sandbox()).isEqualTo("bubblewrap");
            }
            case FORK -> {
                assertThat(engine.status().kind()).isEqualTo(EngineKind.FORK_SERVER);
                assertThat(engine.status().sandbox()).startsWith("fork server (landlock, seccomp");
            }
        }
    }
}
