package io.docmill.testing.documents;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** Small sound files of types that LibreOffice opens and that are no source of a conversion. */
public final class OtherTypes {
    private OtherTypes() {}

    /** OpenDocument text, spreadsheet and presentation, each also flat; RTF, CSV, HTML. */
    public static List<TestDocument> all() {
        String text = "<text:p>A text.</text:p>";
        String sheet =
                "<table:table table:name=\"a\"><table:table-row><table:table-cell><text:p>1</text:p></table:table-cell>"
                        + "</table:table-row></table:table>";
        String deck = "<draw:page draw:name=\"a\"/>";
        return List.of(
                zipped("text.odt", "text", text),
                zipped("sheet.ods", "spreadsheet", sheet),
                zipped("deck.odp", "presentation", deck),
                flat("text.fodt", "text", text),
                flat("sheet.fods", "spreadsheet", sheet),
                flat("deck.fodp", "presentation", deck),
                file("text.rtf", "{\\rtf1\\ansi{\\fonttbl{\\f0 Times;}}\\f0 A text.\\par}\n"),
                file("sheet.csv", "name,number\none,1\ntwo,2\n"),
                file(
                        "page.html",
                        "<!DOCTYPE html>\n<html><head><title>A page</title></head><body>A page.</body></html>\n"));
    }

    private static TestDocument file(String name, String content) {
        return TestDocument.of(name, content.getBytes(UTF_8));
    }

    private static TestDocument flat(String name, String kind, String body) {
        return file(name, PosingInclusions.flat(kind, body));
    }

    private static TestDocument zipped(String name, String kind, String body) {
        return TestDocument.of(name, PosingInclusions.openDocument(kind, body));
    }
}
