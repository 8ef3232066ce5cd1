package io.docmill.gateway.conversion;

import io.docmill.model.document.DocumentFormat;
import java.util.List;

/** What a request to convert comes to. */
public sealed interface ConversionAnswer {
    /** The source does not exist, or not in this scope. */
    record SourceNotFound() implements ConversionAnswer {}

    /** The source does not convert to that. */
    record UnsupportedPair(DocumentFormat source, String target) implements ConversionAnswer {}

    /** Some options are not valid for the pair; each violation is a sentence. */
    record InvalidOptions(List<String> violations) implements ConversionAnswer {}

    /** The conversion as it stands when the caller has waited long enough. */
    record Answered(ConversionView view) implements ConversionAnswer {}
}
