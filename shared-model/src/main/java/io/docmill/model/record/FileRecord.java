package io.docmill.model.record;

import io.docmill.model.document.DocumentFormat;
import java.time.Instant;

/**
 * A source: an uploaded file, or the output of a run.
 *
 * @param v the version of this form
 * @param name its name as the caller gave it, a base name of at most 255 bytes in UTF-8
 * @param format what its content is, whatever its name says
 * @param size in bytes
 * @param sha256 of the content, in lower-case hexadecimal digits
 * @param encrypted whether it opens with no password but its own. False where it opens with Excel's default password, and where
 *     only LibreOffice may know
 * @param createdAt when it was uploaded
 */
public record FileRecord(
        int v, String name, DocumentFormat format, long size, String sha256, boolean encrypted, Instant createdAt)
        implements StoredRecord {}
