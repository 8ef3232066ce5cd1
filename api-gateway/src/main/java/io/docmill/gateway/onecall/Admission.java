package io.docmill.gateway.onecall;

import io.docmill.gateway.conversion.ConversionAnswer;
import io.docmill.gateway.file.FileService.StoredFile;
import io.docmill.inspection.Inspection;

/** What became of a document that was sent to be converted at once. */
public sealed interface Admission {
    /** It was kept and can be converted as the caller wants. */
    record Admitted(StoredFile file) implements Admission {}

    /** It can never convert. Nothing was kept. */
    record Refused(Inspection.Refused refusal) implements Admission {}

    /** It does not convert to this, or not with these options, as the answer says. Nothing was kept. */
    record Invalid(ConversionAnswer answer) implements Admission {}
}
