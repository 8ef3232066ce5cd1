package io.docmill.platform.cache;

import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What Redis holds of a conversion: an artifact with the location by which it can be downloaded, or a failure.
 *
 * @param artifact the result, or null
 * @param location a presigned URL, or a path of the gateway, where there is an artifact
 * @param signedAt when the location was signed; it holds for an hour
 * @param lookedUpAt when object storage was last asked
 * @param failure the last failed attempt where there is no artifact, or null
 */
public record CachedConversion(
        @Nullable ArtifactRecord artifact,
        @Nullable String location,
        @Nullable Instant signedAt,
        Instant lookedUpAt,
        @Nullable FailureRecord failure) {

    public CachedConversion {
        if ((artifact == null) == (failure == null) || (artifact == null) != (location == null)) {
            throw new IllegalArgumentException("a cached conversion is an artifact with its location, or a failure");
        }
    }
}
