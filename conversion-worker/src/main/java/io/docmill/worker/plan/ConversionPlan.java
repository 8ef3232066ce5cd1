package io.docmill.worker.plan;

import java.nio.file.Path;
import java.util.List;

/**
 * What an engine is to do with one document.
 *
 * @param input the document; it is only read
 * @param output where the result is put, once complete; its directory exists, a file of that name is replaced
 * @param steps at least one; the first one is LibreOffice's
 */
public record ConversionPlan(Path input, Path output, List<ConversionStep> steps) {

    public ConversionPlan {
        steps = List.copyOf(steps);
        if (steps.isEmpty() || !(steps.getFirst() instanceof ConversionStep.LibreOfficeStep)) {
            throw new IllegalArgumentException("A plan begins with LibreOffice, not with " + steps);
        }
    }
}
