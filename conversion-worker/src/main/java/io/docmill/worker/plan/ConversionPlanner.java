package io.docmill.worker.plan;

import io.docmill.model.document.DocumentFormat;
import io.docmill.model.document.DocumentFormat.Family;
import io.docmill.worker.plan.ConversionStep.LibreOfficeStep;
import io.docmill.worker.plan.ConversionStep.RasteriseStep;
import io.docmill.worker.plan.ConversionStep.SanitiseHtmlStep;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Knows which steps lead from one format to another. The names of filters and their options are LibreOffice's own; they are
 * listed in its help under "File Conversion Filter Names", "PDF Export Command Line Parameters" and "CSV Filter Parameters".
 */
public final class ConversionPlanner {

    /** The longer side of a PNG in pixels: sharp on a full-HD screen, some hundred kilobytes. */
    public static final int PNG_LONGER_SIDE = 1_920;

    /** The largest HTML that is sanitised: measured, one image of this size takes 160 MB of heap, of 512 MB or more. */
    public static final long HTML_LIMIT_BYTES = 32L << 20;

    /**
     * The tokens of the CSV filter, in its order: field separator, text delimiter, UTF-8, first line, column formats, language
     * en-US, not every field quoted, special numbers, cells as shown, no formulas, spaces kept, sheet 0 (the active one), no
     * evaluation, no byte order mark.
     */
    private static final String CSV_TOKENS = "44,34,76,1,,1033,false,true,true,false,false,0,false,false";

    /**
     * The plan for one document.
     *
     * @param source the format that was found in the document's content; its import filter is forced
     * @throws IllegalArgumentException if no plan leads from source to target: to be refused before there is a job
     */
    public ConversionPlan plan(
            Path input, DocumentFormat source, Path output, DocumentFormat target, PlanOptions options) {
        return new ConversionPlan(input, output, steps(source, target, options));
    }

    private static List<ConversionStep> steps(DocumentFormat source, DocumentFormat target, PlanOptions options) {
        return switch (target) {
            case PDF -> List.of(pdf(source, options, pdfData(options.tagged())));
            case PNG -> List.of(pdf(source, options, firstPage()), new RasteriseStep(PNG_LONGER_SIDE));
            case HTML -> List.of(html(source, options), new SanitiseHtmlStep(HTML_LIMIT_BYTES));
            case TXT -> List.of(text(source, options));
            case CSV -> List.of(csv(source, options));
            case XLSX, DOCX, PPTX, ODT, ODP -> List.of(document(source, target, options));
            case XLS, DOC, PPT -> throw unsupported(source, target);
        };
    }

    private static LibreOfficeStep office(
            DocumentFormat source,
            PlanOptions options,
            DocumentFormat target,
            String exportFilter,
            OfficeProperties store) {
        return new LibreOfficeStep(
                source, importFilters(source), load(source, target, options.password()), target, exportFilter, store);
    }

    /**
     * What stops a document from acting on its own: UpdateDocMode 0 (NO_UPDATE of com.sun.star.document.UpdateDocMode) keeps
     * external references, DDE and WEBSERVICE still, MacroExecutionMode 0 is NEVER_EXECUTE of
     * com.sun.star.document.MacroExecMode. No interaction handler: LibreOffice then refuses whatever it would have to ask for.
     */
    private static OfficeProperties load(
            DocumentFormat source, DocumentFormat target, Optional<OfficeValue.Secret> password) {
        var properties = OfficeProperties.NONE
                .with("Hidden", !needsActiveSheet(source, target))
                .with("ReadOnly", true)
                .with("Silent", true)
                .with("MacroExecutionMode", new OfficeValue.Small((short) 0))
                .with("UpdateDocMode", new OfficeValue.Small((short) 0));
        return password.map(secret -> properties.with("Password", secret)).orElse(properties);
    }

    /** Calc forgets which sheet was active when it opens a workbook hidden; without a display nothing is seen either way. */
    private static boolean needsActiveSheet(DocumentFormat source, DocumentFormat target) {
        return source.family() == Family.SPREADSHEET
                && (target == DocumentFormat.CSV || target.family() == Family.SPREADSHEET);
    }

