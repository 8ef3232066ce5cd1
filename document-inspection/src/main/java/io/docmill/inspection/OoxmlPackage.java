package io.docmill.inspection;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.docmill.inspection.OoxmlMainPart.Foreign;
import io.docmill.inspection.OoxmlMainPart.Found;
import io.docmill.inspection.OoxmlMainPart.Missing;
import io.docmill.model.document.DocumentFormat;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Finds the main part of a zip as LibreOffice does: {@code _rels/.rels} names it, {@code [Content_Types].xml} tells its type
 * (ECMA-376-2, 6.5 and 6.2.3). Confined to one thread.
 */
final class OoxmlPackage {
    private static final String CONTENT_TYPES = "[Content_Types].xml";
    private static final String RELATIONSHIPS = "_rels/.rels";
    // 5,000 parts of 200 bytes each make a megabyte; what is longer is no directory of a document.
    private static final int LONGEST_LIST = 4 << 20;

    /** Transitional and strict (ECMA-376-1 and ISO/IEC 29500-1, annex A). */
    private static final Set<String> MAIN_PART_RELATIONSHIPS = Set.of(
            "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument",
            "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument",
            "http://schemas.microsoft.com/visio/2010/relationships/document");

    private static final List<String> PARTS_OF_DOCUMENTS =
            List.of(CONTENT_TYPES, RELATIONSHIPS, "word/document.xml", "xl/workbook.xml", "ppt/presentation.xml");

    private static final XMLInputFactory XML = withoutEntities();

    private final ZipFile zip;

    OoxmlPackage(ZipFile zip) {
        this.zip = zip;
    }

    /** What this zip holds. */
    OoxmlMainPart mainPart() {
        try {
            if (zip.getEntry(CONTENT_TYPES) == null || zip.getEntry(RELATIONSHIPS) == null) {
                return withoutLists();
            }
            Optional<String> name = mainPartName();
            if (name.isEmpty()) {
                return new Foreign("a zip archive without an Office document in it");
            }
            Optional<String> type = contentType(name.get());
            if (type.isEmpty()) {
                return new Missing(
                        "The document does not say of what type its main part " + Refusals.quoted(name.get()) + " is");
            }
            return ofType(type.get(), name.get());
        } catch (IOException | XMLStreamException e) {
            return new Missing("The document is damaged: the lists of its parts can't be read");
        }
    }

    private OoxmlMainPart ofType(String type, String name) {
        Optional<DocumentFormat> format = MainPartTypes.format(type);
        if (format.isEmpty()) {
            return new Foreign(MainPartTypes.foreign(type));
        }
        boolean there = Collections.list(zip.getEntries()).stream()
                .anyMatch(entry -> entry.getName().equalsIgnoreCase(name));
        return there
                ? new Found(format.get())
                : new Missing("The document lacks its main part " + Refusals.quoted(name));
    }

    private OoxmlMainPart withoutLists() throws IOException {
        var mimetype = zip.getEntry("mimetype");
        if (mimetype != null && zip.canReadEntryData(mimetype)) {
            try (var in = zip.getInputStream(mimetype)) {
                return new Foreign(MainPartTypes.openDocument(new String(in.readNBytes(100), US_ASCII)));
            }
        }
        for (String part : PARTS_OF_DOCUMENTS) {
            if (zip.getEntry(part) != null) {
                return new Missing("The document lacks the lists of its parts ([Content_Types].xml and _rels/.rels)");
            }
        }
        if (!startsWithAListedPart()) {
            return new Missing(
                    "The document is damaged: the directory of its zip container does not list what is in it");
        }
        return new Foreign(
                zip.getEntry("Index/Document.iwa") == null
                        ? "a zip archive without an Office document in it"
                        : "an Apple iWork document");
    }

    /** The reader takes a directory that breaks off as a short one. */
    private boolean startsWithAListedPart() {
        return Collections.list(zip.getEntries()).stream().anyMatch(entry -> entry.getLocalHeaderOffset() == 0);
    }

    private Optional<String> mainPartName() throws IOException, XMLStreamException {
        XMLStreamReader xml = read(RELATIONSHIPS);
        while (next(xml, "Relationship")) {
            String type = attribute(xml, "Type");
            if (MAIN_PART_RELATIONSHIPS.contains(type)) {
                return Optional.of(attribute(xml, "Target").replace('\\', '/').replaceFirst("^(\\./|/)+", ""));
            }
        }
        return Optional.empty();
    }

    private Optional<String> contentType(String partName) throws IOException, XMLStreamException {
        String extension = partName.substring(partName.lastIndexOf('.') + 1);
        Optional<String> byExtension = Optional.empty();
        XMLStreamReader xml = read(CONTENT_TYPES);
        while (xml.hasNext()) {
            if (xml.next() != XMLStreamConstants.START_ELEMENT) {
                continue;
            }
            if (xml.getLocalName().equals("Override")
                    && attribute(xml, "PartName").replaceFirst("^/+", "").equalsIgnoreCase(partName)) {
                return Optional.of(attribute(xml, "ContentType"));
            }
            if (xml.getLocalName().equals("Default")
                    && attribute(xml, "Extension").equalsIgnoreCase(extension)) {
                byExtension = Optional.of(attribute(xml, "ContentType"));
            }
        }
        return byExtension;
    }

    private XMLStreamReader read(String part) throws IOException, XMLStreamException {
        try (var in = zip.getInputStream(zip.getEntry(part))) {
            byte[] bytes = in.readNBytes(LONGEST_LIST);
            return XML.createXMLStreamReader(new ByteArrayInputStream(bytes));
        }
    }

    private static boolean next(XMLStreamReader xml, String element) throws XMLStreamException {
        while (xml.hasNext()) {
            if (xml.next() == XMLStreamConstants.START_ELEMENT
                    && xml.getLocalName().equals(element)) {
                return true;
            }
        }
        return false;
    }

    private static String attribute(XMLStreamReader xml, String name) {
        String value = xml.getAttributeValue(null, name);
        return value == null ? "" : value;
    }

    /** Also guards against the JDK's finding another parser on the class path. */
    private static XMLInputFactory withoutEntities() {
        var factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }
}
