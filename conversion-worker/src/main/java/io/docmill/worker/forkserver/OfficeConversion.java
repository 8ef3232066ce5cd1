package io.docmill.worker.forkserver;

import io.docmill.worker.plan.ConversionStep.LibreOfficeStep;

/**
 * One conversion.
 *
 * @param input a path, or a URL of LibreOffice's own such as {@code private:factory/swriter}
 * @param output a path
 * @param step how the one becomes the other
 */
public record OfficeConversion(String input, String output, LibreOfficeStep step) {}