    /**
     * The filters of a format, newest generation first. Each opens only its own generation (Word 97, 6 and 95, 2; Excel 97, 5
     * and 95, 2 to 4) and refuses the others within some 10 ms.
     */
    private static List<String> importFilters(DocumentFormat source) {
        return switch (source) {
            case DOCX -> List.of("MS Word 2007 XML");
            case DOC -> List.of("MS Word 97", "MS Word 95", "MS WinWord 5");
            case XLSX -> List.of("Calc MS Excel 2007 XML");
            case XLS -> List.of("MS Excel 97", "MS Excel 95", "MS Excel 4.0");
            case PPTX -> List.of("Impress MS PowerPoint 2007 XML");
            case PPT -> List.of("MS PowerPoint 97");
            case ODT, ODP, PDF, HTML, TXT, CSV, PNG ->
                throw new IllegalArgumentException("Nothing converts from " + source);
        };
    }

    private static LibreOfficeStep pdf(DocumentFormat source, PlanOptions options, OfficeProperties data) {
        String filter = switch (source.family()) {
            case TEXT -> "writer_pdf_Export";
            case SPREADSHEET -> "calc_pdf_Export";
            case PRESENTATION -> "impress_pdf_Export";
            case FIXED -> throw unsupported(source, DocumentFormat.PDF);
        };
        return office(source, options, DocumentFormat.PDF, filter, OfficeProperties.NONE.with("FilterData", data));
    }

    /** Fonts are always embedded; the 14 standard ones only on request. */
    private static OfficeProperties pdfData(boolean tagged) {
        return OfficeProperties.NONE.with("UseTaggedPDF", tagged).with("EmbedStandardFonts", true);
    }

    private static OfficeProperties firstPage() {
        return pdfData(false).with("PageRange", "1");
    }

    private static LibreOfficeStep html(DocumentFormat source, PlanOptions options) {
        return switch (source.family()) {
            case TEXT ->
                office(
                        source,
                        options,
                        DocumentFormat.HTML,
                        "HTML (StarWriter)",
                        OfficeProperties.NONE.with("FilterOptions", "EmbedImages"));
            // Calc writes images beside the HTML; the sanitiser takes them in.
            case SPREADSHEET -> office(source, options, DocumentFormat.HTML, "HTML (StarCalc)", OfficeProperties.NONE);
            case PRESENTATION, FIXED -> throw unsupported(source, DocumentFormat.HTML);
        };
    }

    /** UTF-8, lines end in LF, default font and language, no byte order mark. */
    private static LibreOfficeStep text(DocumentFormat source, PlanOptions options) {
        requireFamily(source, Family.TEXT, DocumentFormat.TXT);
        var store = OfficeProperties.NONE.with("FilterOptions", "UTF8,LF,,,false");
        return office(source, options, DocumentFormat.TXT, "Text (encoded)", store);
    }

    private static LibreOfficeStep csv(DocumentFormat source, PlanOptions options) {
        requireFamily(source, Family.SPREADSHEET, DocumentFormat.CSV);
        var store = OfficeProperties.NONE.with("FilterOptions", CSV_TOKENS);
        return office(source, options, DocumentFormat.CSV, "Text - txt - csv (StarCalc)", store);
    }

    private static LibreOfficeStep document(DocumentFormat source, DocumentFormat target, PlanOptions options) {
        requireFamily(source, target.family(), target);
        String filter = switch (target) {
            case XLSX -> "Calc MS Excel 2007 XML";
            case DOCX -> "MS Word 2007 XML";
            case PPTX -> "Impress MS PowerPoint 2007 XML";
            case ODT -> "writer8";
            case ODP -> "impress8";
            case XLS, DOC, PPT, PDF, HTML, TXT, CSV, PNG -> throw unsupported(source, target);
        };
        return office(source, options, target, filter, OfficeProperties.NONE);
    }

    private static void requireFamily(DocumentFormat source, Family family, DocumentFormat target) {
        if (source.family() != family) {
            throw unsupported(source, target);
        }
    }

    private static IllegalArgumentException unsupported(DocumentFormat source, DocumentFormat target) {
        return new IllegalArgumentException("No plan leads from " + source + " to " + target);
    }
}
