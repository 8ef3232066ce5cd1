package io.docmill.gateway.run;

import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.gateway.download.FileNames;
import io.docmill.gateway.list.Page;
import io.docmill.gateway.source.SourceDeletion;
import io.docmill.gateway.upload.UploadCheck;
import io.docmill.gateway.upload.UploadVerdict;
import io.docmill.gateway.upload.UploadedFile;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.record.FileRecord;
import io.docmill.model.record.RunFailureRecord;
import io.docmill.model.record.RunRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.platform.storage.DocumentStore;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Runs: a generator registers one, then delivers its output once, or tells that it has failed. Nothing here knows which
 * generators there are. Fails with {@code StorageUnavailableException} when storage is away.
 */
public final class RunService {
    private final DocumentStore documents;
    private final SourceDeletion deletion;
    private final UploadCheck check;
    private final BlockingCalls blocking;
    private final Clock clock;

    public RunService(
            DocumentStore documents, SourceDeletion deletion, UploadCheck check, BlockingCalls blocking, Clock clock) {
        this.documents = documents;
        this.deletion = deletion;
        this.check = check;
        this.blocking = blocking;
        this.clock = clock;
    }

    /**
     * What a run is registered with.
     *
     * @param kind which generator it is, as {@link RunRecord#isKind} allows
     * @param projectId the caller's own id of a project, or null
     * @param name what its output is to be called, or null
     */
    public record NewRun(
            String kind,
            @Nullable String projectId,
            @Nullable String name) {}

    /** Registers a run. */
    public Future<Run> create(ScopeId scope, NewRun wanted) {
        return blocking.call(() -> {
            String name = wanted.name() == null ? null : FileNames.title(wanted.name());
            var record = new RunRecord(StoredRecord.VERSION, wanted.kind(), wanted.projectId(), name, now());
            SourceId id = SourceId.create(SourceId.Kind.RUN);
            documents.putRun(scope, id, record);
            return new Run(id, record, new Run.Queued());
        });
    }

    /** A run; empty if it is not in this scope. */
    public Future<Optional<Run>> find(ScopeId scope, SourceId id) {
        return blocking.call(() -> look(scope, id));
    }

    /** Runs of a scope, newest first. */
    public Future<Page<Run>> list(ScopeId scope, @Nullable SourceId after, int limit) {
        return blocking.call(() -> {
            List<SourceId> ids = documents.listSources(scope, SourceId.Kind.RUN, after, limit + 1);
            return Page.of(ids, limit, id -> look(scope, id));
        });
    }

    /**
     * Deletes a run with its output and all that was made from it.
     *
     * @return whether there was one
     */
    public Future<Boolean> delete(ScopeId scope, SourceId id) {
        return blocking.call(() -> {
            // A delete that was interrupted is finished by itself; for what never was there is nothing to write.
            if (documents.findRun(scope, id).isEmpty()) {
                return false;
            }
            deletion.delete(scope, id);
            return true;
        });
    }

    /** Checks the output of a run and keeps it, unless the run has ended otherwise. The file on disk stays the caller's. */
    public Future<Delivery> deliver(ScopeId scope, SourceId id, UploadedFile file) {
        return blocking.call(() ->
                look(scope, id).<Delivery>map(run -> deliver(scope, run, file)).orElseGet(Delivery.RunNotFound::new));
    }

    private Delivery deliver(ScopeId scope, Run run, UploadedFile file) {
        return switch (run.state()) {
            case Run.Completed(var output) -> sameOrEnded(run, output, file);
            case Run.Failed _ -> new Delivery.AlreadyEnded(run);
            case Run.Queued() ->
                switch (check.check(file)) {
                    case UploadVerdict.Refused(var refusal) -> new Delivery.Refused(refusal);
                    case UploadVerdict.Accepted(var output) -> keep(scope, run, file, named(run, output));
                };
        };
    }

    /** Output that was written behind a delete is taken back: the run is what tells whether there was one. */
    private Delivery keep(ScopeId scope, Run run, UploadedFile file, FileRecord output) {
        boolean created = documents.putSourceOnce(scope, run.id(), file.content(), output);
        if (documents.findRun(scope, run.id()).isEmpty()) {
            deletion.delete(scope, run.id());
            return new Delivery.RunNotFound();
        }
        if (created) {
            return new Delivery.Accepted(new Run(run.id(), run.record(), new Run.Completed(output)));
        }
        return documents
                .findSource(scope, run.id())
                .map(first -> sameOrEnded(new Run(run.id(), run.record(), new Run.Completed(first)), first, file))
                .orElseGet(Delivery.RunNotFound::new);
    }

    private static Delivery sameOrEnded(Run completed, FileRecord output, UploadedFile file) {
        return output.sha256().equals(file.sha256())
                ? new Delivery.Accepted(completed)
                : new Delivery.AlreadyEnded(completed);
    }

    private static FileRecord named(Run run, FileRecord output) {
        String name = run.record().name();
        return name == null
                ? output
                : new FileRecord(
                        output.v(),
                        FileNames.titled(name, output.format().extension()),
                        output.format(),
                        output.size(),
                        output.sha256(),
                        output.encrypted(),
                        output.createdAt());
    }

    /**
     * Ends a run without an output. Two calls at once may both be accepted; the message of the later one holds then.
     *
     * @param message as {@link RunFailureRecord#holds} allows
     */
    public Future<Delivery> fail(ScopeId scope, SourceId id, String message) {
        return blocking.call(() ->
                look(scope, id).<Delivery>map(run -> fail(scope, run, message)).orElseGet(Delivery.RunNotFound::new));
    }

    private Delivery fail(ScopeId scope, Run run, String message) {
        return switch (run.state()) {
            case Run.Completed _ -> new Delivery.AlreadyEnded(run);
            case Run.Failed(var failure) ->
                failure.message().equals(message) ? new Delivery.Accepted(run) : new Delivery.AlreadyEnded(run);
            case Run.Queued() -> keep(scope, run, new RunFailureRecord(StoredRecord.VERSION, message, now()));
        };
    }

    private Delivery keep(ScopeId scope, Run run, RunFailureRecord failure) {
        documents.putRunFailure(scope, run.id(), failure);
        if (documents.findRun(scope, run.id()).isEmpty()) {
            deletion.delete(scope, run.id());
            return new Delivery.RunNotFound();
        }
        // An output that came meanwhile wins.
        return documents
                .findSource(scope, run.id())
                .<Delivery>map(
                        output -> new Delivery.AlreadyEnded(new Run(run.id(), run.record(), new Run.Completed(output))))
                .orElseGet(() -> new Delivery.Accepted(new Run(run.id(), run.record(), new Run.Failed(failure))));
    }

    private Optional<Run> look(ScopeId scope, SourceId id) {
        return documents.findRun(scope, id).map(record -> new Run(id, record, state(scope, id)));
    }

    private Run.State state(ScopeId scope, SourceId id) {
        return documents
                .findSource(scope, id)
                .<Run.State>map(Run.Completed::new)
                .or(() -> documents.findRunFailure(scope, id).map(Run.Failed::new))
                .orElseGet(Run.Queued::new);
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
