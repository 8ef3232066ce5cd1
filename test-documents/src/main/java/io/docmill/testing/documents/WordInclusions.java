package io.docmill.testing.documents;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** What a docx may name of other places. The names of elements and fields are those of ECMA-376. */
final class WordInclusions {
    private static final String SETTINGS = "word/settings.xml";

    static final List<Inclusion> ALL = List.of(
            picture("docx-linked-picture", "<a:blip r:link=\"link\"/>"),
            picture("docx-external-embedded-picture", "<a:blip r:embed=\"link\"/>"),
            shape("docx-shape-fill", "<a:blipFill><a:blip r:link=\"link\"/><a:stretch/></a:blipFill>"),
            vml("docx-vml-picture", url -> "<v:imagedata r:id=\"link\" o:title=\"\"/>"),
            vml("docx-vml-picture-by-href", url -> "<v:imagedata o:href=\"link\" src=\"%s\"/>".formatted(url)),
            vml("docx-vml-fill", url -> "<v:fill r:id=\"link\" type=\"frame\"/>"),
            vml(
                    "docx-vml-fill-by-source",
                    url -> "<v:fill src=\"%1$s\" o:href=\"%1$s\" type=\"frame\"/>".formatted(url)),
            vml("docx-vml-stroke", url -> "<v:stroke r:id=\"link\" src=\"%s\" filltype=\"tile\"/>".formatted(url)),
            word("docx-header-picture", "svg", WordInclusions::header),
            word("docx-svg-inside", "svg", WordInclusions::svg),
            word(
                    "docx-picture-hyperlink",
                    "svg",
                    (parts, url) -> parts.link("hyperlink", url)
                            .add("<w:hyperlink r:id=\"link\"><w:r><w:t>link</w:t></w:r></w:hyperlink>")),
            settings("docx-attached-template", "docx", "attachedTemplate", "<w:attachedTemplate r:id=\"link\"/>"),
            settings("docx-saved-through-stylesheet", "html", "transform", "<w:saveThroughXslt r:id=\"link\"/>"),
            settings("docx-mail-merge", "csv", "mailMergeSource", """
                    <w:mailMerge><w:mainDocumentType w:val="formLetters"/><w:linkToQuery/><w:dataType w:val="textFile"/>
                    <w:query w:val="SELECT * FROM canary"/><w:dataSource r:id="link"/></w:mailMerge>"""),
            word(
                    "docx-schema",
                    "html",
                    (parts, url) -> parts.edit(
                            SETTINGS,
                            "main\"/>",
                            ("main\"><w:attachedSchema w:val=\"%1$s\"/><sl:schemaLibrary"
                                            + " xmlns:sl=\"http://schemas.openxmlformats.org/schemaLibrary/2006/main\"><sl:schema"
                                            + " sl:uri=\"%1$s\" sl:schemaLocation=\"%1$s\"/></sl:schemaLibrary></w:settings>")
                                    .formatted(url))),
            word(
                    "docx-stylesheet-instruction",
                    "html",
                    (parts, url) -> parts.edit(
                            "<w:document",
                            "<?xml-stylesheet type=\"text/xsl\" href=\"%s\"?><w:document".formatted(url))),
            word(
                    "docx-alternative-chunk",
                    "docx",
                    (parts, url) -> parts.link("aFChunk", url).add("<w:altChunk r:id=\"link\"/>")),
            word(
                    "docx-html-chunk",
                    "svg",
                    (parts, url) -> parts.inside("chunk", "aFChunk", "chunk.html")
                            .part(
                                    "word/chunk.html",
                                    "text/html",
                                    "<html><body><img src=\"%1$s\"><iframe src=\"%1$s\"></body></html>".formatted(url))
                            .add("<w:altChunk r:id=\"chunk\"/>")),
            word(
                    "docx-subdocument",
                    "docx",
                    (parts, url) -> parts.link("subDocument", url).add("<w:subDoc r:id=\"link\"/>")),
            word("docx-frameset", "html", WordInclusions::frameset),
            word(
                    "docx-linked-font",
                    "txt",
                    (parts, url) -> parts.inside("fonts", "fontTable", "fontTable.xml")
                            .part(
                                    "word/fontTable.xml",
                                    "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml",
                                    """
                            <w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
                            xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:font w:name="Canary">
                            <w:embedRegular r:id="link" w:fontKey="{00000000-0000-0000-0000-000000000001}"/></w:font></w:fonts>""")
                            .link("word/fontTable.xml", "font", url)
                            .add("<w:p><w:r><w:rPr><w:rFonts w:ascii=\"Canary\"/></w:rPr><w:t>x</w:t></w:r></w:p>")),
            field("docx-include-text", "txt", "INCLUDETEXT \"%s\""),
            field("docx-include-text-of-docx", "docx", "INCLUDETEXT \"%s\" \\* MERGEFORMAT"),
            field("docx-include-picture", "svg", "INCLUDEPICTURE \"%s\" \\d"),
            field("docx-import-picture", "svg", "IMPORT \"%s\" \\d"),
            field("docx-referenced-document", "docx", "RD \"%s\""),
            field("docx-link-field", "docx", "LINK Word.Document.12 \"%s\" \"\" \\a \\r"),
            field("docx-dde-field", "txt", "DDEAUTO soffice \"%s\" \"a1\""),
            field(
                    "docx-database-field",
                    "csv",
                    "DATABASE \\d \"%1$s\" \\c \"DSN=canary;DBQ=%1$s\" \\s \"SELECT * FROM x\""),
            field("docx-hyperlink-field", "html", "HYPERLINK \"%s\""),
            word(
                    "docx-ole-link",
                    "docx",
                    (parts, url) -> parts.link("oleObject", url)
                            .add(
                                    ole(
                                            "<o:OLEObject Type=\"Link\" ProgID=\"Word.Document.12\" ShapeID=\"s\" DrawAspect=\"Content\""
                                                    + " r:id=\"link\" UpdateMode=\"Always\"><o:LinkType>EnhancedMetaFile</o:LinkType></o:OLEObject>"))),
            word("docx-ole-moniker", "docx", (parts, url) -> embedded(parts, "object.bin", OleObjects.linked(url))),
            word("docx-ole-package", "txt", (parts, url) -> embedded(parts, "object.bin", OleObjects.packaged(url))),
            word(
                    "docx-embedded-workbook",
                    "svg",
                    (parts, url) -> embedded(parts, "book.xlsx", SheetInclusions.linkedPicture(url))),
            word("docx-chart-data", "xlsx", (parts, url) -> WordInclusions.chart(parts, url)),
            word("docx-web-video", "svg", (parts, url) -> pictureIn(parts.link("image", url), """
                    <a:blip r:link="link"><a:extLst><a:ext uri="{C809E66F-F1BF-436E-B5F7-EEA9579F0CBA}"><wp15:webVideoPr
                    xmlns:wp15="http://schemas.microsoft.com/office/word/2012/wordprocessingDrawing"
                    embeddedHtml="&lt;iframe src='%1$s'&gt;&lt;/iframe&gt;" h="100" w="100"/></a:ext></a:extLst></a:blip>""".formatted(url))));

