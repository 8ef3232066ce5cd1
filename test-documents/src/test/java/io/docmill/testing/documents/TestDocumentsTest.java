package io.docmill.testing.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.poi.extractor.ExtractorFactory;
import org.apache.poi.hssf.record.crypto.Biff8EncryptionKey;
import org.apache.poi.ss.usermodel.WorkbookFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TestDocumentsTest {
    @ParameterizedTest
    @MethodSource("documentsWithTheirText")
    void holdsItsText(TestDocument document, String text) throws IOException {
        assertThat(textOf(document)).contains(text);
    }

    static Stream<Object[]> documentsWithTheirText() {
        String text = TestDocuments.MANY_SCRIPTS;
        return Stream.of(
                new Object[] {TestDocuments.docx(text), text},
                new Object[] {TestDocuments.richDocx("A heading", text), text},
                new Object[] {TestDocuments.richDocx("A heading", text), "A heading"},
                new Object[] {TestDocuments.richDocx("A heading", text), TestDocuments.cellText(1, 1)},
                new Object[] {TestDocuments.docxOfPages(3), "Page 3."},
                new Object[] {TestDocuments.docxWithLinkedImages("http://127.0.0.1:9/a.png"), "Linked images"},
                new Object[] {TestDocuments.doc(), text},
                new Object[] {TestDocuments.doc(), TestDocuments.DOC_TEXT},
                new Object[] {TestDocuments.xlsx(text), text},
                new Object[] {TestDocuments.richXlsx("A heading", text), "42"},
                new Object[] {TestDocuments.xls(text), text},
                new Object[] {TestDocuments.richXls("A heading", text), "42"},
                new Object[] {TestDocuments.pptx(text), text},
                new Object[] {TestDocuments.pptx("first", "second"), "second"},
                new Object[] {TestDocuments.richPptx("A heading", text), "A heading"},
                new Object[] {TestDocuments.ppt(text), text},
                new Object[] {TestDocuments.richPpt("A heading", text), TestDocuments.cellText(1, 1)});
    }

    @ParameterizedTest
    @MethodSource("encryptedDocuments")
    void opensAnEncryptedDocumentWithItsPassword(TestDocument document) throws IOException {
        Biff8EncryptionKey.setCurrentUserPassword(EncryptedDocuments.PASSWORD);
        try {
            String expected = document.name().endsWith(".doc") ? TestDocuments.DOC_TEXT : "secret";
            assertThat(textOf(document)).contains(expected);
        } finally {
            Biff8EncryptionKey.setCurrentUserPassword(null);
        }
    }

    static Stream<TestDocument> encryptedDocuments() {
        return Stream.of(
                EncryptedDocuments.docx("secret"),
                EncryptedDocuments.xlsx("secret"),
                EncryptedDocuments.pptx("secret"),
                EncryptedDocuments.xls("secret"),
                EncryptedDocuments.ppt("secret"),
                EncryptedDocuments.doc());
    }

    @Test
    void makesTheSameBytesEachTime() {
        assertSame(() -> TestDocuments.richDocx("h", "t"));
        assertSame(() -> TestDocuments.richXlsx("h", "t"));
        assertSame(() -> TestDocuments.richPptx("h", "t"));
        assertSame(() -> TestDocuments.richXls("h", "t"));
    }

    @Test
    void keepsTheActiveSheet() throws IOException {
        for (TestDocument document : new TestDocument[] {
            TestDocuments.xlsxWithActiveSheet(1, "one", "two", "three"),
            TestDocuments.xlsWithActiveSheet(1, "one", "two", "three")
        }) {
            try (var workbook = WorkbookFactory.create(document.open())) {
                assertThat(workbook.getActiveSheetIndex()).isEqualTo(1);
            }
        }
    }

    @Test
    void writesTheBytesUnderItsName(@TempDir Path directory) throws IOException {
        // Given
        TestDocument document = TestDocuments.xls("text").named("other.doc");
        // When
        Path file = document.writeInto(directory);
        // Then
        assertThat(file).hasFileName("other.doc");
        assertThat(Files.readAllBytes(file)).isEqualTo(document.bytes());
    }

    private static void assertSame(Supplier<TestDocument> document) {
        assertThat(document.get().bytes()).isEqualTo(document.get().bytes());
    }

    private static String textOf(TestDocument document) throws IOException {
        try (var extractor =
                ExtractorFactory.createExtractor(document.open(), Biff8EncryptionKey.getCurrentUserPassword())) {
            return extractor.getText();
        }
    }
}
