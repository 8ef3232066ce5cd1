package io.docmill.gateway.download;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.model.document.DocumentFormat;
import io.docmill.model.record.FileRecord;
import io.docmill.model.record.StoredRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {
    private static FileRecord source(String name) {
        return new FileRecord(StoredRecord.VERSION, name, DocumentFormat.DOCX, 1, "0".repeat(64), false, Instant.EPOCH);
    }

    private static int bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8).length;
    }

    @ParameterizedTest
    @CsvSource({
        "report.docx, report.docx",
        "'  Q3 report.docx ', Q3 report.docx",
        "/etc/passwd, passwd",
        "../../report.docx, report.docx",
        "'C:\\Users\\me\\report.docx', report.docx",
        "'folder/', document",
        "'', document",
        "'   ', document",
        "., document",
        ".., document",
        "..., document",
        "'\\', document",
        "Отчёт 三.docx, Отчёт 三.docx",
        "a:b?.docx, a:b?.docx"
    })
    void keepsTheBaseNameOfAnUpload(String name, String kept) {
        assertThat(FileNames.uploaded(name)).isEqualTo(kept);
    }

    @Test
    void dropsWhatAReaderCouldBeMisledBy() {
        assertThat(FileNames.uploaded("a\u0000b\r\nc\u001b[31m\u007f\u0085.docx"))
                .isEqualTo("abc[31m.docx");
        assertThat(FileNames.uploaded("invoice\u202excod.exe")).isEqualTo("invoicexcod.exe");
        assertThat(FileNames.uploaded("\u2066a\u2069\u200e\u200f\u061c.docx")).isEqualTo("a.docx");
        assertThat(FileNames.uploaded("lone\ud800surrogate.docx")).isEqualTo("lonesurrogate.docx");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "é", "三", "😀", "ก", "क्षि"})
    void shortensLongNamesAtACharacter(String letter) {
        // Given
        String name = letter.repeat(300) + ".docx";
        // When
        String uploaded = FileNames.uploaded(name);
        String converted = FileNames.converted(source(uploaded), "pdf");
        // Then
        assertThat(bytes(uploaded)).isBetween(252, 255);
        assertThat(bytes(converted)).isBetween(117, 120);
        assertThat(converted).endsWith(".pdf");
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(converted)).isTrue();
        assertThat(letter.repeat(300)).startsWith(converted.substring(0, converted.length() - 4));
    }

    @ParameterizedTest
    @CsvSource({
        "report.docx, report.pdf",
        "report, report.pdf",
        "report.final.docx, report.final.pdf",
        ".docx, .docx.pdf",
        "'a<b>c:d\"e|f?g*h.docx', a_b_c_d_e_f_g_h.pdf",
        "' .docx', document.pdf",
        "Q3 “report”.docx, Q3 “report”.pdf"
    })
    void namesAConversionAfterItsSource(String name, String converted) {
        assertThat(FileNames.converted(source(name), "pdf")).isEqualTo(converted);
    }

    @ParameterizedTest
    @CsvSource({
        "Q3 report, Q3 report.docx",
        "Q3 report.DOCX, Q3 report.docx",
        "Release 1.2, Release 1.2.docx",
        "Sales 2025/26, Sales 2025_26.docx",
        ".docx, document.docx"
    })
    void namesAFileAfterATitle(String title, String named) {
        assertThat(FileNames.titled(title, "docx")).isEqualTo(named);
    }

    @Test
    void keepsTheWordsOfATitle() {
        assertThat(FileNames.title(" Sales 2025/26\u0007\u202e ")).isEqualTo("Sales 2025/26");
        assertThat(FileNames.title("\n")).isEqualTo("document");
        assertThat(FileNames.titled(FileNames.title("三".repeat(200)), "docx").getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThanOrEqualTo(255);
    }

    @Test
    void namesAnOriginalByWhatItIs() {
        assertThat(FileNames.original(source("report.DOCX"))).isEqualTo("report.docx");
        assertThat(FileNames.original(source("report.pdf"))).isEqualTo("report.docx");
        assertThat(FileNames.original(source("a:b?.docx"))).isEqualTo("a_b_.docx");
        assertThat(bytes(FileNames.original(source("x".repeat(250) + ".docx")))).isEqualTo(120);
    }

    @Test
    void writesNamesAsHttpHasThem() {
        assertThat(FileNames.contentDisposition("report.pdf"))
                .isEqualTo("attachment; filename=\"report.pdf\"; filename*=UTF-8''report.pdf");
        assertThat(FileNames.contentDisposition("Q3 “ü” 100%.pdf"))
                .isEqualTo("attachment; filename=\"Q3 ___ 100_.pdf\"; "
                        + "filename*=UTF-8''Q3%20%E2%80%9C%C3%BC%E2%80%9D%20100%25.pdf");
        assertThat(FileNames.contentDisposition("a\"b\\c\r\nX: y.pdf"))
                .isEqualTo("attachment; filename=\"a_b_c__X: y.pdf\"; filename*=UTF-8''a%22b%5Cc%0D%0AX%3A%20y.pdf");
        assertThat(FileNames.contentDisposition("😀.pdf"))
                .isEqualTo("attachment; filename=\"_.pdf\"; filename*=UTF-8''%F0%9F%98%80.pdf");
    }
}
