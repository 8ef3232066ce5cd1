package io.docmill.inspection;

import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.inspection.Inspection.Accepted;
import io.docmill.inspection.Inspection.Reason;
import io.docmill.inspection.Inspection.Refused;
import io.docmill.testing.documents.BrokenDocuments;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SuspiciousDocumentsTest {
    @TempDir
    Path directory;

    private final DocumentInspector inspector = new DocumentInspector();

    @ParameterizedTest
    @MethodSource("suspiciousDocuments")
    void refusesWhatOnlyAttackersMake(TestDocument document, String finding) {
        assertRefused(inspector, document, finding);
    }

    static Stream<Arguments> suspiciousDocuments() {
        return Stream.of(
                Arguments.of(BrokenDocuments.zipBomb(16), "'word/document.xml' unpacks too far"),
                Arguments.of(BrokenDocuments.docxWithParts(5_000), "more than 5,000 parts"),
                Arguments.of(BrokenDocuments.docxWithParts(60_000), "more than 5,000 parts"),
                Arguments.of(BrokenDocuments.docxWithDuplicateParts(), "'word/document.xml' twice"),
                Arguments.of(part("WORD/document.xml", "<w/>"), "'WORD/document.xml' twice"),
                Arguments.of(part("../evil.sh", "x"), "points outside"),
                Arguments.of(part("a/../../evil.sh", "x"), "points outside"),
                Arguments.of(part("..\\evil.sh", "x"), "points outside"),
                Arguments.of(part("/evil.sh", "x"), "points outside"),
                Arguments.of(part("C:\\evil.sh", "x"), "points outside"),
                Arguments.of(BrokenDocuments.docxWithDtd(), "declares a document type"),
                Arguments.of(BrokenDocuments.docxWithDtdInUtf16(), "declares a document type"),
                Arguments.of(BrokenDocuments.docxOfDepth(600), "nests more than 512 elements"));
    }

    @Test
    void refusesZipEncryption() {
        // Bit 0 of the flags, 38 bytes before the name in the central directory.
        TestDocument one = Bytes.overwrite(part("custom/one.bin", "x"), "custom/one.bin", -38, "\1");
        assertRefused(inspector, one, "'custom/one.bin' is encrypted");
    }

    @Test
    void refusesPartsThatOverlap() {
        // Given: the directory says that the last part lies where the first one does, 4 bytes before its name.
        TestDocument document = Bytes.overwrite(part("custom/one.bin", "x"), "custom/one.bin", -4, "\0\0\0\0");
        // When, then
        assertRefused(inspector, document, "lies over another one");
    }

    @Test
    void refusesPartsThatSayTheyAreSmaller() {
        // The size, 22 bytes before the name in the central directory.
        TestDocument document = Bytes.overwrite(
                part("custom/one.txt", "0123456789".repeat(100)), "custom/one.txt", -22, "\u0010\0\0\0");
        assertRefused(inspector, document, "more than the 16 bytes that it says it has");
    }

    @Test
    void countsEveryLimitOfItsOwn() {
        var defaults = InspectionLimits.DEFAULTS;
        TestDocument document = part("custom/big.txt", "0123456789".repeat(10_000));
        assertRefused(
                inspector(defaults.entries(), 50_000, defaults.totalSize(), 1 << 20), document, "unpacks too far");
        assertRefused(inspector(defaults.entries(), 200_000, 100_000, 1 << 20), document, "unpacks too far");
        assertRefused(inspector(defaults.entries(), 200_000, 200_000, 1_000), document, "unpacks too far");
        assertRefused(inspector(3, 200_000, 200_000, 1 << 20), document, "more than 3 parts");
        assertThat(inspect(inspector(100, 200_000, 200_000, 1 << 20), document)).isInstanceOf(Accepted.class);
    }

    @Test
    void addsUpTheRatioOfManySmallParts() {
        // Given: parts that each stay below the size up to which any ratio passes
        var limits = new InspectionLimits(100, 1 << 20, 1 << 24, 40, 40_000, 512, 1, 1);
        TestDocument document = part("custom/a.txt", "0".repeat(39_000));
        for (String name : new String[] {"custom/b.txt", "custom/c.txt", "custom/d.txt", "custom/e.txt"}) {
            document =
                    BrokenDocuments.withPart(document, name, "0".repeat(39_000).getBytes(UTF_8));
        }
        // When, then
        assertRefused(new DocumentInspector(limits), document, "more than 40 times its size");
    }

    @ParameterizedTest
    @MethodSource("hugeImages")
    void refusesImagesOfTooManyPixels(byte[] image) {
        assertRefused(inspector, BrokenDocuments.docxWithPart("word/media/image1.bin", image), "pixels, more than");
    }

    static Stream<byte[]> hugeImages() {
        ByteBuffer png = ByteBuffer.allocate(64)
                .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'})
                .putInt(20_000)
                .putInt(20_000);
        ByteBuffer gif = ByteBuffer.allocate(64)
                .put("GIF89a".getBytes(UTF_8))
                .putShort((short) -1)
                .putShort((short) -1);
        ByteBuffer jpeg = ByteBuffer.allocate(64)
                .put(new byte[] {-1, (byte) 0xD8, -1, (byte) 0xE0, 0, 4, 0, 0, -1, (byte) 0xC2, 0, 17, 8})
                .putShort((short) 30_000)
                .putShort((short) 30_000);
        ByteBuffer tiff = ByteBuffer.allocate(64)
                .put(new byte[] {'M', 'M', 0, 42, 0, 0, 0, 8, 0, 2})
                .put(new byte[] {1, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0x7F, -1})
                .put(new byte[] {1, 1, 0, 4, 0, 0, 0, 1, 0, 0, 0x7F, -1});
        return Stream.of(png, gif, jpeg, tiff).map(ByteBuffer::array);
    }

    @Test
    void addsUpThePixelsOfAllImages() {
        // Given: an image of 64 × 48 pixels, twice
        var limits = new InspectionLimits(100, 1 << 20, 1 << 24, 200, 1 << 20, 512, 4_000, 5_000);
        byte[] png = TestDocuments.png().bytes();
        TestDocument once = BrokenDocuments.docxWithPart("word/media/a.png", png);
        TestDocument twice = BrokenDocuments.withPart(once, "word/media/b.png", png);
        // When, then
        assertThat(inspect(new DocumentInspector(limits), once)).isInstanceOf(Accepted.class);
        assertRefused(new DocumentInspector(limits), twice, "images have more than 5,000 pixels");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<?xml version='1.0'?><!-- x --><!DOCTYPE a SYSTEM 'http://example.com/a.dtd'><a/>",
                "<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>",
                "<!DOCTYPE svg[<!ENTITY a 'b'>]><svg/>",
                "<!DOCTYPE\n html\t[<!ENTITY a 'b'>]><html/>",
                "\uFEFF<!DOCTYPE w:document><w:document/>",
                "<a x='>'><![CDATA[ <b> ]]]><!ENTITY a 'b'></a>"
            })
    void findsDeclarationsWhereverTheyHide(String xml) {
        assertRefused(inspector, part("customXml/item9.xml", xml), "declares a document type");
        assertRefused(
                inspector,
                BrokenDocuments.docxWithPart("customXml/item9.bin", xml.getBytes(UTF_16BE)),
                "declares a document type");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<a><!-- <!DOCTYPE a> ---><![CDATA[<!DOCTYPE a>]]]]></a>",
                "<a b='<!DOCTYPE a>'/>",
                "<!DOCTYPE svg PUBLIC '-//W3C//DTD SVG 1.1//EN' 'http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd'><svg/>",
                "<!doctype html><html><body><p><p></body></html>",
                "no xml at all <!DOCTYPE a>",
                "<"
            })
    void passesWhatOnlyLooksLikeADeclaration(String xml) {
        assertThat(inspect(inspector, part("customXml/item9.xml", xml))).isInstanceOf(Accepted.class);
    }

    @Test
    void countsDepthAndNotElements() {
        assertThat(inspect(inspector, BrokenDocuments.docxOfDepth(400))).isInstanceOf(Accepted.class);
        assertThat(inspect(inspector, part("a.xml", "<a>" + "<b x='/'>/</b><c />".repeat(9_000) + "</a>")))
                .isInstanceOf(Accepted.class);
        assertThat(inspect(inspector, part("a.vml", "<a>" + "text<br>".repeat(9_000) + "</a>")))
                .isInstanceOf(Accepted.class);
        assertThat(inspect(inspector, part("a.html", "<html>" + "<p>text".repeat(9_000))))
                .isInstanceOf(Accepted.class);
    }

    private static TestDocument part(String name, String content) {
        return BrokenDocuments.docxWithPart(name, content.getBytes(UTF_8));
    }

    private static DocumentInspector inspector(int entries, long partSize, long totalSize, long ratioFreeSize) {
        return new DocumentInspector(
                new InspectionLimits(entries, partSize, totalSize, 5, ratioFreeSize, 512, 100_000_000, 400_000_000));
    }

    private void assertRefused(DocumentInspector inspector, TestDocument document, String finding) {
        assertThat(inspect(inspector, document)).isInstanceOfSatisfying(Refused.class, refused -> {
            assertThat(refused.message()).contains(finding);
            assertThat(refused.reason()).isEqualTo(Reason.SUSPICIOUS);
        });
    }

    private Inspection inspect(DocumentInspector inspector, TestDocument document) {
        return inspector.inspect(document.writeTo(directory.resolve("document")), document.name());
    }
}
