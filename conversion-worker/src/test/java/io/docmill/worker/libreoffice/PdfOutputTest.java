package io.docmill.worker.libreoffice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PdfOutputTest {

    private static final String WHOLE = """
            %PDF-1.7
            1 0 obj
            <</Type/Outlines/Count 9>>
            endobj
            5 0 obj
            <</Type/Pages
            /Resources 7 0 R
            /MediaBox[ 0 0 595 841 ]
            /Kids[ 3 0 R 4 0 R ]
            /Count 2>>
            endobj
            trailer
            <</Size 40>>
            startxref
            21503
            %%EOF
            """;

    @TempDir
    private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("x.pdf"), content);
    }

    @Test
    void countsPages() throws IOException {
        assertThat(PdfOutput.pages(file(WHOLE))).hasValue(2);
        assertThat(PdfOutput.pages(file("%PDF-1.7 no pages"))).isEmpty();
    }

    @Test
    void knowsAWholeFileFromATornOne() throws IOException {
        assertThat(PdfOutput.isComplete(file(WHOLE))).isTrue();
        assertThat(PdfOutput.isComplete(file(WHOLE.substring(0, WHOLE.length() - 4))))
                .isFalse();
        assertThat(PdfOutput.isComplete(file(""))).isFalse();
        assertThat(PdfOutput.isComplete(directory.resolve("absent"))).isFalse();
    }
}
