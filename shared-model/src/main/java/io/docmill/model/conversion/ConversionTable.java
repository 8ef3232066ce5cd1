package io.docmill.model.conversion;

import static io.docmill.model.document.DocumentFormat.CSV;
import static io.docmill.model.document.DocumentFormat.DOC;
import static io.docmill.model.document.DocumentFormat.DOCX;
import static io.docmill.model.document.DocumentFormat.HTML;
import static io.docmill.model.document.DocumentFormat.ODP;
import static io.docmill.model.document.DocumentFormat.ODT;
import static io.docmill.model.document.DocumentFormat.PDF;
import static io.docmill.model.document.DocumentFormat.PNG;
import static io.docmill.model.document.DocumentFormat.PPT;
import static io.docmill.model.document.DocumentFormat.PPTX;
import static io.docmill.model.document.DocumentFormat.TXT;
import static io.docmill.model.document.DocumentFormat.XLS;
import static io.docmill.model.document.DocumentFormat.XLSX;

import io.docmill.model.document.DocumentFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which formats convert to which: the one table that validates, documents and plans. */
public final class ConversionTable {
    private static final Map<DocumentFormat, List<DocumentFormat>> TARGETS = Map.of(
            XLSX, List.of(PDF, CSV, PNG, HTML),
            XLS, List.of(PDF, CSV, XLSX, HTML),
            DOCX, List.of(PDF, HTML, TXT, ODT),
            DOC, List.of(PDF, DOCX, HTML, TXT),
            PPTX, List.of(PDF, PNG, ODP),
            PPT, List.of(PDF, PPTX, PNG));

    /** The sources in the order in which they are listed to callers. */
    private static final List<DocumentFormat> SOURCES = List.of(XLSX, XLS, DOCX, DOC, PPTX, PPT);

    private ConversionTable() {}

    /** The formats that can be converted, in the order of the documentation. */
    public static List<DocumentFormat> sources() {
        return SOURCES;
    }

    /** The formats that a source converts to, in the order of the documentation; none if it is no source. */
    public static List<DocumentFormat> targets(DocumentFormat source) {
        return TARGETS.getOrDefault(source, List.of());
    }

    /** The valid target of a source with this name; empty if the pair is not supported. */
    public static Optional<DocumentFormat> target(DocumentFormat source, String name) {
        return DocumentFormat.of(name).filter(Set.copyOf(targets(source))::contains);
    }
}
