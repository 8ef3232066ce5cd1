package io.docmill.gateway.conversion;

import io.docmill.gateway.download.SignedLocation;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A conversion as its caller sees it at one moment. */
public sealed interface ConversionView {
    /** Which conversion. */
    ConversionId id();

    /**
     * There is an artifact.
     *
     * @param location where it can be downloaded
     * @param cached whether it was there already, so that this call converted nothing
     */
    record Succeeded(ConversionId id, ArtifactRecord artifact, SignedLocation location, boolean cached)
            implements ConversionView {}

    /** The attempt that was asked for, or the last one, ended without an artifact. */
    record Failed(ConversionId id, FailureRecord failure) implements ConversionView {}

    /**
     * It has been accepted and has not ended.
     *
     * @param startedAt when a worker began with it, or null while it waits in the queue, or nobody can tell
     */
    record Pending(
            ConversionId id,
            DocumentFormat format,
            ConversionOptions options,
            AttemptId attempt,
            Instant createdAt,
            @Nullable Instant startedAt)
            implements ConversionView {}
}
