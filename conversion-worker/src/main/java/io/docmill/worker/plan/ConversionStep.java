package io.docmill.worker.plan;

import io.docmill.model.document.DocumentFormat;

/** One step of a plan: it reads what the step before it wrote. */
public sealed interface ConversionStep {

    /**
     * LibreOffice opens the document and writes it in another format, in the sandbox.
     *
     * @param source the format of what it reads
     * @param load the properties of opening, among them {@code FilterName}, the import filter
     * @param target the format of what it writes
     * @param store the properties of writing, among them {@code FilterName}, the export filter
     */
    record LibreOfficeStep(DocumentFormat source, OfficeProperties load, DocumentFormat target, OfficeProperties store)
            implements ConversionStep {

        public LibreOfficeStep {
            if (!load.values().containsKey("FilterName") || !store.values().containsKey("FilterName")) {
                throw new IllegalArgumentException("Both filters must be named, so that no other is guessed");
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
