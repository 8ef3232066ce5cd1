package io.docmill.gateway.conversion;

import io.docmill.gateway.download.DownloadUrls;
import io.docmill.gateway.download.FileNames;
import io.docmill.gateway.download.SignedLocation;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.job.JobReply;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.FileRecord;
import io.docmill.model.storage.ObjectKeys;
import io.docmill.platform.cache.CachedConversion;
import io.docmill.platform.cache.DocumentCache;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns outcomes into what a caller sees, with a signed URL, and keeps them in Redis for the next caller. */
final class Answers {
    private static final Logger log = LoggerFactory.getLogger(Answers.class);

    private final DocumentCache cache;
    private final DownloadUrls urls;
    private final Clock clock;

    Answers(DocumentCache cache, DownloadUrls urls, Clock clock) {
        this.cache = cache;
        this.urls = urls;
        this.clock = clock;
    }

    /** What Redis holds, if it answers this request; a URL with less than 55 minutes left is signed anew. */
    Optional<ConversionView> fromCache(WantedConversion wanted, DocumentCache.Found found) {
        CachedConversion cached = found.conversion();
        if (cached == null || wanted.parameters().refresh()) {
            return Optional.empty();
        }
        ArtifactRecord artifact = cached.artifact();
        if (artifact == null) {
            FailureRecord failure = cached.failure();
            return failure != null && failure.answers(wanted.parameters().timeout(), clock.instant())
                    ? Optional.of(new ConversionView.Failed(wanted.id(), failure))
                    : Optional.empty();
        }
        if (cached.location() != null && cached.signedAt() != null) {
            SignedLocation location = new SignedLocation(cached.location(), cached.signedAt());
            if (location.isFresh(clock.instant())) {
                return Optional.of(new ConversionView.Succeeded(wanted.id(), artifact, location, true));
            }
        }
        SignedLocation location = sign(wanted.scope(), wanted.id(), wanted.source(), artifact);
        keep(wanted.scope(), wanted.id(), wanted.source(), artifact, location, cached.lookedUpAt());
        return Optional.of(new ConversionView.Succeeded(wanted.id(), artifact, location, true));
    }

    /**
     * What an attempt came to, just learnt from storage or from a reply.
     *
     * @param alone whether it is known that there is no artifact beside a failure: only then the failure is kept in Redis, where
     *     it would otherwise hide the artifact
     */
    ConversionView view(
            ScopeId scope,
            ConversionId conversion,
            FileRecord source,
            JobReply.Outcome outcome,
            boolean cached,
            boolean alone) {
        return switch (outcome) {
            case JobReply.Succeeded(var artifact) -> {
                SignedLocation location = sign(scope, conversion, source, artifact);
                keep(scope, conversion, source, artifact, location, clock.instant());
                yield new ConversionView.Succeeded(conversion, artifact, location, cached);
            }
            case JobReply.Failed(var failure) -> {
                if (alone && failure.rememberedUntil() != null) {
                    keep(scope, conversion, source, new CachedConversion(null, null, null, clock.instant(), failure));
                }
                yield new ConversionView.Failed(conversion, failure);
            }
        };
    }

    private SignedLocation sign(ScopeId scope, ConversionId conversion, FileRecord source, ArtifactRecord artifact) {
        return urls.sign(
                ObjectKeys.artifact(scope, conversion),
                FileNames.converted(source, artifact.extension()),
                artifact.contentType());
    }

    private void keep(
            ScopeId scope,
            ConversionId conversion,
            FileRecord source,
            ArtifactRecord artifact,
            SignedLocation location,
            Instant lookedUpAt) {
        keep(
                scope,
                conversion,
                source,
                new CachedConversion(artifact, location.location(), location.signedAt(), lookedUpAt, null));
    }

    /** Nobody waits for it: without Redis the next caller asks storage. */
    private void keep(ScopeId scope, ConversionId conversion, FileRecord source, CachedConversion cached) {
        cache.fill(scope, conversion, source, cached).exceptionally(outage -> {
            log.debug("Redis did not take {}: {}", conversion, outage.toString());
            return false;
        });
    }
}
