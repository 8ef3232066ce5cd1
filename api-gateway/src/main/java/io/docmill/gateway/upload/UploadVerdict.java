package io.docmill.gateway.upload;

import io.docmill.inspection.Inspection;
import io.docmill.model.record.FileRecord;

/** What the check of an upload came to. */
public sealed interface UploadVerdict {
    /** It can be kept, with this record. */
    record Accepted(FileRecord record) implements UploadVerdict {}

    /** It can never convert. */
    record Refused(Inspection.Refused refusal) implements UploadVerdict {}
}
