package io.docmill.testing.documents;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.docmill.testing.documents.HostileDocument.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Workbooks of few bytes that take much time, memory or disk to open or to write. */
final class SheetBombs {
    private static final String WORKBOOK = "xl/workbook.xml";
    private static final String LAST_CELL = "XFD1048576";

    private SheetBombs() {}

    static List<HostileDocument> all() {
        var documents = new ArrayList<HostileDocument>();
        addSizes(documents);
        addFormulas(documents);
        addMany(documents);
        addPosing(documents);
        return documents;
    }

    private static void add(List<HostileDocument> documents, String technique, String format, byte[] content) {
        documents.add(new HostileDocument(technique, Kind.BOMB, TestDocument.of(technique + "." + format, content)));
    }

    private static void add(List<HostileDocument> documents, String technique, HostileParts parts) {
        add(documents, technique, "xlsx", parts.toBytes());
    }

    private static HostileParts rows(String rows) {
        return HostileParts.sheet().edit("</sheetData>", rows + "</sheetData>");
    }

    private static String many(int count, IntFunction<String> part) {
        return IntStream.range(0, count).mapToObj(part).collect(Collectors.joining());
    }

    private static void addSizes(List<HostileDocument> documents) {
        String far = "<row r=\"1048576\"><c r=\"" + LAST_CELL + "\"><v>1</v></c></row>";
        add(documents, "xlsx-one-cell-at-the-end", rows(far));
        add(
                documents,
                "xlsx-print-area-of-all-cells",
                rows(far)
                        .edit(
                                WORKBOOK,
                                "</workbook>",
                                "<definedNames><definedName name=\"_xlnm.Print_Area\" localSheetId=\"0\">Sheet1!$A$1:$XFD$1048576"
                                        + "</definedName></definedNames></workbook>"));
        add(
                documents,
                "xlsx-merged-whole-sheet",
                HostileParts.sheet()
                        .edit(
                                "</sheetData>",
                                "</sheetData><mergeCells><mergeCell ref=\"A1:" + LAST_CELL + "\"/></mergeCells>"));
        add(
                documents,
                "xlsx-dimension-of-all-cells",
                HostileParts.sheet().edit("ref=\"A1\"", "ref=\"A1:" + LAST_CELL + "\""));
        add(
                documents,
                "xlsx-filled-columns-and-far-cells",
                rows(many(
                                200,
                                i -> "<row r=\"%1$d\" s=\"1\" customFormat=\"1\"><c r=\"XFD%1$d\"><v>1</v></c></row>"
                                        .formatted(5_000 * (i + 1))))
                        .edit(
                                "<sheetData>",
                                "<cols><col min=\"1\" max=\"16384\" width=\"200\" style=\"1\"/></cols><sheetData>"));
    }

    private static void addFormulas(List<HostileDocument> documents) {
        add(
                documents,
                "xlsx-array-formula-of-all-cells",
                rows("<row r=\"2\"><c r=\"A2\"><f t=\"array\" ref=\"A2:XFD1048576\">"
                        + "ROW(A1:XFD1048575)*COLUMN(A1:XFD1048575)</f><v>1</v></c></row>"));
        add(
                documents,
                "xlsx-shared-formula-of-a-column",
                rows(many(
                        100_000,
                        i -> "<row r=\"%1$d\"><c r=\"A%1$d\">%2$s</c></row>"
                                .formatted(
                                        i + 2,
                                        i == 0
                                                ? "<f t=\"shared\" si=\"0\" ref=\"A2:A100001\">SUM($A$1:A1)+RAND()</f>"
                                                : "<f t=\"shared\" si=\"0\"/>"))));
        add(
                documents,
                "xlsx-formula-that-doubles-text",
                rows("<row r=\"2\"><c r=\"A2\"><f>REPT(\"x\",32767)</f></c></row>"
                        + many(
                                40,
                                i -> "<row r=\"%1$d\"><c r=\"A%1$d\"><f>A%2$d&amp;A%2$d</f></c></row>"
                                        .formatted(i + 3, i + 2))));
        add(
                documents,
                "xlsx-product-of-whole-columns",
                rows(many(
                        50,
                        i ->
                                "<row r=\"%1$d\"><c r=\"B%1$d\"><f>SUMPRODUCT((A:A=A%1$d)*(ROW(A:A)&lt;&gt;1)*ISERROR(MATCH(A:A,C:Z,0)))</f></c></row>"
                                        .formatted(i + 2))));
        add(
                documents,
                "xlsx-formula-in-a-circle",
                rows("<row r=\"2\"><c r=\"A2\"><f>B2+1</f></c><c r=\"B2\"><f>A2+1</f></c></row>")
                        .edit(
                                WORKBOOK,
                                "</workbook>",
                                "<calcPr iterate=\"1\" iterateCount=\"32767\" iterateDelta=\"0\" fullCalcOnLoad=\"1\"/>"
                                        + "</workbook>"));
        add(
                documents,
                "xlsx-formula-of-4000-brackets",
                rows("<row r=\"2\"><c r=\"A2\"><f>" + "(".repeat(4_000) + "1" + ")".repeat(4_000) + "</f></c></row>"));
        add(
                documents,
                "xlsx-names-of-names",
                HostileParts.sheet()
                        .edit("</sheetData>", SheetInclusions.cell("n30"))
                        .edit(
                                WORKBOOK,
                                "</workbook>",
                                "<definedNames><definedName name=\"n0\">1</definedName>"
                                        + many(
                                                30,
                                                i -> "<definedName name=\"n%1$d\">n%2$d+n%2$d</definedName>"
                                                        .formatted(i + 1, i))
                                        + "</definedNames></workbook>"));
    }

