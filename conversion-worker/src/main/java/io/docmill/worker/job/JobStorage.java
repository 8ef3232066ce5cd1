package io.docmill.worker.job;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.ConversionState;
import io.docmill.model.job.StoredDeadLetter;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import io.docmill.platform.cache.DocumentCache;
import io.docmill.platform.neighbour.Neighbour;
import io.docmill.platform.neighbour.Neighbours;
import io.docmill.platform.storage.DocumentStore;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Object storage as a job sees it: an outage is waited out, and what Redis holds of a conversion goes when storage says something
 * newer. Every method throws {@link java.util.concurrent.CancellationException} if the job is stopped meanwhile, and
 * {@link java.io.UncheckedIOException} if a file of ours can't be read or written. Thread-safe.
 */
public final class JobStorage {
    private final DocumentStore store;
    private final DocumentCache cache;
    private final Neighbour storage;
    private final RedisAnswers redis;
    private final Neighbour workDirectory =
            new Neighbour("The work directory", "Slots keep their jobs and wait until there is room for a document.");

    public JobStorage(DocumentStore store, DocumentCache cache, Neighbours neighbours) {
        this.store = store;
        this.cache = cache;
        storage = neighbours.storage();
        redis = new RedisAnswers(neighbours.redis());
    }

    /** What storage says of a job's source and conversion now. */
    StoredState look(ConversionJob job, Cancellation cancellation) {
        return patiently(cancellation, () -> {
            boolean gone =
                    store.findSource(job.scope(), job.conversion().source()).isEmpty();
            return new StoredState(gone, gone ? ConversionState.NOTHING : conversion(job));
        });
    }

    /**
     * What storage says before a job is run. Where nothing is stored of its conversion, as for most jobs, its source is not looked
     * for: who fetches it sees whether it has gone.
     */
    StoredState lookBeforeRun(ConversionJob job, Cancellation cancellation) {
        ConversionState conversion = lookAtConversion(job, cancellation);
        return conversion.latestEnded().isPresent() ? look(job, cancellation) : new StoredState(false, conversion);
    }

    /** What storage says of a job's conversion now. */
    ConversionState lookAtConversion(ConversionJob job, Cancellation cancellation) {
        return patiently(cancellation, () -> conversion(job));
    }

    private ConversionState conversion(ConversionJob job) {
        return new ConversionState(
                store.findArtifact(job.scope(), job.conversion()).orElse(null),
                store.findFailure(job.scope(), job.conversion()).orElse(null),
                null);
    }

    /** A directory for a job; a full disk is waited out here like an outage, so that no worker fails a queue of jobs over it. */
    JobWorkspace workspace(Path root, ConversionJob job, Cancellation cancellation) {
        return whenThereIsRoom(cancellation, () -> JobWorkspace.open(root, job));
    }

    /**
     * Does what needs room in the work directory, again and again as long as it throws {@link WorkspaceUnavailableException}. What
     * a run of the engine and a fetch leave is gone before the next.
     */
    <T> T whenThereIsRoom(Cancellation cancellation, Supplier<T> work) {
        return workDirectory.patiently(cancellation::isRequested, work);
    }

    /** Fetches the document; false if it was deleted. */
    boolean fetchSource(ConversionJob job, JobWorkspace workspace, Cancellation cancellation) {
        return whenThereIsRoom(cancellation, () -> {
            try {
                return patiently(
                        cancellation,
                        () -> store.fetchSource(job.scope(), job.conversion().source(), workspace.source()));
            } catch (UncheckedIOException e) {
                workspace.clearSource();
                throw new WorkspaceUnavailableException("the document can't be written there", e);
            }
        });
    }

    /** Keeps a result; false if the source was deleted meanwhile, and then nothing of the conversion is left. */
    boolean keepArtifact(ConversionJob job, Path content, ArtifactRecord record, Cancellation cancellation) {
        patiently(cancellation, () -> {
            store.putArtifact(job.scope(), job.conversion(), content, record);
            return true;
        });
        // Without it a gateway sees the news when its own look at storage is an hour old.
        redis.tryFor(() -> cache.supersede(job.scope(), job.conversion(), record.attempt()));
        return stays(job, cancellation);
    }

    /** Keeps a failure of this attempt; false if the source was deleted meanwhile, and then nothing of the conversion is left. */
    boolean keepFailure(ConversionJob job, FailureRecord record, Cancellation cancellation) {
        patiently(cancellation, () -> {
            store.putFailure(job.scope(), job.conversion(), record);
            return true;
        });
        return stays(job, cancellation);
    }

    private boolean stays(ConversionJob job, Cancellation cancellation) {
        return patiently(cancellation, () -> store.keepWhileSourceStays(job.scope(), job.conversion()));
    }

    /** Deletes what is left of a conversion whose source has gone. */
    void clear(ConversionJob job, Cancellation cancellation) {
        patiently(cancellation, () -> {
            store.deleteConversion(job.scope(), job.conversion());
            return true;
        });
    }

    /** Keeps a job that was given up for a person to look at. */
    void keepDeadLetter(StoredDeadLetter letter, Cancellation cancellation) {
        patiently(cancellation, () -> {
            store.putDeadLetter(letter);
            return true;
        });
    }

    /** The record of a failure of this attempt, which ends now. */
    static FailureRecord failureOf(
            ConversionJob job, ConversionFailure failure, int failuresBefore, Instant startedAt) {
        return job.failed(failure, failuresBefore, startedAt, Instant.now());
    }

    private <T> T patiently(Cancellation cancellation, Supplier<T> call) {
        return storage.patiently(cancellation::isRequested, call);
    }
}