    private WordInclusions() {}

    private static Inclusion word(String technique, String type, BiConsumer<HostileParts, String> edit) {
        return Inclusion.ofParts(technique, "docx", type, HostileParts::word, edit);
    }

    private static Inclusion picture(String technique, String blip) {
        return word(technique, "svg", (parts, url) -> pictureIn(parts.link("image", url), blip));
    }

    private static void pictureIn(HostileParts parts, String blip) {
        parts.add("<w:p><w:r>" + drawing(blip) + "</w:r></w:p>");
    }

    static String drawing(String blip) {
        return """
                <w:drawing><wp:inline><wp:extent cx="6350000" cy="635000"/><wp:docPr id="1" name="picture"/><a:graphic><a:graphicData
                uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="picture"
                /><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill>%s<a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm>
                <a:off x="0" y="0"/><a:ext cx="6350000" cy="635000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic>
                </a:graphicData></a:graphic></wp:inline></w:drawing>""".formatted(blip);
    }

    private static Inclusion shape(String technique, String fill) {
        return word(technique, "svg", (parts, url) -> parts.link("image", url).add("""
                <w:p><w:r><w:drawing><wp:inline><wp:extent cx="6350000" cy="635000"/><wp:docPr id="1" name="shape"/><a:graphic>
                <a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp><wps:cNvSpPr/><wps:spPr>
                <a:xfrm><a:off x="0" y="0"/><a:ext cx="6350000" cy="635000"/></a:xfrm><a:prstGeom prst="rect"/>%s</wps:spPr>
                <wps:bodyPr/></wps:wsp></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>""".formatted(fill)));
    }

