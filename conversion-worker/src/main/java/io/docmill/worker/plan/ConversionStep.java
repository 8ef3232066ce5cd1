package io.docmill.worker.plan;

import io.docmill.model.document.DocumentFormat;
import java.util.List;

/** One step of a plan: it reads what the step before it wrote. */
public sealed interface ConversionStep {

    /**
     * LibreOffice opens the document and writes it in another format, in the sandbox.
     *
     * @param source the format of what it reads
     * @param importFilters the filters that may open it, tried in this order until one does; at least one
     * @param load the other properties of opening
     * @param target the format of what it writes
     * @param exportFilter the filter that writes it
     * @param store the other properties of writing
     */
    record LibreOfficeStep(
            DocumentFormat source,
            List<String> importFilters,
            OfficeProperties load,
            DocumentFormat target,
            String exportFilter,
            OfficeProperties store)
            implements ConversionStep {

        public LibreOfficeStep {
            importFilters = List.copyOf(importFilters);
            if (importFilters.isEmpty()) {
                throw new IllegalArgumentException("An import filter must be named, or LibreOffice guesses one");
            }
        }
    }

    /**
     * The first page of a PDF becomes a PNG, in the sandbox.
     *
     * @param longerSide pixels of the longer side; from 1 to 16,384
     */
    record RasteriseStep(int longerSide) implements ConversionStep {

        public RasteriseStep {
            if (longerSide < 1 || longerSide > 16_384) {
                throw new IllegalArgumentException("The longer side must have 1 to 16384 pixels, not " + longerSide);
            }
        }
    }

    /**
     * HTML passes an allow list, in this process.
     *
     * @param limitBytes the largest HTML that is taken
     */
    record SanitiseHtmlStep(long limitBytes) implements ConversionStep {}
}
