package io.docmill.testing.documents;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/** Documents that must be refused: damaged ones, bombs, and files that are no source at all. */
public final class BrokenDocuments {
    private static final String DOCUMENT_PART = "word/document.xml";

    private BrokenDocuments() {}

    /** No byte at all. */
    public static TestDocument empty() {
        return TestDocument.of("empty.docx", new byte[0]);
    }

    /** A Word document of which the last third is missing, and so the zip's directory. */
    public static TestDocument truncatedDocx() {
        TestDocument whole = TestDocuments.richDocx("Heading", TestDocuments.MANY_SCRIPTS);
        return whole.truncatedTo(whole.size() * 2 / 3).named("truncated.docx");
    }

    /** A Word 97 document of which the second half is missing. */
    public static TestDocument truncatedDoc() {
        TestDocument whole = TestDocuments.doc();
        return whole.truncatedTo(whole.size() / 2).named("truncated.doc");
    }

    /** A Word document with one flipped bit in the compressed bytes of its main part: inflating or its CRC fails. */
    public static TestDocument docxWithFlippedBit() {
        byte[] bytes = TestDocuments.docx("A text that is damaged on its way.").bytes();
        byte[] name = DOCUMENT_PART.getBytes(UTF_8);
        int at = 0;
        while (!Arrays.equals(bytes, at, at + name.length, name, 0, name.length)) {
            at++;
        }
        bytes[at + name.length + 60] ^= 0x10;
        return TestDocument.of("flipped-bit.docx", bytes);
    }

    /** A zip with a text file in it, posing as a Word document. */
    public static TestDocument zip() {
        return TestDocument.of(
                "archive.docx", ZipParts.empty().add("notes.txt", "Only notes.").toBytes());
    }

    /** A Word document whose main part inflates to this many MiB of spaces from a thousandth of that. */
    public static TestDocument zipBomb(int mebibytes) {
        byte[] content = TestDocuments.docx("bomb").bytes();
        ZipParts parts = ZipParts.of(content);
        byte[] start = parts.text(DOCUMENT_PART).getBytes(UTF_8);
        byte[] bloated = Arrays.copyOf(start, mebibytes << 20);
        Arrays.fill(bloated, start.length, bloated.length, (byte) ' ');
        return TestDocument.of(
                "bomb.docx", parts.replace(DOCUMENT_PART, bloated).toBytes());
    }

    /** A Word document with this many more parts, each of one byte. */
    public static TestDocument docxWithParts(int count) {
        ZipParts parts = ZipParts.of(TestDocuments.docx("many parts").bytes());
        for (int i = 0; i < count; i++) {
            parts.add("custom/part" + i + ".bin", "x");
        }
        return TestDocument.of("many-parts.docx", parts.toBytes());
    }

    /** A Word document that has its main part twice: readers disagree about which one counts. */
    public static TestDocument docxWithDuplicateParts() {
        ZipParts parts = ZipParts.of(TestDocuments.docx("first").bytes());
        parts.add(DOCUMENT_PART, parts.text(DOCUMENT_PART).replace("first", "second"));
        return TestDocument.of("duplicate-parts.docx", parts.toBytes());
    }

    /** A Word document with a further part of this name, for instance {@code ../../evil.sh}. */
    public static TestDocument docxWithPart(String partName, byte[] content) {
        return withPart(TestDocuments.docx("extra part"), partName, content).named("extra-part.docx");
    }

    /** This docx, xlsx or pptx with a further part. */
    public static TestDocument withPart(TestDocument document, String partName, byte[] content) {
        return TestDocument.of(
                document.name(),
                ZipParts.of(document.bytes()).add(partName, content).toBytes());
    }

    /** A Word document whose main part declares entities that multiply ("billion laughs"). */
    public static TestDocument docxWithDtd() {
        return TestDocument.of(
                "dtd.docx",
                ZipParts.of(TestDocuments.docx("laughs").bytes())
                        .edit(DOCUMENT_PART, "<w:document", DTD + "<w:document")
                        .toBytes());
    }

    /** {@link #docxWithDtd} with its main part in UTF-16, where a search for the bytes of {@code <!DOCTYPE} fails. */
    public static TestDocument docxWithDtdInUtf16() {
        ZipParts parts = ZipParts.of(docxWithDtd().bytes());
        String xml = parts.text(DOCUMENT_PART).replaceFirst("encoding=\"UTF-8\"", "encoding=\"UTF-16\"");
        return TestDocument.of(
                "dtd-utf16.docx",
                parts.replace(DOCUMENT_PART, ("\uFEFF" + xml).getBytes(UTF_16LE))
                        .toBytes());
    }

    /** A Word document whose main part nests this many elements. */
    public static TestDocument docxOfDepth(int depth) {
        return TestDocument.of(
                "deep.docx",
                ZipParts.of(TestDocuments.docx("deep").bytes())
                        .edit(
                                DOCUMENT_PART,
                                "<w:body>",
                                "<w:body>" + "<w:sdt>".repeat(depth) + "</w:sdt>".repeat(depth))
                        .toBytes());
    }

    /** A Word document whose main part is cut off in the middle of an element, in a sound zip. */
    public static TestDocument docxWithMalformedXml() {
        return TestDocument.of(
                "malformed.docx",
                ZipParts.of(TestDocuments.docx("malformed").bytes())
                        .edit(DOCUMENT_PART, "</w:body>", "<w:p><w:r")
                        .toBytes());
    }

    /** A web page named as a Word document. */
    public static TestDocument htmlPosingAsDoc() {
        return text("page.doc", "<!DOCTYPE html>\n<html><head><title>Page</title></head><body>A page.</body></html>\n");
    }

    /** A rich text document named as a Word document. */
    public static TestDocument rtfPosingAsDoc() {
        return text("text.doc", "{\\rtf1\\ansi{\\fonttbl{\\f0 Times;}}\\f0 Rich text.\\par}\n");
    }

    /** A PDF named as a Word document. */
    public static TestDocument pdfPosingAsDoc() {
        return text("print.doc", """
                %PDF-1.4
                1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
                2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
                3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>> endobj
                trailer <</Root 1 0 R>>
                %%EOF
                """);
    }

    /** An OpenDocument text named as a Word document. */
    public static TestDocument odtPosingAsDoc() {
        return TestDocument.of(
                "open.doc",
                ZipParts.empty()
                        .addStored("mimetype", "application/vnd.oasis.opendocument.text")
                        .add("content.xml", ODT_CONTENT)
                        .add("META-INF/manifest.xml", ODT_MANIFEST)
                        .toBytes());
    }

    /** A few lines of text named as a Word document. */
    public static TestDocument textPosingAsDoc() {
        return text("plain.doc", "Just a few lines\nof plain text.\n");
    }

    private static TestDocument text(String name, String content) {
        return TestDocument.of(name, content.getBytes(UTF_8));
    }

    private static final String DTD = """
            <!DOCTYPE w:document [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c \
            "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>""";

    private static final String ODT_CONTENT = """
            <?xml version="1.0" encoding="UTF-8"?>
            <office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
             xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body><office:text>
            <text:p>OpenDocument text.</text:p></office:text></office:body></office:document-content>
            """;

    private static final String ODT_MANIFEST = """
            <?xml version="1.0" encoding="UTF-8"?>
            <manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">
            <manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>
            <manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>
            """;
}
