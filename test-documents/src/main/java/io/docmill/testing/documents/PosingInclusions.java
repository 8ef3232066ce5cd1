package io.docmill.testing.documents;

import static io.docmill.testing.documents.Inclusion.ofText;

import java.util.List;

/** Files of types that are no source, under names of such: HTML, RTF, SVG, OpenDocument, older XML, SYLK. */
final class PosingInclusions {
    private static final String NAMESPACES = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\""
            + " xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\""
            + " xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\""
            + " xmlns:draw=\"urn:oasis:names:tc:opendocument:xmlns:drawing:1.0\""
            + " xmlns:svg=\"urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0\""
            + " xmlns:of=\"urn:oasis:names:tc:opendocument:xmlns:of:1.2\""
            + " xmlns:script=\"urn:oasis:names:tc:opendocument:xmlns:script:1.0\""
            + " xmlns:ooo=\"http://openoffice.org/2004/office\""
            + " xmlns:xlink=\"http://www.w3.org/1999/xlink\" office:version=\"1.3\"";

    static final List<Inclusion> ALL = List.of(
            html("html-picture-as-doc", "doc", "svg", "<img src=\"%s\" width=\"600\" height=\"60\">"),
            html("html-picture-as-docx", "docx", "svg", "<img src=\"%s\" width=\"600\" height=\"60\">"),
            html("html-picture-as-xls", "xls", "svg", "<img src=\"%s\" width=\"600\" height=\"60\">"),
            html("html-picture-as-ppt", "ppt", "svg", "<img src=\"%s\" width=\"600\" height=\"60\">"),
            html("html-frame-as-doc", "doc", "html", "<iframe src=\"%s\"></iframe>"),
            html("html-object-as-doc", "doc", "svg", "<object data=\"%1$s\"></object><embed src=\"%1$s\">"),
            html("html-stylesheet-as-doc", "doc", "css", "<link rel=\"stylesheet\" href=\"%s\"><p>x</p>"),
            html("html-background-as-doc", "doc", "svg", "<table background=\"%s\" width=\"600\"><tr><td>x</table>"),
            html("html-style-background-as-doc", "doc", "svg", "<p style=\"background-image: url('%s')\">x</p>"),
            html("html-refresh-as-doc", "doc", "html", "<meta http-equiv=\"refresh\" content=\"0;url=%s\">"),
            html("html-formula-as-xls", "xls", "txt", "<table><tr><td>=WEBSERVICE(\"%s\")</td></tr></table>"),
            rtf(
                    "rtf-include-text-as-doc",
                    "doc",
                    "txt",
                    "{\\field\\flddirty{\\*\\fldinst INCLUDETEXT \"%s\"}{\\fldrslt x}}"),
            rtf(
                    "rtf-include-picture-as-doc",
                    "doc",
                    "svg",
                    "{\\field{\\*\\fldinst INCLUDEPICTURE \"%s\" \\\\d}{\\fldrslt x}}"),
            rtf(
                    "rtf-include-picture-as-docx",
                    "docx",
                    "svg",
                    "{\\field{\\*\\fldinst INCLUDEPICTURE \"%s\" \\\\d}{\\fldrslt x}}"),
            rtf("rtf-template-as-doc", "doc", "docx", "{\\*\\template %s}x"),
            rtf(
                    "rtf-linked-object-as-doc",
                    "doc",
                    "docx",
                    "{\\field\\flddirty{\\*\\fldinst LINK Word.Document.12 \"%s\" \"\" \\\\a}"
                            + "{\\fldrslt{\\object\\objautlink\\objupdate\\objw9000\\objh900{\\*\\objclass Word.Document.12}"
                            + "{\\*\\objdata 0105000002000000}{\\result x}}}}"),
            rtf(
                    "rtf-dde-as-doc",
                    "doc",
                    "txt",
                    "{\\field\\flddirty{\\*\\fldinst DDEAUTO soffice \"%s\" a1}{\\fldrslt x}}"),
            ofText("svg-image-as-doc", "doc", "svg", PosingInclusions::svg),
            ofText("svg-image-as-pptx", "pptx", "svg", PosingInclusions::svg),
            ofText("svg-stylesheet-as-doc", "doc", "css", url -> """
                    <?xml version="1.0"?><?xml-stylesheet type="text/css" href="%1$s"?><svg xmlns="http://www.w3.org/2000/svg" width="600"
                    height="60"><style>@import url('%1$s');</style><text x="5" y="40">x</text></svg>""".formatted(url)),
            ofText("xml-xinclude-as-doc", "doc", "html", url -> flat("text", """
                    <text:p><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="%s" parse="text"/>x</text:p>""".formatted(url))),
            writer(
                    "fodt-section-as-doc",
                    "doc",
                    "docx",
                    "<text:section text:name=\"s\"><text:section-source xlink:type=\"simple\""
                            + " xlink:href=\"%s\"/><text:p>old</text:p></text:section>"),
            writer(
                    "fodt-section-as-docx",
                    "docx",
                    "txt",
                    "<text:section text:name=\"s\"><text:section-source xlink:type=\"simple\""
                            + " xlink:href=\"%s\" text:filter-name=\"Text\"/><text:p>old</text:p></text:section>"),
            writer(
                    "fodt-picture-as-doc",
                    "doc",
                    "svg",
                    "<text:p>" + frame("<draw:image xlink:type=\"simple\" xlink:href=\"%s\"/>") + "</text:p>"),
            writer(
                    "fodt-object-as-doc",
                    "doc",
                    "docx",
                    "<text:p>" + frame("<draw:object xlink:type=\"simple\" xlink:href=\"%s\"/>") + "</text:p>"),
            writer(
                    "fodt-floating-frame-as-doc",
                    "doc",
                    "html",
                    "<text:p>" + frame("<draw:floating-frame xlink:type=\"simple\" xlink:href=\"%s\"/>") + "</text:p>"),
            writer(
                    "fodt-dde-as-doc",
                    "doc",
                    "docx",
                    "<text:dde-connection-decls><text:dde-connection-decl office:name=\"d\""
                            + " office:dde-application=\"soffice\" office:dde-topic=\"%s\" office:dde-item=\"a1\""
                            + " office:automatic-update=\"true\"/></text:dde-connection-decls><text:p><text:dde-connection"
                            + " text:connection-name=\"d\">old</text:dde-connection></text:p>"),
            calc("fods-webservice-as-xls", "txt", cell("of:=WEBSERVICE(&quot;%s&quot;)")),
            calc("fods-reference-as-xls", "xlsx", cell("of:='%s'#$Sheet1.A1")),
            calc("fods-dde-as-xls", "xlsx", cell("of:=DDE(&quot;soffice&quot;;&quot;%s&quot;;&quot;Sheet1.A1&quot;)")),
            calc(
                    "fods-table-source-as-xls",
                    "xlsx",
                    "<table:table table:name=\"a\"><table:table-source xlink:type=\"simple\""
                            + " xlink:href=\"%s\" table:table-name=\"Sheet1\" table:mode=\"copy-all\"/><table:table-row><table:table-cell/>"
                            + "</table:table-row></table:table>"),
            calc(
                    "fods-area-source-as-xls",
                    "html",
                    "<table:table table:name=\"a\"><table:table-row><table:table-cell>"
                            + "<table:cell-range-source xlink:type=\"simple\" xlink:href=\"%s\" table:name=\"HTML_all\""
                            + " table:filter-name=\"HTML (StarCalc)\" table:last-column-spanned=\"1\" table:last-row-spanned=\"1\"/>"
                            + "</table:table-cell></table:table-row></table:table>"),
            impress("fodp-picture-as-ppt", "svg", "<draw:image xlink:type=\"simple\" xlink:href=\"%s\"/>"),
            impress(
                    "fodp-media-as-ppt",
                    "svg",
                    "<draw:plugin xlink:type=\"simple\" xlink:href=\"%s\""
                            + " draw:mime-type=\"application/vnd.sun.star.media\"/>"),
            zipped(
                    "odt-section-as-docx",
                    "docx",
                    "text",
                    "<text:section text:name=\"s\"><text:section-source xlink:type=\"simple\""
                            + " xlink:href=\"%s\"/><text:p>old</text:p></text:section>"),
            zipped("ods-reference-as-xlsx", "xlsx", "spreadsheet", table(cell("of:='%s'#$Sheet1.A1"))),
            ofText("word-2003-xml-as-doc", "doc", "svg", url -> """
                    <?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument
                    xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" xmlns:v="urn:schemas-microsoft-com:vml"><w:docPr>
                    <w:attachedTemplate w:val="%1$s"/></w:docPr><w:body><w:p><w:r><w:pict><v:shape style="width:500pt;height:50pt">
                    <v:imagedata src="%1$s"/></v:shape></w:pict></w:r></w:p></w:body></w:wordDocument>""".formatted(url)),
            ofText("excel-2003-xml-as-xls", "xls", "xlsx", url -> """
                    <?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook
                    xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
                    <Worksheet ss:Name="a"><Table><Row><Cell ss:Formula="='[%s]Sheet1'!R1C1"><Data ss:Type="String">old</Data></Cell></Row>
                    </Table></Worksheet></Workbook>""".formatted(url)),
            ofText(
                    "sylk-webservice-as-xls",
                    "xls",
                    "txt",
                    url -> "ID;PWXL;N;E\nC;Y1;X1;K\"old\";EWEBSERVICE(\"" + url + "\")\nE\n"),
            ofText("csv-webservice-as-xls", "xls", "txt", url -> "=WEBSERVICE(\"" + url + "\");1;2\n"));

