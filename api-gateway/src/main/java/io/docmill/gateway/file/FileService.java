package io.docmill.gateway.file;

import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.gateway.list.Page;
import io.docmill.gateway.source.SourceDeletion;
import io.docmill.gateway.upload.UploadCheck;
import io.docmill.gateway.upload.UploadVerdict;
import io.docmill.gateway.upload.UploadedFile;
import io.docmill.inspection.Inspection;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.record.FileRecord;
import io.docmill.platform.cache.DocumentCache;
import io.docmill.platform.storage.DocumentStore;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Uploaded files: checked, kept, listed, deleted. Fails with {@code StorageUnavailableException} when storage is away. */
public final class FileService {
    private static final Logger log = LoggerFactory.getLogger(FileService.class);

    private final DocumentStore documents;
    private final DocumentCache cache;
    private final SourceDeletion deletion;
    private final UploadCheck check;
    private final BlockingCalls blocking;

    public FileService(
            DocumentStore documents,
            DocumentCache cache,
            SourceDeletion deletion,
            UploadCheck check,
            BlockingCalls blocking) {
        this.documents = documents;
        this.cache = cache;
        this.deletion = deletion;
        this.check = check;
        this.blocking = blocking;
    }

    /**
     * A file with its id.
     *
     * @param id its id
     * @param record what is known of it
     */
    public record StoredFile(SourceId id, FileRecord record) {}

    /** What became of an upload. */
    public sealed interface Upload {
        /** It was kept. */
        record Kept(StoredFile file) implements Upload {}

        /** It can never convert, and nothing was kept. */
        record Refused(Inspection.Refused refusal) implements Upload {}
    }

    /** Checks a file that lies on disk and keeps it. The file on disk stays the caller's. */
    public Future<Upload> keep(ScopeId scope, UploadedFile file) {
        return blocking.call(() -> switch (check.check(file)) {
            case UploadVerdict.Refused(var refusal) -> new Upload.Refused(refusal);
            case UploadVerdict.Accepted(var record) -> {
                SourceId id = SourceId.create(SourceId.Kind.FILE);
                store(scope, id, file, record);
                yield new Upload.Kept(new StoredFile(id, record));
            }
        });
    }

    /** Keeps a file that was checked. Blocks. The file on disk stays the caller's. */
    public void store(ScopeId scope, SourceId id, UploadedFile file, FileRecord record) {
        documents.putSource(scope, id, file.content(), record);
        cache.create(scope, id, record).exceptionally(outage -> {
            log.debug("Redis did not take {}: {}", id, outage.toString());
            return false;
        });
    }

    /** A file; empty if it is not in this scope. */
    public Future<Optional<StoredFile>> find(ScopeId scope, SourceId id) {
        return blocking.call(() -> documents.findSource(scope, id).map(record -> new StoredFile(id, record)));
    }

    /** Files of a scope, newest first. */
    public Future<Page<StoredFile>> list(ScopeId scope, @Nullable SourceId after, int limit) {
        return blocking.call(() -> {
            List<SourceId> ids = documents.listSources(scope, SourceId.Kind.FILE, after, limit + 1);
            return Page.of(ids, limit, id -> documents.findSource(scope, id).map(record -> new StoredFile(id, record)));
        });
    }

    /**
     * Deletes a file with all that was made from it.
     *
     * @return whether there was one
     */
    public Future<Boolean> delete(ScopeId scope, SourceId id) {
        return blocking.call(() -> {
            // A delete that was interrupted is finished by itself; for what never was there is nothing to write.
            if (documents.findSource(scope, id).isEmpty()) {
                return false;
            }
            deletion.delete(scope, id);
            return true;
        });
    }
}
