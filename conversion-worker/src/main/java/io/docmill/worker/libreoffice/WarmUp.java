package io.docmill.worker.libreoffice;

import io.docmill.model.document.DocumentFormat;
import io.docmill.worker.forkserver.OfficeConversion;
import io.docmill.worker.plan.ConversionPlanner;
import io.docmill.worker.plan.ConversionStep.LibreOfficeStep;
import io.docmill.worker.plan.OfficeProperties;
import io.docmill.worker.plan.PlanOptions;
import io.docmill.worker.sandbox.Sandbox;
import io.docmill.worker.sandbox.SlotDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jodconverter.core.office.OfficeException;
import org.jodconverter.core.office.OfficeManager;

/**
 * Has a fresh LibreOffice make and convert an empty document of each family, so that libraries, fonts and filters are loaded
 * before the first real document comes: else that one pays some 200 ms for it. That it works also proves the process.
 */
final class WarmUp {

    private static final Map<DocumentFormat, String> NEW_DOCUMENTS = Map.of(
            DocumentFormat.DOCX, "private:factory/swriter",
            DocumentFormat.XLSX, "private:factory/scalc",
            DocumentFormat.PPTX, "private:factory/simpress");

    private static final String LIBREOFFICES_OWN = "private:";

    private WarmUp() {}

    /**
     * Converts one document of each family; nothing of them is left.
     *
     * @throws OfficeException if one of them fails
     */
    static void run(OfficeManager manager, Sandbox sandbox, SlotDirectory slot) throws OfficeException, IOException {
        Path directory = slot.makeDirectory(slot.document().resolve("warm-up"));
        for (var conversion : conversions(sandbox.inside(slot, directory))) {
            manager.execute(
                    new ConvertDocumentTask(url(conversion.input()), url(conversion.output()), conversion.step()));
        }
        slot.empty();
    }

    private static String url(String input) {
        return input.startsWith(LIBREOFFICES_OWN) ? input : OfficeUrls.of(Path.of(input));
    }

    /** What is converted, in this order, each document made by one conversion and read by the next. */
    static List<OfficeConversion> conversions(Path directory) {
        return NEW_DOCUMENTS.entrySet().stream()
                .flatMap(entry -> conversions(entry.getKey(), entry.getValue(), directory))
                .toList();
    }

    private static Stream<OfficeConversion> conversions(DocumentFormat format, String factory, Path directory) {
        Path document = directory.resolve("document." + format.extension());
        Path pdf = directory.resolve("document.pdf");
        LibreOfficeStep toPdf = firstStep(document, format, pdf);
        return Stream.of(
                new OfficeConversion(factory, document.toString(), creation(toPdf)),
                new OfficeConversion(document.toString(), pdf.toString(), toPdf));
    }

    private static LibreOfficeStep firstStep(Path document, DocumentFormat format, Path pdf) {
        var plan = new ConversionPlanner().plan(document, format, pdf, DocumentFormat.PDF, PlanOptions.DEFAULT);
        return (LibreOfficeStep) plan.steps().getFirst();
    }

    /** A new document is opened by no filter; the one that will read it writes it. */
    private static LibreOfficeStep creation(LibreOfficeStep reading) {
        String filter = reading.importFilters().getFirst();
        var hidden = OfficeProperties.NONE.with("Hidden", true);
        return new LibreOfficeStep(
                reading.source(), List.of(""), hidden, reading.source(), filter, OfficeProperties.NONE);
    }
}