    private PosingInclusions() {}

    /** An SVG image whose content is another image. */
    static String svg(String url) {
        return """
                <?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="600"
                height="60"><image xlink:href="%1$s" href="%1$s" width="600" height="60"/><use xlink:href="%1$s#t"/></svg>""".formatted(url);
    }

    private static Inclusion html(String technique, String format, String type, String body) {
        return ofText(
                technique,
                format,
                type,
                url -> "<!DOCTYPE html>\n<html><head><title>x</title></head><body><p>A text.</p>" + body.formatted(url)
                        + "</body></html>");
    }

    private static Inclusion rtf(String technique, String format, String type, String body) {
        return ofText(
                technique,
                format,
                type,
                url -> "{\\rtf1\\ansi{\\fonttbl{\\f0 Times;}}\\f0 A text. "
                        + body.formatted(url.replace("\\", "\\\\\\\\")) + "\\par}\n");
    }

    private static Inclusion writer(String technique, String format, String type, String body) {
        return ofText(technique, format, type, url -> flat("text", body.formatted(url)));
    }

    private static Inclusion calc(String technique, String type, String body) {
        return ofText(
                technique, "xls", type, url -> flat("spreadsheet", table(body).formatted(url)));
    }

    private static Inclusion impress(String technique, String type, String content) {
        return ofText(
                technique,
                "ppt",
                type,
                url -> flat(
                        "presentation",
                        "<draw:page draw:name=\"a\">" + frame(content).formatted(url) + "</draw:page>"));
    }

