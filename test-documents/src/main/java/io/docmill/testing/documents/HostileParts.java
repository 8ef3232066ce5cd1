package io.docmill.testing.documents;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** A docx, xlsx or pptx to which what is hostile is added, part by part. */
final class HostileParts {
    /** Declared at the root of the main story, so that fragments need not. */
    private static final List<String> NAMESPACES = List.of(
            "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"",
            "xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\"",
            "xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"",
            "xmlns:c=\"http://schemas.openxmlformats.org/drawingml/2006/chart\"",
            "xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\"",
            "xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\"",
            "xmlns:p14=\"http://schemas.microsoft.com/office/powerpoint/2010/main\"",
            "xmlns:v=\"urn:schemas-microsoft-com:vml\"",
            "xmlns:o=\"urn:schemas-microsoft-com:office:office\"");

    private static final String TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/";

    private static final String RELATIONSHIPS = "<Relationships"
            + " xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"></Relationships>";

    // Made once: POI takes a tenth of a second for a deck.
    private static final byte[] WORD = TestDocuments.docx("A text.").bytes();
    private static final byte[] SHEET = TestDocuments.xlsx("A text.").bytes();
    private static final byte[] SLIDE = TestDocuments.pptx("A text.").bytes();

    private final ZipParts parts;
    private final String story;
    private final String end;

    private HostileParts(ZipParts parts, String story, String root, String end) {
        this.parts = parts;
        this.story = story;
        this.end = end;
        for (String declaration : NAMESPACES) {
            if (!parts.text(story).contains(declaration)) {
                parts.edit(story, root, root + " " + declaration);
            }
        }
    }

    static HostileParts word() {
        var parts = ZipParts.of(WORD);
        return new HostileParts(parts, "word/document.xml", "<w:document", "</w:body>");
    }

    static HostileParts sheet() {
        var parts = ZipParts.of(SHEET);
        return new HostileParts(parts, "xl/worksheets/sheet1.xml", "<worksheet", "</worksheet>");
    }

    static HostileParts slide() {
        var parts = ZipParts.of(SLIDE);
        return new HostileParts(parts, "ppt/slides/slide1.xml", "<p:sld", "</p:spTree>");
    }

    /** Adds XML at the end of the body, of the sheet, of the slide's shapes. */
    HostileParts add(String xml) {
        parts.edit(story, end, xml + end);
        return this;
    }

    /** Replaces the first occurrence of a text in a part. */
    HostileParts edit(String part, String from, String to) {
        parts.edit(part, from, to);
        return this;
    }

    /** Replaces the first occurrence of a text in the document's body, the sheet or the slide. */
    HostileParts edit(String from, String to) {
        return edit(story, from, to);
    }

    /** A relationship of the main story to a place outside, with the id {@code link}. */
    HostileParts link(String type, String target) {
        return relate(story, "link", type, target, " TargetMode=\"External\"");
    }

    /** A relationship of another part to a place outside, with the id {@code link}. */
    HostileParts link(String part, String type, String target) {
        return relate(part, "link", type, target, " TargetMode=\"External\"");
    }

    /** A relationship of the main story to a part, with this id. */
    HostileParts inside(String id, String type, String target) {
        return relate(story, id, type, target, "");
    }

    /** A relationship of another part to a part, with this id. */
    HostileParts inside(String part, String id, String type, String target) {
        return relate(part, id, type, target, "");
    }

    /** @param type the last word of a type of Office, or a whole one */
    private HostileParts relate(String part, String id, String type, String target, String mode) {
        int slash = part.lastIndexOf('/') + 1;
        String relations = part.substring(0, slash) + "_rels/" + part.substring(slash) + ".rels";
        if (!parts.has(relations)) {
            parts.add(relations, RELATIONSHIPS);
        }
        String whole = type.contains(":") ? type : TYPE + type;
        parts.edit(
                relations,
                "</Relationships>",
                "<Relationship Id=\"%s\" Type=\"%s\" Target=\"%s\"%s/></Relationships>"
                        .formatted(id, whole, target, mode));
        return this;
    }

    /** A part of this content type. */
    HostileParts part(String name, String contentType, byte[] content) {
        parts.add(name, content);
        return typed(name, contentType);
    }

    /** A part that zip programs of Unix unpack as a symbolic link. */
    HostileParts symbolicLink(String name, String contentType, String target) {
        parts.addSymbolicLink(name, target);
        return typed(name, contentType);
    }

    private HostileParts typed(String name, String contentType) {
        parts.edit(
                "[Content_Types].xml",
                "</Types>",
                "<Override PartName=\"/%s\" ContentType=\"%s\"/></Types>".formatted(name, contentType));
        return this;
    }

    /** A part of this content type. */
    HostileParts part(String name, String contentType, String content) {
        return part(name, contentType, content.getBytes(UTF_8));
    }

    byte[] toBytes() {
        return parts.toBytes();
    }
}