    private static void addMany(List<HostileDocument> documents) {
        add(
                documents,
                "xlsx-shared-text-in-many-cells",
                rows(many(50_000, i -> "<row r=\"%1$d\"><c r=\"A%1$d\" t=\"s\"><v>0</v></c></row>".formatted(i + 2)))
                        .edit("xl/sharedStrings.xml", "A text.", "x".repeat(32_000)));
        add(
                documents,
                "xlsx-overlapping-merges",
                HostileParts.sheet()
                        .edit(
                                "</sheetData>",
                                "</sheetData><mergeCells>"
                                        + many(50_000, i -> "<mergeCell ref=\"A%d:Z%d\"/>".formatted(i + 1, i + 40))
                                        + "</mergeCells>"));
        add(
                documents,
                "xlsx-conditional-formats-everywhere",
                HostileParts.sheet()
                        .edit(
                                "</sheetData>",
                                "</sheetData>"
                                        + many(
                                                3_000,
                                                i ->
                                                        ("<conditionalFormatting sqref=\"A1:XFD1048576\"><cfRule type=\"expression\" priority=\"%d\"><formula>SUM($A:$Z)&gt;%d</formula>"
                                                                        + "</cfRule></conditionalFormatting>")
                                                                .formatted(i + 1, i))));
        add(
                documents,
                "xlsx-3000-sheets",
                HostileParts.sheet()
                        .edit(
                                WORKBOOK,
                                "</sheets>",
                                many(
                                                3_000,
                                                i -> "<sheet name=\"s%1$d\" sheetId=\"%2$d\" r:id=\"rId3\"/>"
                                                        .formatted(i, i + 10))
                                        + "</sheets>"));
    }

    private static void addPosing(List<HostileDocument> documents) {
        add(
                documents,
                "fods-rows-repeated-as-xls",
                "xls",
                fods(
                        "<table:table-row table:number-rows-repeated=\"1048576\"><table:table-cell"
                                + " table:number-columns-repeated=\"1024\" office:value-type=\"string\"><text:p>x</text:p></table:table-cell></table:table-row>"));
        add(
                documents,
                "html-spanning-cells-as-xls",
                "xls",
                ("<html><body><table>" + ("<tr>" + "<td colspan=\"65000\" rowspan=\"65000\">x".repeat(50)).repeat(50)
                                + "</table></body></html>")
                        .getBytes(UTF_8));
        add(
                documents,
                "csv-of-10000000-cells-as-xls",
                "xls",
                "1,1,1,1,1,1,1,1,1,1\n".repeat(1_000_000).getBytes(UTF_8));
    }

    private static byte[] fods(String rows) {
        return PosingInclusions.flat("spreadsheet", "<table:table table:name=\"a\">" + rows + "</table:table>")
                .getBytes(UTF_8);
    }
}
