package io.docmill.gateway.source;

import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.job.JobReply.Failed;
import io.docmill.model.job.JobReply.Outcome;
import io.docmill.model.job.JobReply.Succeeded;
import io.docmill.model.record.DueWork.ExpireSource;
import io.docmill.platform.storage.DocumentStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * Files that are not to be kept: an hour after the conversion they were uploaded for has ended they are deleted, with its result.
 * Thread-safe.
 */
public final class SourceExpiry {
    /** How long a result can be fetched, and how often a conversion that has not ended is looked at. */
    private static final Duration GRACE = Duration.ofHours(1);

    /** What has not ended by then never will. */
    private static final Duration LONGEST_LIFE = Duration.ofHours(24);

    private final DocumentStore documents;
    private final SourceDeletion deletion;
    private final Clock clock;

    public SourceExpiry(DocumentStore documents, SourceDeletion deletion, Clock clock) {
        this.documents = documents;
        this.deletion = deletion;
        this.clock = clock;
    }

    /**
     * Plans the end of a file, before it is stored: whatever happens then, a crash of this gateway included, it does not stay.
     * Blocks.
     *
     * @param conversion what it is uploaded for
     * @throws io.docmill.platform.storage.StorageUnavailableException if storage is away; then the file must not be stored
     */
    public void plan(ScopeId scope, SourceId source, ConversionId conversion) {
        if (!conversion.source().equals(source)) {
            throw new IllegalArgumentException("%s is no conversion of %s".formatted(conversion, source));
        }
        Instant now = clock.instant();
        documents.putDue(now.plus(GRACE), new ExpireSource(scope, conversion, now));
    }

    /**
     * Deletes a file that has expired, or plans when to look at it again; the present marker is the caller's to remove. Blocks.
     *
     * @throws io.docmill.platform.storage.StorageUnavailableException if storage is away; then it can be repeated
     */
    public void expire(ExpireSource expiry) {
        SourceId source = expiry.conversion().source();
        // Never stored, or deleted: then that delete has a marker of its own.
        if (documents.findSource(expiry.scope(), source).isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        Instant end = endOfLife(expiry, now);
        if (now.isBefore(end)) {
            documents.putDue(end, expiry);
        } else {
            deletion.delete(expiry.scope(), source);
        }
    }

    /** When the file is to be deleted, or looked at again. */
    private Instant endOfLife(ExpireSource expiry, Instant now) {
        Instant latest = expiry.plannedAt().plus(LONGEST_LIFE);
        Instant end = documents
                .conversionState(expiry.scope(), expiry.conversion())
                .outcome()
                .map(SourceExpiry::endedAt)
                .orElse(now)
                .plus(GRACE);
        return end.isBefore(latest) ? end : latest;
    }

    private static Instant endedAt(Outcome outcome) {
        return switch (outcome) {
            case Succeeded(var artifact) -> artifact.completedAt();
            case Failed(var failure) -> failure.failedAt();
        };
    }
}