    private static Inclusion vml(String technique, UnaryOperator<String> inside) {
        return word(technique, "svg", (parts, url) -> parts.link("image", url).add("""
                <w:p><w:r><w:pict><v:rect id="s" style="width:500pt;height:50pt" filled="t" stroked="t">%s</v:rect></w:pict>
                </w:r></w:p>""".formatted(inside.apply(url))));
    }

    private static Inclusion settings(String technique, String type, String relation, String element) {
        return word(
                technique,
                type,
                (parts, url) -> parts.link(SETTINGS, relation, url)
                        .edit(
                                SETTINGS,
                                "main\"/>",
                                "main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">"
                                        + element + "</w:settings>"));
    }

    private static Inclusion field(String technique, String type, String instruction) {
        return word(
                technique,
                type,
                (parts, url) -> parts.add("""
                <w:p><w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r><w:r><w:instrText xml:space="preserve"> %s </w:instrText>
                </w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>result</w:t></w:r><w:r><w:fldChar
                w:fldCharType="end"/></w:r></w:p>""".formatted(instruction.formatted(url.replace("\\", "\\\\")))));
    }

    private static String ole(String object) {
        return "<w:p><w:r><w:object><v:shape id=\"s\" style=\"width:500pt;height:50pt\"/>" + object
                + "</w:object></w:r></w:p>";
    }

    private static void embedded(HostileParts parts, String name, byte[] content) {
        boolean workbook = name.endsWith(".xlsx");
        parts.part(
                        "word/embeddings/" + name,
                        workbook
                                ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
                                : "application/vnd.openxmlformats-officedocument.oleObject",
                        content)
                .inside("object", workbook ? "package" : "oleObject", "embeddings/" + name)
                .add(ole(
                        "<o:OLEObject Type=\"Embed\" ProgID=\"%s\" ShapeID=\"s\" DrawAspect=\"Content\" r:id=\"object\"/>"
                                .formatted(workbook ? "Excel.Sheet.12" : "Package")));
    }

    private static void header(HostileParts parts, String url) {
        parts.inside("header", "header", "header1.xml")
                .part(
                        "word/header1.xml",
                        "application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml",
                        """
                        <w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
                        xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"
                        xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
                        xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"
                        xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"><w:p><w:r>%s</w:r></w:p>
                        </w:hdr>""".formatted(drawing("<a:blip r:link=\"link\"/>")))
                .link("word/header1.xml", "image", url)
                .add("<w:sectPr><w:headerReference w:type=\"default\" r:id=\"header\"/></w:sectPr>");
    }

    private static void svg(HostileParts parts, String url) {
        parts.inside("image", "image", "media/image1.svg")
                .part("word/media/image1.svg", "image/svg+xml", PosingInclusions.svg(url));
        pictureIn(parts, "<a:blip r:embed=\"image\"/>");
    }

    private static void frameset(HostileParts parts, String url) {
        parts.inside("web", "webSettings", "webSettings.xml")
                .part(
                        "word/webSettings.xml",
                        "application/vnd.openxmlformats-officedocument.wordprocessingml.webSettings+xml",
                        """
                        <w:webSettings xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"
                        xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><w:frameset><w:frame><w:name
                        w:val="frame"/><w:sourceFileName r:id="link"/><w:linkedToFile/></w:frame></w:frameset></w:webSettings>""")
                .link("word/webSettings.xml", "frame", url);
    }

    private static void chart(HostileParts parts, String url) {
        parts.inside("chart", "chart", "charts/chart1.xml")
                .part("word/charts/chart1.xml", Charts.CONTENT_TYPE, Charts.withExternalData())
                .link("word/charts/chart1.xml", "oleObject", url)
                .add("""
                        <w:p><w:r><w:drawing><wp:inline><wp:extent cx="5000000" cy="3000000"/><wp:docPr id="1" name="chart"/><a:graphic>
                        <a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart r:id="chart"/>
                        </a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>""");
    }
}
