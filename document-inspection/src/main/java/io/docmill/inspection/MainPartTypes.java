package io.docmill.inspection;

import io.docmill.model.document.DocumentFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The content types of main parts that Docmill takes as sources, and the names of those that it does not. */
final class MainPartTypes {
    /** Types of main parts without the prefix {@code application/} and the suffix {@code +xml}. */
    private static final Map<String, DocumentFormat> SOURCES = Map.ofEntries(
            Map.entry("vnd.openxmlformats-officedocument.wordprocessingml.document.main", DocumentFormat.DOCX),
            Map.entry("vnd.openxmlformats-officedocument.wordprocessingml.template.main", DocumentFormat.DOCX),
            Map.entry("vnd.ms-word.document.macroenabled.main", DocumentFormat.DOCX),
            Map.entry("vnd.ms-word.template.macroenabledtemplate.main", DocumentFormat.DOCX),
            Map.entry("vnd.openxmlformats-officedocument.spreadsheetml.sheet.main", DocumentFormat.XLSX),
            Map.entry("vnd.openxmlformats-officedocument.spreadsheetml.template.main", DocumentFormat.XLSX),
            Map.entry("vnd.ms-excel.sheet.macroenabled.main", DocumentFormat.XLSX),
            Map.entry("vnd.ms-excel.template.macroenabled.main", DocumentFormat.XLSX),
            Map.entry("vnd.openxmlformats-officedocument.presentationml.presentation.main", DocumentFormat.PPTX),
            Map.entry("vnd.openxmlformats-officedocument.presentationml.template.main", DocumentFormat.PPTX),
            Map.entry("vnd.openxmlformats-officedocument.presentationml.slideshow.main", DocumentFormat.PPTX),
            Map.entry("vnd.ms-powerpoint.presentation.macroenabled.main", DocumentFormat.PPTX),
            Map.entry("vnd.ms-powerpoint.template.macroenabled.main", DocumentFormat.PPTX),
            Map.entry("vnd.ms-powerpoint.slideshow.macroenabled.main", DocumentFormat.PPTX));

    private static final Map<String, String> FOREIGN = Map.of(
            "vnd.ms-excel.sheet.binary.macroenabled.main", "an Excel binary workbook (xlsb)",
            "vnd.ms-excel.addin.macroenabled.main", "an Excel add-in (xlam)",
            "vnd.ms-powerpoint.addin.macroenabled.main", "a PowerPoint add-in (ppam)",
            "vnd.ms-visio.drawing.main", "a Visio drawing (vsdx)",
            "vnd.ms-visio.drawing.macroenabled.main", "a Visio drawing (vsdm)");

    private MainPartTypes() {}

    /** The document's format by its main part's type; templates, shows and documents with macros count as documents. */
    static Optional<DocumentFormat> format(String contentType) {
        return Optional.ofNullable(SOURCES.get(key(contentType)));
    }

    /** What else a package with such a main part is, with its article. */
    static String foreign(String contentType) {
        return FOREIGN.getOrDefault(key(contentType), "an Office package of the type " + Refusals.quoted(contentType));
    }

    /** @param mimetype the content of the part of that name */
    static String openDocument(String mimetype) {
        String kind = mimetype.strip().replaceFirst("^application/vnd\\.oasis\\.opendocument\\.", "");
        return switch (kind) {
            case "text", "text-template", "text-master" -> "an OpenDocument text (odt)";
            case "spreadsheet", "spreadsheet-template" -> "an OpenDocument spreadsheet (ods)";
            case "presentation", "presentation-template" -> "an OpenDocument presentation (odp)";
            case "graphics", "graphics-template" -> "an OpenDocument drawing (odg)";
            case "application/epub+zip" -> "an e-book (epub)";
            default -> "a file of the type " + Refusals.quoted(kind);
        };
    }

    private static String key(String contentType) {
        return contentType
                .toLowerCase(Locale.ROOT)
                .strip()
                .replaceFirst("^application/", "")
                .replaceFirst("\\+xml$", "");
    }
}