    private static Inclusion zipped(String technique, String format, String kind, String body) {
        return new Inclusion(
                technique,
                format,
                kind.equals("text") ? "docx" : "xlsx",
                url -> openDocument(kind, body.formatted(url)));
    }

    private static String frame(String content) {
        return "<draw:frame text:anchor-type=\"as-char\" svg:width=\"16cm\" svg:height=\"2cm\" svg:x=\"1cm\" svg:y=\"1cm\">"
                + content + "</draw:frame>";
    }

    private static String cell(String formula) {
        return "<table:table-cell table:formula=\"" + formula + "\"/>";
    }

    private static String table(String content) {
        return content.startsWith("<table:table ")
                ? content
                : "<table:table table:name=\"a\"><table:table-row>" + content + "</table:table-row></table:table>";
    }

    static String flat(String kind, String body) {
        return flat(kind, "", body);
    }

    /** A flat OpenDocument file of text, spreadsheet or presentation, with what comes before its body. */
    static String flat(String kind, String before, String body) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document " + NAMESPACES
                + " office:mimetype=\"application/vnd.oasis.opendocument." + kind + "\">" + before + body(kind, body)
                + "</office:document>\n";
    }

    private static String body(String kind, String body) {
        return "<office:body><office:" + kind + ">" + body + "</office:" + kind + "></office:body>";
    }

    static byte[] openDocument(String kind, String body) {
        return openDocument(kind, "", body(kind, body)).toBytes();
    }

    /** The parts of an OpenDocument file, with what comes before its body. */
    static ZipParts openDocument(String kind, String before, String body) {
        String type = "application/vnd.oasis.opendocument." + kind;
        return ZipParts.empty()
                .addStored("mimetype", type)
                .add(
                        "content.xml",
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<office:document-content " + NAMESPACES + ">"
                                + before + body + "</office:document-content>\n")
                .add("META-INF/manifest.xml", """
                        <?xml version="1.0" encoding="UTF-8"?>
                        <manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">
                        <manifest:file-entry manifest:full-path="/" manifest:media-type="%s"/>
                        <manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>""".formatted(type));
    }
}
