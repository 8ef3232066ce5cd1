package io.docmill.gateway.source;

import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.platform.cache.DocumentCache;
import io.docmill.platform.storage.DocumentStore;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes a source with all that was made from it, in Redis too. Thread-safe. */
public final class SourceDeletion {
    private static final Logger log = LoggerFactory.getLogger(SourceDeletion.class);

    private final DocumentStore documents;
    private final DocumentCache cache;

    public SourceDeletion(DocumentStore documents, DocumentCache cache) {
        this.documents = documents;
        this.cache = cache;
    }

    /**
     * Deletes a source that exists or existed: a delete that was interrupted is finished by its repetition. Blocks.
     *
     * @throws io.docmill.platform.storage.StorageUnavailableException if storage is away; then it can be repeated
     */
    public void delete(ScopeId scope, SourceId source) {
        forget(scope, source);
        documents.deleteSource(scope, source);
    }

    /** Waits for Redis, so that no caller is answered from it once the delete has been; its outage does not stop a delete. */
    private void forget(ScopeId scope, SourceId source) {
        try {
            cache.forget(scope, source).toCompletableFuture().join();
        } catch (CompletionException outage) {
            log.warn("Redis is away ({}); what it holds of {} lapses within an hour", outage.getMessage(), source);
        }
    }
}
