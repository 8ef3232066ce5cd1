package io.docmill.testing.documents;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Small sound documents of every source format. Each call makes the document anew, in milliseconds; docx, xlsx and pptx
 * of the same arguments are the same bytes. Safe for use by several threads.
 */
public final class TestDocuments {
    /** Latin with accents, Greek, Cyrillic, Chinese, Japanese, Korean, Arabic, Hebrew, Devanagari, Thai and emoji. */
    public static final String MANY_SCRIPTS =
            "Crème brûlée, Straße, Łódź; Ελληνικά; Русский; 汉字; かな交じり文; 한국어; العربية; עברית; हिन्दी; ไทย; 😀👩‍🚀";

    /** What {@link #doc()} says in its first paragraph; the second one is {@link #MANY_SCRIPTS}. */
    public static final String DOC_TEXT = "Docmill converts this Word 97 document.";

    /** Where the links of the rich documents go: an ordinary place, and one that must not survive into HTML. */
    public static final List<String> LINKS = List.of("https://example.com/report", "javascript:alert(1)");

    private TestDocuments() {}

    /** A Word document of one page with one paragraph for each text. */
    public static TestDocument docx(String... paragraphs) {
        return TestDocument.of("document.docx", WordDocuments.paragraphs(Arrays.asList(paragraphs)));
    }

    /** A Word document of this many pages; page n says {@code Page n.} */
    public static TestDocument docxOfPages(int pages) {
        return TestDocument.of("pages.docx", WordDocuments.pages(numbered("Page %d.", pages)));
    }

    /** A Word document with a heading (style and outline level 1), a text, a 2 × 2 table, a PNG and {@link #LINKS}. */
    public static TestDocument richDocx(String heading, String text) {
        return TestDocument.of("report.docx", WordDocuments.rich(heading, text));
    }

    /** A Word document whose pictures are not inside but linked: http(s) or file URLs, to see who fetches them. */
    public static TestDocument docxWithLinkedImages(String... urls) {
        return TestDocument.of("linked-images.docx", WordDocuments.linkedImages(Arrays.asList(urls)));
    }

    /**
     * A package with the parts of a Word document, whose main part has this content type: that of a template, of a
     * document with macros, of another program's files.
     */
    public static TestDocument docxOfContentType(String contentType) {
        ZipParts parts = ZipParts.of(docx("A main part of another type.").bytes());
        String docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml";
        return TestDocument.of(
                "typed.docx",
                parts.edit("[Content_Types].xml", docx, contentType).toBytes());
    }

    /** A Word 97 document that says {@link #DOC_TEXT} and {@link #MANY_SCRIPTS}, as LibreOffice writes it. */
    public static TestDocument doc() {
        return resource("document.doc");
    }

    /** A workbook with one sheet, {@code Sheet1}, and this text in A1. */
    public static TestDocument xlsx(String text) {
        return TestDocument.of("workbook.xlsx", Workbooks.xlsx(List.of(text), 0));
    }

    /**
     * A workbook with a sheet for each text (in A1; {@code Sheet1}, {@code Sheet2}, …), saved with another sheet active.
     *
     * @param activeSheet counted from 0
     */
    public static TestDocument xlsxWithActiveSheet(int activeSheet, String... sheetTexts) {
        return TestDocument.of("sheets.xlsx", Workbooks.xlsx(Arrays.asList(sheetTexts), activeSheet));
    }

    /** A workbook with a heading, a text, 2 × 2 cells, 40 + 2 as a formula in C5, {@link #LINKS} and a PNG. */
    public static TestDocument richXlsx(String heading, String text) {
        return TestDocument.of("report.xlsx", Workbooks.richXlsx(heading, text));
    }

    /** Like {@link #xlsx}, in the format of Excel 97. */
    public static TestDocument xls(String text) {
        return TestDocument.of("workbook.xls", Workbooks.xls(List.of(text), 0));
    }

    /** Like {@link #xlsxWithActiveSheet}, in the format of Excel 97. */
    public static TestDocument xlsWithActiveSheet(int activeSheet, String... sheetTexts) {
        return TestDocument.of("sheets.xls", Workbooks.xls(Arrays.asList(sheetTexts), activeSheet));
    }

    /** Like {@link #richXlsx}, in the format of Excel 97. */
    public static TestDocument richXls(String heading, String text) {
        return TestDocument.of("report.xls", Workbooks.richXls(heading, text));
    }

    /** A deck with one slide for each text. */
    public static TestDocument pptx(String... slides) {
        return TestDocument.of("deck.pptx", Presentations.pptx(Arrays.asList(slides)));
    }

    /** A deck with one slide: heading, text, 2 × 2 table, {@link #LINKS} and a PNG. */
    public static TestDocument richPptx(String heading, String text) {
        return TestDocument.of("report.pptx", Presentations.richPptx(heading, text));
    }

    /** Like {@link #pptx}, in the format of PowerPoint 97. */
    public static TestDocument ppt(String... slides) {
        return TestDocument.of("deck.ppt", Presentations.ppt(Arrays.asList(slides)));
    }

    /** Like {@link #richPptx}, in the format of PowerPoint 97. */
    public static TestDocument richPpt(String heading, String text) {
        return TestDocument.of("report.ppt", Presentations.richPpt(heading, text));
    }

    /** A 64 × 48 picture of red (top left, bottom right) and blue quarters: the one inside the rich documents. */
    public static TestDocument png() {
        return TestDocument.of("quarters.png", SampleImage.png());
    }

    /** What a cell of the tables in the rich documents says; row and column count from 0. */
    public static String cellText(int row, int column) {
        return "row " + (row + 1) + " column " + (column + 1);
    }

    static TestDocument resource(String name) {
        try (var in = Objects.requireNonNull(TestDocuments.class.getResourceAsStream(name), name)) {
            return TestDocument.of(name, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> numbered(String pattern, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(pattern::formatted).toList();
    }
}
