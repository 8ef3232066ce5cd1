package io.docmill.model.record;

import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The result of a conversion.
 *
 * @param v the version of this form
 * @param attempt the attempt that wrote it
 * @param format what it was converted to
 * @param options the canonical options it was made with
 * @param contentType its media type: a zip of pages has another than the format's own
 * @param extension of the file that a caller downloads, without a dot
 * @param size in bytes
 * @param pages how many pages it has, or null where that is unknown or means nothing
 * @param engine what converted it, with its version
 * @param createdAt when the attempt was accepted
 * @param startedAt when a worker began
 * @param completedAt when the worker wrote it
 */
public record ArtifactRecord(
        int v,
        AttemptId attempt,
        DocumentFormat format,
        ConversionOptions options,
        String contentType,
        String extension,
        long size,
        @Nullable Integer pages,
        String engine,
        Instant createdAt,
        Instant startedAt,
        Instant completedAt)
        implements StoredRecord {
    public ArtifactRecord {
        Objects.requireNonNull(attempt, "attempt");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(extension, "extension");
        Objects.requireNonNull(engine, "engine");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(startedAt, "startedAt");
        Objects.requireNonNull(completedAt, "completedAt");
    }
}
