package io.docmill.gateway.file;

import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.gateway.download.FileNames;
import io.docmill.gateway.source.SourceDeletion;
import io.docmill.inspection.DocumentInspector;
import io.docmill.inspection.Inspection;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.record.FileRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.platform.cache.DocumentCache;
import io.docmill.platform.storage.DocumentStore;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Uploaded files: checked, kept, listed, deleted. Fails with {@code StorageUnavailableException} when storage is away. */
public final class FileService {
    private static final Logger log = LoggerFactory.getLogger(FileService.class);

    /** Inspections read hostile containers, up to some 20 MiB of heap each: no more of them at a time than processors. */
    private final Semaphore inspections = new Semaphore(Runtime.getRuntime().availableProcessors());

    private final DocumentStore documents;
    private final DocumentCache cache;
    private final SourceDeletion deletion;
    private final DocumentInspector inspector;
    private final BlockingCalls blocking;
    private final Clock clock;

    public FileService(
            DocumentStore documents,
            DocumentCache cache,
            SourceDeletion deletion,
            DocumentInspector inspector,
            BlockingCalls blocking,
            Clock clock) {
        this.documents = documents;
        this.cache = cache;
        this.deletion = deletion;
        this.inspector = inspector;
        this.blocking = blocking;
        this.clock = clock;
    }

    /**
     * A file with its id.
     *
     * @param id its id
     * @param record what is known of it
     */
    public record StoredFile(SourceId id, FileRecord record) {}

    /**
     * A page of a list.
     *
     * @param files newest first
     * @param next the id to go on after, or null at the end
     */
    public record FilePage(List<StoredFile> files, @Nullable SourceId next) {
        public FilePage {
            files = List.copyOf(files);
        }
    }

    /** What became of an upload. */
    public sealed interface Upload {
        /** It was kept. */
        record Kept(StoredFile file) implements Upload {}

        /** It can never convert, and nothing was kept. */
        record Refused(Inspection.Refused refusal) implements Upload {}
    }

    /** Checks a file that lies on disk and keeps it. The file on disk stays the caller's. */
    public Future<Upload> keep(ScopeId scope, Path content, String name, String sha256) {
        return blocking.call(() -> {
            String clean = FileNames.uploaded(name);
            return switch (inspect(content, clean)) {
                case Inspection.Refused refused -> new Upload.Refused(refused);
                case Inspection.Accepted accepted -> {
                    var record = new FileRecord(
                            StoredRecord.VERSION,
                            clean,
                            accepted.format(),
                            accepted.size(),
                            sha256,
                            accepted.encrypted(),
                            clock.instant().truncatedTo(ChronoUnit.MILLIS));
                    SourceId id = SourceId.create(SourceId.Kind.FILE);
                    documents.putSource(scope, id, content, record);
                    fill(scope, id, record);
                    yield new Upload.Kept(new StoredFile(id, record));
                }
            };
        });
    }

    private Inspection inspect(Path content, String name) {
        inspections.acquireUninterruptibly();
        try {
            return inspector.inspect(content, name);
        } finally {
            inspections.release();
        }
    }

    /** A file; empty if it is not in this scope. */
    public Future<Optional<StoredFile>> find(ScopeId scope, SourceId id) {
        return blocking.call(() -> documents.findSource(scope, id).map(record -> new StoredFile(id, record)));
    }

    /** Files of a scope, newest first. */
    public Future<FilePage> list(ScopeId scope, @Nullable SourceId after, int limit) {
        return blocking.call(() -> {
            List<SourceId> ids = documents.listSources(scope, SourceId.Kind.FILE, after, limit + 1);
            List<StoredFile> files = ids.stream()
                    .limit(limit)
                    .flatMap(id -> documents.findSource(scope, id).map(record -> new StoredFile(id, record)).stream())
                    .toList();
            return new FilePage(files, ids.size() > limit ? ids.get(limit - 1) : null);
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

    private void fill(ScopeId scope, SourceId id, FileRecord record) {
        cache.fill(scope, id, record).exceptionally(outage -> {
            log.debug("Redis did not take {}: {}", id, outage.toString());
            return false;
        });
    }
}
