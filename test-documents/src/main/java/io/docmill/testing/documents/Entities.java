package io.docmill.testing.documents;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.docmill.testing.documents.HostileDocument.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** What XML's document types can do: bring other files in, and grow without end. */
final class Entities {
    private static final String DOCUMENT = "word/document.xml";

    static final List<Inclusion> INCLUSIONS = List.of(
            docx("docx-external-entity", "txt", url -> "<!DOCTYPE w:document [<!ENTITY x SYSTEM \"" + url + "\">]>"),
            docx(
                    "docx-parameter-entity",
                    "dtd",
                    url -> "<!DOCTYPE w:document [<!ENTITY x \"\"><!ENTITY % p SYSTEM \"" + url + "\"> %p;]>"),
            docx(
                    "docx-external-subset",
                    "dtd",
                    url -> "<!DOCTYPE w:document SYSTEM \"" + url + "\" [<!ENTITY x \"\">]>"),
            new Inclusion("docx-external-entity-in-utf-16", "docx", "txt", url -> utf16(external(url))),
            new Inclusion(
                    "docx-external-entity-in-svg",
                    "docx",
                    "txt",
                    url -> HostileParts.word()
                            .inside("image", "image", "media/image1.svg")
                            .part(
                                    "word/media/image1.svg",
                                    "image/svg+xml",
                                    "<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY x SYSTEM \"" + url
                                            + "\">]><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"600\" height=\"60\"><text x=\"5\" y=\"40\">&x;"
                                            + "</text></svg>")
                            .add("<w:p><w:r>" + WordInclusions.drawing("<a:blip r:embed=\"image\"/>") + "</w:r></w:p>")
                            .toBytes()),
            new Inclusion(
                    "xlsx-external-entity",
                    "xlsx",
                    "txt",
                    url -> ZipParts.of(TestDocuments.xlsx("Atext").bytes())
                            .edit(
                                    "xl/sharedStrings.xml",
                                    "<sst",
                                    "<!DOCTYPE sst [<!ENTITY x SYSTEM \"" + url + "\">]><sst")
                            .edit("xl/sharedStrings.xml", "Atext", "&x;")
                            .toBytes()),
            new Inclusion(
                    "pptx-external-entity",
                    "pptx",
                    "txt",
                    url -> ZipParts.of(TestDocuments.pptx("Atext").bytes())
                            .edit(
                                    "ppt/slides/slide1.xml",
                                    "<p:sld ",
                                    "<!DOCTYPE p:sld [<!ENTITY x SYSTEM \"" + url + "\">]><p:sld ")
                            .edit("ppt/slides/slide1.xml", "Atext", "&x;")
                            .toBytes()),
            Inclusion.ofText(
                    "fodt-external-entity-as-doc",
                    "doc",
                    "txt",
                    url -> PosingInclusions.flat("text", "<text:p>&x;</text:p>")
                            .replaceFirst(
                                    "<office:document ",
                                    "<!DOCTYPE d [<!ENTITY x SYSTEM \"" + url + "\">]><office:document ")),
            Inclusion.ofText(
                    "svg-external-entity-as-doc",
                    "doc",
                    "txt",
                    url -> "<?xml version=\"1.0\"?><!DOCTYPE svg [<!ENTITY x SYSTEM \"" + url
                            + "\">]><svg xmlns=\"http://www.w3.org/2000/svg\" width=\"600\" height=\"60\"><text x=\"5\" y=\"40\">&x;</text></svg>"));

    private Entities() {}

    private static Inclusion docx(String technique, String type, UnaryOperator<String> documentType) {
        return new Inclusion(technique, "docx", type, url -> withType(documentType.apply(url)));
    }

    private static byte[] external(String url) {
        return withType("<!DOCTYPE w:document [<!ENTITY x SYSTEM \"" + url + "\">]>");
    }

    private static byte[] withType(String documentType) {
        return ZipParts.of(TestDocuments.docx("Atext").bytes())
                .edit(DOCUMENT, "<w:document", documentType + "<w:document")
                .edit(DOCUMENT, "Atext", "&x;")
                .toBytes();
    }

    private static byte[] utf16(byte[] docx) {
        var parts = ZipParts.of(docx);
        String xml = parts.text(DOCUMENT).replaceFirst("encoding=\"UTF-8\"", "encoding=\"UTF-16\"");
        return parts.replace(DOCUMENT, ("\uFEFF" + xml).getBytes(UTF_16LE)).toBytes();
    }

    /** Documents that have few bytes and would have gigabytes of text. */
    static List<HostileDocument> expansions() {
        var documents = new ArrayList<HostileDocument>();
        add(documents, "docx-billion-laughs", "docx", withType(laughs("w:document")));
        add(documents, "docx-billion-laughs-in-utf-16", "docx", utf16(withType(laughs("w:document"))));
        add(documents, "docx-quadratic-entities", "docx", quadratic());
        add(
                documents,
                "docx-billion-laughs-in-types",
                "docx",
                ZipParts.of(TestDocuments.docx("A text.").bytes())
                        .edit("[Content_Types].xml", "<Types", laughs("Types") + "<Types")
                        .edit("[Content_Types].xml", "</Types>", "&x;</Types>")
                        .toBytes());
        add(
                documents,
                "docx-billion-laughs-in-properties",
                "docx",
                ZipParts.of(TestDocuments.docx("A text.").bytes())
                        .edit("docProps/app.xml", "<Properties", laughs("Properties") + "<Properties")
                        .edit("docProps/app.xml", "</Properties>", "<Company>&x;</Company></Properties>")
                        .toBytes());
        add(
                documents,
                "docx-billion-laughs-in-svg",
                "docx",
                HostileParts.word()
                        .inside("image", "image", "media/image1.svg")
                        .part(
                                "word/media/image1.svg",
                                "image/svg+xml",
                                laughs("svg")
                                        + "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"60\" height=\"60\"><text>&x;</text></svg>")
                        .add("<w:p><w:r>" + WordInclusions.drawing("<a:blip r:embed=\"image\"/>") + "</w:r></w:p>")
                        .toBytes());
        add(
                documents,
                "fodt-billion-laughs-as-doc",
                "doc",
                PosingInclusions.flat("text", "<text:p>&x;</text:p>")
                        .replaceFirst("<office:document ", laughs("office:document") + "<office:document ")
                        .getBytes(UTF_8));
        return documents;
    }

    private static void add(List<HostileDocument> documents, String technique, String format, byte[] content) {
        documents.add(new HostileDocument(technique, Kind.BOMB, TestDocument.of(technique + "." + format, content)));
    }

    /** Ten entities, each ten times the one before: "x" would be some gigabytes of text. */
    private static String laughs(String root) {
        var type = new StringBuilder("<!DOCTYPE " + root + " [<!ENTITY e0 \"lol\">");
        for (int i = 1; i < 10; i++) {
            type.append("<!ENTITY e" + i + " \"" + ("&e" + (i - 1) + ";").repeat(10) + "\">");
        }
        return type.append("<!ENTITY x \"&e9;\">]>").toString();
    }

    /** One entity of 100 kB, 20,000 times: below the depth at which parsers count. */
    private static byte[] quadratic() {
        return ZipParts.of(TestDocuments.docx("Atext").bytes())
                .edit(DOCUMENT, "<w:document", "<!DOCTYPE d [<!ENTITY x \"" + "x".repeat(100_000) + "\">]><w:document")
                .edit(DOCUMENT, "Atext", "&x;".repeat(20_000))
                .toBytes();
    }
}
