package io.docmill.testing.documents;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.ZipFile;
import java.util.zip.ZipInputStream;
import org.apache.poi.hwpf.HWPFDocument;
import org.apache.poi.poifs.filesystem.FileMagic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokenDocumentsTest {
    @Test
    void truncatedDocumentsCannotBeRead(@TempDir Path directory) {
        Path docx = BrokenDocuments.truncatedDocx().writeInto(directory);
        assertThatThrownBy(() -> new ZipFile(docx.toFile()).close()).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new HWPFDocument(BrokenDocuments.truncatedDoc().open()).close())
                .isInstanceOf(Exception.class);
    }

    @Test
    void aFlippedBitBreaksTheMainPart() {
        assertThatThrownBy(() -> readAll(BrokenDocuments.docxWithFlippedBit())).isInstanceOf(IOException.class);
    }

    @Test
    void aBombIsSmallUntilItIsInflated() throws IOException {
        // Given
        TestDocument bomb = BrokenDocuments.zipBomb(16);
        // When
        long inflated = readAll(bomb);
        // Then
        assertThat(bomb.size()).isLessThan(64 * 1024);
        assertThat(inflated).isGreaterThan(16 << 20);
    }

    @Test
    void posingDocumentsAreWhatTheyAre() {
        assertThat(magic(BrokenDocuments.htmlPosingAsDoc())).isEqualTo(FileMagic.HTML);
        assertThat(magic(BrokenDocuments.rtfPosingAsDoc())).isEqualTo(FileMagic.RTF);
        assertThat(magic(BrokenDocuments.pdfPosingAsDoc())).isEqualTo(FileMagic.PDF);
        assertThat(magic(BrokenDocuments.odtPosingAsDoc())).isEqualTo(FileMagic.OOXML);
    }

    private static FileMagic magic(TestDocument document) {
        return FileMagic.valueOf(document.bytes());
    }

    private static long readAll(TestDocument document) throws IOException {
        long length = 0;
        try (var in = new ZipInputStream(document.open())) {
            while (in.getNextEntry() != null) {
                length += in.readAllBytes().length;
            }
        }
        return length;
    }
}
