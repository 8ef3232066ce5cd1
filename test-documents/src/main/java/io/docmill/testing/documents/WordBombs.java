package io.docmill.testing.documents;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.docmill.testing.documents.HostileDocument.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Texts of few bytes that take much time, memory or disk to open. */
final class WordBombs {
    private WordBombs() {}

    static List<HostileDocument> all() {
        var documents = new ArrayList<HostileDocument>();
        addContainers(documents);
        addDepths(documents);
        addLengths(documents);
        addImages(documents);
        return documents;
    }

    private static void add(List<HostileDocument> documents, String technique, String format, byte[] content) {
        documents.add(new HostileDocument(technique, Kind.BOMB, TestDocument.of(technique + "." + format, content)));
    }

    private static void addContainers(List<HostileDocument> documents) {
        add(
                documents,
                "docx-inflating-part",
                "docx",
                BrokenDocuments.zipBomb(100).bytes());
        add(
                documents,
                "docx-many-parts",
                "docx",
                BrokenDocuments.docxWithParts(10_000).bytes());
        var overlapping = HostileParts.word()
                .part("word/z0000.xml", "application/xml", " ".repeat(1 << 20))
                .toBytes();
        add(documents, "docx-overlapping-parts", "docx", ZipDirectory.repeatLast(overlapping, "z0000", 1_000));
        byte[] nested = " ".repeat(1 << 20).getBytes(UTF_8);
        for (int level = 0; level < 6; level++) {
            var archive = ZipParts.empty();
            for (int copy = 0; copy < 16; copy++) {
                archive.add(copy + ".zip", nested);
            }
            nested = archive.toBytes();
        }
        add(
                documents,
                "docx-nested-archives",
                "docx",
                HostileParts.word()
                        .part(
                                "word/embeddings/object.docx",
                                "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                                nested)
                        .inside("object", "package", "embeddings/object.docx")
                        .toBytes());
        byte[] inner = TestDocuments.docx("innermost").bytes();
        for (int level = 0; level < 40; level++) {
            inner = HostileParts.word()
                    .part(
                            "word/embeddings/object.docx",
                            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                            inner)
                    .inside("object", "package", "embeddings/object.docx")
                    .add(
                            "<w:p><w:r><w:object><o:OLEObject Type=\"Embed\" ProgID=\"Word.Document.12\" r:id=\"object\"/></w:object></w:r></w:p>")
                    .toBytes();
        }
        add(documents, "docx-within-docx-40-times", "docx", inner);
    }

    private static void addDepths(List<HostileDocument> documents) {
        for (int depth : new int[] {40, 160}) {
            add(
                    documents,
                    "docx-tables-in-tables-" + depth + "-times",
                    "docx",
                    body(nested("<w:tbl><w:tblPr/><w:tr><w:tc>", "<w:p/></w:tc></w:tr></w:tbl>", depth)));
        }
        add(
                documents,
                "docx-depth-of-500-elements",
                "docx",
                BrokenDocuments.docxOfDepth(500).bytes());
        add(
                documents,
                "docx-depth-of-100000-elements",
                "docx",
                BrokenDocuments.docxOfDepth(100_000).bytes());
        String begin = "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> IF </w:instrText></w:r>";
        String end = "<w:r><w:fldChar w:fldCharType=\"end\"/></w:r>";
        add(
                documents,
                "docx-fields-in-fields-3000-times",
                "docx",
                body("<w:p>" + nested(begin, end, 3_000) + "</w:p>"));
        add(
                documents,
                "docx-text-boxes-in-text-boxes-60-times",
                "docx",
                body("<w:p>"
                        + nested(
                                "<w:r><w:pict><v:rect style=\"width:99pt;height:99pt\"><v:textbox><w:txbxContent><w:p>",
                                "</w:p></w:txbxContent></v:textbox></v:rect></w:pict></w:r>",
                                60)
                        + "</w:p>"));
        add(
                documents,
                "rtf-groups-in-groups-as-doc",
                "doc",
                ("{\\rtf1 x" + nested("{\\b ", "}", 500_000) + "}").getBytes(UTF_8));
        add(
                documents,
                "html-tables-in-tables-as-doc",
                "doc",
                ("<html><body>" + nested("<table><tr><td>x", "</td></tr></table>", 2_000) + "</body></html>")
                        .getBytes(UTF_8));
    }

    private static String nested(String open, String close, int times) {
        return open.repeat(times) + close.repeat(times);
    }

    private static byte[] body(String body) {
        return HostileParts.word().add(body).toBytes();
    }

    private static void addLengths(List<HostileDocument> documents) {
        String page = "<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>";
        add(documents, "docx-100000-pages", "docx", body(page.repeat(100_000)));
        String cell = "<w:tc><w:p><w:r><w:t>x</w:t></w:r></w:p></w:tc>";
        add(
                documents,
                "docx-row-of-5000-cells",
                "docx",
                body("<w:tbl><w:tblPr/><w:tr>" + cell.repeat(5_000) + "</w:tr></w:tbl>"));
        add(
                documents,
                "docx-paragraph-of-20000000-letters",
                "docx",
                body("<w:p><w:r><w:t>" + "word ".repeat(4_000_000) + "</w:t></w:r></w:p>"));
        String section = "<w:p><w:pPr><w:sectPr><w:type w:val=\"nextPage\"/></w:sectPr></w:pPr></w:p>";
        add(documents, "docx-5000-sections", "docx", body(section.repeat(5_000)));
        add(
                documents,
                "docx-styles-in-a-circle",
                "docx",
                styles(IntStream.range(0, 1_000)
                        .mapToObj(i -> style(i, (i + 1) % 1_000))
                        .collect(Collectors.joining())));
        add(
                documents,
                "docx-chain-of-20000-styles",
                "docx",
                styles(IntStream.range(0, 20_000).mapToObj(i -> style(i, i + 1)).collect(Collectors.joining())));
    }

    private static String style(int number, int basedOn) {
        return "<w:style w:type=\"paragraph\" w:styleId=\"s%1$d\"><w:name w:val=\"s%1$d\"/><w:basedOn w:val=\"s%2$d\"/></w:style>"
                .formatted(number, basedOn);
    }

    private static byte[] styles(String styles) {
        return HostileParts.word()
                .part(
                        "word/styles.xml",
                        "application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml",
                        "<w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">" + styles
                                + "</w:styles>")
                .inside("styles", "styles", "styles.xml")
                .add("<w:p><w:pPr><w:pStyle w:val=\"s0\"/></w:pPr><w:r><w:t>x</w:t></w:r></w:p>")
                .toBytes();
    }

    private static void addImages(List<HostileDocument> documents) {
        add(
                documents,
                "docx-png-that-says-60000-pixels",
                "docx",
                image("png", "image/png", LargeImages.png(60_000, 60_000, 10)));
        add(
                documents,
                "docx-png-of-9900-pixels",
                "docx",
                image("png", "image/png", LargeImages.png(9_900, 9_900, 9_900)));
        add(documents, "docx-gif-that-says-65535-pixels", "docx", image("gif", "image/gif", LargeImages.gif()));
        add(
                documents,
                "docx-svg-of-a-kilometre",
                "docx",
                svg("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1000000cm\""
                        + " height=\"1000000cm\"><rect width=\"100%\" height=\"100%\" filter=\"url(#f)\"/></svg>"));
        var use = new StringBuilder(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"60\""
                        + " height=\"60\"><defs><g id=\"u0\"><rect width=\"5\" height=\"5\"/></g>");
        for (int i = 1; i < 10; i++) {
            use.append("<g id=\"u" + i + "\">" + ("<use xlink:href=\"#u" + (i - 1) + "\"/>").repeat(10) + "</g>");
        }
        add(documents, "docx-svg-billion-uses", "docx", svg(use + "</defs><use xlink:href=\"#u9\"/></svg>"));
        add(
                documents,
                "docx-svg-pattern-of-itself",
                "docx",
                svg("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"600\" height=\"600\">"
                        + "<pattern id=\"p\" width=\"0.001\" height=\"0.001\" patternUnits=\"userSpaceOnUse\"><rect width=\"1\" height=\"1\""
                        + " fill=\"url(#p)\"/></pattern><rect width=\"600\" height=\"600\" fill=\"url(#p)\"/></svg>"));
    }

    private static byte[] svg(String svg) {
        return image("svg", "image/svg+xml", svg.getBytes(UTF_8));
    }

    private static byte[] image(String extension, String contentType, byte[] content) {
        return HostileParts.word()
                .inside("image", "image", "media/image1." + extension)
                .part("word/media/image1." + extension, contentType, content)
                .add("<w:p><w:r>" + WordInclusions.drawing("<a:blip r:embed=\"image\"/>") + "</w:r></w:p>")
                .toBytes();
    }
}
