package io.docmill.gateway.source;

import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.record.DueWork.RepeatDelete;
import io.docmill.platform.cache.DocumentCache;
import io.docmill.platform.storage.DocumentStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes a source with all that was made from it, in Redis too. What is begun is finished: before anything else a marker is
 * written, by which any gateway repeats the delete, a minute later, in case that this one died; and once more when whatever was
 * under way at the time has ended, in case that it wrote something. Thread-safe.
 */
public final class SourceDeletion {
    private static final Logger log = LoggerFactory.getLogger(SourceDeletion.class);

    /** No delete takes that long, unless it was interrupted. */
    private static final Duration FIRST_REPETITION = Duration.ofMinutes(1);

    /** A job runs for 300 s at most, twice if LibreOffice crashes, and Redis refuses to be filled for so long. */
    private static final Duration LAST_REPETITION = Duration.ofMinutes(16);

    /** What Redis holds lapses by itself after an hour. */
    private static final Duration REDIS_MEMORY = Duration.ofHours(1);

    private final DocumentStore documents;
    private final DocumentCache cache;
    private final Clock clock;

    public SourceDeletion(DocumentStore documents, DocumentCache cache, Clock clock) {
        this.documents = documents;
        this.cache = cache;
        this.clock = clock;
    }

    /**
     * Deletes a source. Blocks.
     *
     * @throws io.docmill.platform.storage.StorageUnavailableException if storage is away; the source may be deleted later all the
     *     same
     */
    public void delete(ScopeId scope, SourceId source) {
        Instant now = clock.instant();
        documents.putDue(now.plus(FIRST_REPETITION), new RepeatDelete(scope, source, now));
        remove(scope, source);
    }

    /**
     * Deletes a source once more, and writes the marker of the next repetition, if there is one; the present one is the caller's
     * to remove. Blocks.
     *
     * @throws io.docmill.platform.storage.StorageUnavailableException if storage is away; then it can be repeated
     */
    public void repeat(RepeatDelete delete) {
        boolean forgotten = remove(delete.scope(), delete.source());
        nextRepetition(delete, forgotten).ifPresent(at -> documents.putDue(at, delete));
    }

    private Optional<Instant> nextRepetition(RepeatDelete delete, boolean forgotten) {
        Instant now = clock.instant();
        // While Redis is away it may come back with what it held, and answer with it.
        if (!forgotten && now.isBefore(delete.deletedAt().plus(REDIS_MEMORY))) {
            return Optional.of(now.plus(FIRST_REPETITION));
        }
        return Optional.of(delete.deletedAt().plus(LAST_REPETITION)).filter(now::isBefore);
    }

    /** Redis goes first, so that no caller is answered from it once the delete has been; false if it was away. */
    private boolean remove(ScopeId scope, SourceId source) {
        boolean forgotten = forget(scope, source);
        documents.deleteSource(scope, source);
        return forgotten;
    }

    private boolean forget(ScopeId scope, SourceId source) {
        try {
            cache.forget(scope, source).toCompletableFuture().join();
            return true;
        } catch (CompletionException outage) {
            log.debug("Redis did not forget {}: {}", source, outage.getMessage());
            return false;
        }
    }
}
