package io.docmill.inspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.docmill.inspection.Inspection.Accepted;
import io.docmill.inspection.Inspection.Reason;
import io.docmill.inspection.Inspection.Refused;
import io.docmill.model.document.DocumentFormat;
import io.docmill.testing.documents.BrokenDocuments;
import io.docmill.testing.documents.EncryptedDocuments;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class DocumentInspectorTest {
    @TempDir
    Path directory;

    private final DocumentInspector inspector = new DocumentInspector();

    @ParameterizedTest
    @MethodSource("soundDocuments")
    void acceptsSoundDocuments(TestDocument document, DocumentFormat format) {
        assertThat(inspect(document)).isEqualTo(new Accepted(format, false, document.size()));
    }

    static Stream<Arguments> soundDocuments() {
        String text = TestDocuments.MANY_SCRIPTS;
        return Stream.of(
                Arguments.of(TestDocuments.docx(text), DocumentFormat.DOCX),
                Arguments.of(TestDocuments.richDocx("Heading", text), DocumentFormat.DOCX),
                Arguments.of(TestDocuments.docxWithLinkedImages("file:///etc/hostname"), DocumentFormat.DOCX),
                Arguments.of(TestDocuments.richXlsx("Heading", text), DocumentFormat.XLSX),
                Arguments.of(TestDocuments.richPptx("Heading", text), DocumentFormat.PPTX),
                Arguments.of(TestDocuments.doc(), DocumentFormat.DOC),
                Arguments.of(TestDocuments.richXls("Heading", text), DocumentFormat.XLS),
                Arguments.of(TestDocuments.richPpt("Heading", text), DocumentFormat.PPT));
    }

    @ParameterizedTest
    @MethodSource("encryptedDocuments")
    void acceptsEncryptedDocumentsWithTheirMarker(TestDocument document, DocumentFormat format) {
        assertThat(inspect(document)).isEqualTo(new Accepted(format, true, document.size()));
    }

    static Stream<Arguments> encryptedDocuments() {
        return Stream.of(
                Arguments.of(EncryptedDocuments.docx("secret"), DocumentFormat.DOCX),
                Arguments.of(EncryptedDocuments.docx("secret").named("Secret.DOTM"), DocumentFormat.DOCX),
                Arguments.of(EncryptedDocuments.xlsx("secret"), DocumentFormat.XLSX),
                Arguments.of(EncryptedDocuments.xlsx("secret").named("secret.xls"), DocumentFormat.XLSX),
                Arguments.of(EncryptedDocuments.pptx("secret"), DocumentFormat.PPTX),
                Arguments.of(EncryptedDocuments.pptx("secret").named("secret.ppsx"), DocumentFormat.PPTX),
                Arguments.of(EncryptedDocuments.doc(), DocumentFormat.DOC),
                Arguments.of(EncryptedDocuments.xls("secret"), DocumentFormat.XLS),
                Arguments.of(EncryptedDocuments.ppt("secret"), DocumentFormat.PPT));
    }

    @Test
    void goesByContentAndNotByName() {
        assertThat(inspect(TestDocuments.docx("text").named("table.xlsx")))
                .isInstanceOfSatisfying(
                        Accepted.class,
                        accepted -> assertThat(accepted.format()).isEqualTo(DocumentFormat.DOCX));
        assertThat(inspect(TestDocuments.xls("text").named("no extension")))
                .isInstanceOfSatisfying(
                        Accepted.class,
                        accepted -> assertThat(accepted.format()).isEqualTo(DocumentFormat.XLS));
    }

    @Test
    void asksForATellingNameWhereEncryptionHidesTheContent() {
        assertThat(inspect(EncryptedDocuments.docx("secret").named("secret.bin")))
                .isInstanceOfSatisfying(Refused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Reason.UNSUPPORTED);
                    assertThat(refused.message()).contains("Name it .docx");
                });
    }

    @ParameterizedTest
    @CsvSource({
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml, DOCX",
        "application/vnd.ms-word.document.macroEnabled.main+xml, DOCX",
        "application/vnd.ms-word.template.macroEnabledTemplate.main+xml, DOCX",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml, XLSX",
        "application/vnd.ms-excel.sheet.macroEnabled.main+xml, XLSX",
        "application/vnd.ms-excel.template.macroEnabled.main+xml, XLSX",
        "application/vnd.openxmlformats-officedocument.presentationml.slideshow.main+xml, PPTX",
        "application/vnd.ms-powerpoint.template.macroEnabled.main+xml, PPTX"
    })
    void takesTemplatesShowsAndMacrosAsDocuments(String contentType, DocumentFormat format) {
        assertThat(inspect(TestDocuments.docxOfContentType(contentType)))
                .isInstanceOfSatisfying(
                        Accepted.class,
                        accepted -> assertThat(accepted.format()).isEqualTo(format));
    }

    @ParameterizedTest
    @MethodSource("foreignDocuments")
    void namesWhatIsNoSource(TestDocument document, String kind) {
        assertThat(inspect(document)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.reason()).isEqualTo(Reason.UNSUPPORTED);
            assertThat(refused.message())
                    .contains(kind)
                    .contains("Docmill converts xlsx, xls, docx, doc, pptx and ppt documents");
        });
    }

    static Stream<Arguments> foreignDocuments() {
        return Stream.of(
                Arguments.of(BrokenDocuments.htmlPosingAsDoc(), "a web page (html)"),
                Arguments.of(BrokenDocuments.rtfPosingAsDoc(), "a rich text document (rtf)"),
                Arguments.of(BrokenDocuments.pdfPosingAsDoc(), "a PDF document (pdf)"),
                Arguments.of(BrokenDocuments.odtPosingAsDoc(), "an OpenDocument text (odt)"),
                Arguments.of(BrokenDocuments.textPosingAsDoc(), "plain text"),
                Arguments.of(BrokenDocuments.zip(), "a zip archive without an Office document"),
                Arguments.of(TestDocuments.png(), "a PNG image (png)"),
                Arguments.of(
                        TestDocuments.docxOfContentType("application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
                        "an Excel binary workbook (xlsb)"),
                Arguments.of(
                        Bytes.document(
                                "sheet.xls", "<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?><W/>"),
                        "an Excel 2003 XML workbook (xml)"),
                Arguments.of(BrokenDocuments.htmlPosingAsDoc().named("page.xls"), "a web page (html)"),
                Arguments.of(BrokenDocuments.htmlPosingAsDoc().named("page.docx"), "a web page (html)"),
                Arguments.of(BrokenDocuments.rtfPosingAsDoc().named("text.docx"), "a rich text document (rtf)"),
                Arguments.of(Bytes.document("picture.docx", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>"), "SVG"),
                Arguments.of(
                        Bytes.document(
                                "picture.doc",
                                "<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"><image"
                                        + " href=\"file:///etc/hostname\"/></svg>"),
                        "an SVG image (svg)"),
                Arguments.of(
                        Bytes.document(
                                "flat.xls",
                                "<?xml version=\"1.0\"?><office:document"
                                        + " xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\"/>"),
                        "an OpenDocument file as flat XML"),
                Arguments.of(
                        Bytes.document("flat.docx", "\u00EF\u00BB\u00BF<office:document xmlns:office=\"urn:oasis\"/>"),
                        "The file is"),
                Arguments.of(Bytes.document("any.doc", "\1\2\3\4"), "of a kind that Docmill does not know"));
    }

    @Test
    void acceptsWhatIsOlderThanOle2() {
        assertThat(inspect(Bytes.document("old.xls", "\t\4\6\0\0\0\20\0\n\0\0\0")))
                .isInstanceOfSatisfying(
                        Accepted.class,
                        accepted -> assertThat(accepted.format()).isEqualTo(DocumentFormat.XLS));
        assertThat(inspect(Bytes.document("old.doc", "\u00DB\u00A5-\0\0\0\0\0\0\0\0\0")))
                .isInstanceOfSatisfying(
                        Accepted.class,
                        accepted -> assertThat(accepted.format()).isEqualTo(DocumentFormat.DOC));
    }

    @Test
    void refusesTheEmptyFile() {
        assertThat(inspect(BrokenDocuments.empty()))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.EMPTY));
    }

    @ParameterizedTest
    @MethodSource("damagedDocuments")
    void refusesDamagedDocuments(TestDocument document) {
        assertThat(inspect(document))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.reason()).isEqualTo(Reason.CORRUPT));
    }

    static Stream<TestDocument> damagedDocuments() {
        return Stream.of(
                BrokenDocuments.truncatedDocx(),
                BrokenDocuments.truncatedDoc(),
                BrokenDocuments.docxWithFlippedBit(),
                TestDocuments.docx("text").truncatedTo(40),
                TestDocuments.xls("text").truncatedTo(600));
    }

    @Test
    void failsOnlyForAFileThatIsNotThere() {
        Path missing = directory.resolve("missing.docx");
        assertThatThrownBy(() -> inspector.inspect(missing, "missing.docx")).isInstanceOf(UncheckedIOException.class);
    }

    private Inspection inspect(TestDocument document) {
        return inspector.inspect(document.writeTo(directory.resolve("document")), document.name());
    }
}
