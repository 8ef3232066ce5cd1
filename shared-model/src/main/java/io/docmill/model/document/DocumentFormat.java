package io.docmill.model.document;

import java.util.Locale;
import java.util.Optional;

/** A format that Docmill reads or writes. Which pairs convert is told by {@code ConversionTable}. */
public enum DocumentFormat {
    XLSX("Excel workbook", Family.SPREADSHEET, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    XLS("Excel 97–2003 workbook", Family.SPREADSHEET, "application/vnd.ms-excel"),
    DOCX("Word document", Family.TEXT, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    DOC("Word 97–2003 document", Family.TEXT, "application/msword"),
    PPTX(
            "PowerPoint presentation",
            Family.PRESENTATION,
            "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    PPT("PowerPoint 97–2003 presentation", Family.PRESENTATION, "application/vnd.ms-powerpoint"),
    ODT("OpenDocument text", Family.TEXT, "application/vnd.oasis.opendocument.text"),
    ODP("OpenDocument presentation", Family.PRESENTATION, "application/vnd.oasis.opendocument.presentation"),
    PDF("PDF", Family.FIXED, "application/pdf"),
    HTML("HTML", Family.FIXED, "text/html; charset=utf-8"),
    TXT("plain text", Family.FIXED, "text/plain; charset=utf-8"),
    CSV("CSV", Family.FIXED, "text/csv; charset=utf-8"),
    PNG("PNG image", Family.FIXED, "image/png");

    /** What kind of document a format holds. {@code FIXED} formats are only written. */
    public enum Family {
        TEXT,
        SPREADSHEET,
        PRESENTATION,
        FIXED
    }

    private final String title;
    private final Family family;
    private final String mediaType;

    DocumentFormat(String title, Family family, String mediaType) {
        this.title = title;
        this.family = family;
        this.mediaType = mediaType;
    }

    /** The name of the format in the API, which is also its file extension: lower case, without a dot. */
    public String extension() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a person calls the format. */
    public String title() {
        return title;
    }

    public Family family() {
        return family;
    }

    /** The content type of such a file, as registered with IANA, with its charset where the format is text. */
    public String mediaType() {
        return mediaType;
    }

    /** The format with this name in the API, in any case; empty if there is none. */
    public static Optional<DocumentFormat> of(String extension) {
        for (DocumentFormat format : values()) {
            if (format.name().equalsIgnoreCase(extension)) {
                return Optional.of(format);
            }
        }
        return Optional.empty();
    }
}
