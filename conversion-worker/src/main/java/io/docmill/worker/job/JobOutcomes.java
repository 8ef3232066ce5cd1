package io.docmill.worker.job;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply.Failed;
import io.docmill.model.job.JobReply.Outcome;
import io.docmill.model.job.JobReply.Succeeded;
import io.docmill.model.job.StoredDeadLetter;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.worker.job.Cancellation.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles with object storage how a job ends: what is there already goes first, and nothing is left below a source that was
 * deleted. Waits and throws as {@link JobStorage} does. Thread-safe.
 */
final class JobOutcomes {
    private static final Logger log = LoggerFactory.getLogger(JobOutcomes.class);

    /** For storage to tell how a canceled job ended: its slot is free within seconds, whatever storage does. */
    private static final Duration CANCEL_LOOK = Duration.ofSeconds(2);

    private final JobStorage storage;
    private final String engine;

    /** @param engine what converts, as told to callers */
    JobOutcomes(JobStorage storage, String engine) {
        this.storage = storage;
        this.engine = engine;
    }

    /** How a job ends that need not be run, by what was found of it; empty if it must be. */
    Optional<Outcome> withoutRunning(Delivery delivery, StoredState found, JobTimes times, Cancellation cancellation) {
        ConversionJob job = delivery.job();
        if (found.sourceGone()) {
            return Optional.of(sourceMissing(job, times, cancellation));
        }
        Optional<Outcome> end = found.endOf(job);
        if (end.isPresent()) {
            return end;
        }
        FailureRecord remembered = found.remembered(job, Instant.now());
        if (remembered != null) {
            return Optional.of(keepFailure(job, sameFailure(job, remembered), times, cancellation));
        }
        if (delivery.isLast()) {
            return Optional.of(fail(job, new ConversionFailure.WorkersLost(delivery.count() - 1), times, cancellation));
        }
        return Optional.empty();
    }

    /** Keeps a result, unless another one or a cancel came first, or the source has gone. */
    Outcome keep(ConversionJob job, Path file, OptionalInt pages, JobTimes times, Cancellation cancellation) {
        Optional<Outcome> end = StoredState.endBeforeArtifact(storage.lookAtConversion(job, cancellation), job);
        if (end.isPresent()) {
            return end.get();
        }
        ArtifactRecord artifact = new ArtifactRecord(
                StoredRecord.VERSION,
                job.attempt(),
                job.format(),
                job.options(),
                job.format().mediaType(),
                job.format().extension(),
                size(file),
                pages.isPresent() ? Integer.valueOf(pages.getAsInt()) : null,
                engine,
                job.createdAt(),
                times.startedAt(),
                Instant.now());
        return storage.keepArtifact(job, file, artifact, cancellation)
                ? new Succeeded(artifact)
                : failed(job, new ConversionFailure.SourceMissing(), times);
    }

    /** Keeps a failure, unless the attempt has ended otherwise meanwhile or the source has gone. */
    Outcome fail(ConversionJob job, ConversionFailure failure, JobTimes times, Cancellation cancellation) {
        StoredState found = storage.look(job, cancellation);
        if (found.sourceGone()) {
            return sourceMissing(job, times, cancellation);
        }
        Optional<Outcome> end = found.endOf(job);
        if (end.isPresent()) {
            return end.get();
        }
        FailureRecord record = JobStorage.failureOf(job, failure, found.consecutiveFailures(), times.startedAt());
        if (isForAPerson(failure)) {
            storage.keepDeadLetter(StoredDeadLetter.of(job, record, times.deliveries()), cancellation);
        }
        return keepFailure(job, record, times, cancellation);
    }

    private static boolean isForAPerson(ConversionFailure failure) {
        return failure instanceof ConversionFailure.EngineCrashed || failure instanceof ConversionFailure.WorkersLost;
    }

    Outcome keepFailure(ConversionJob job, FailureRecord record, JobTimes times, Cancellation cancellation) {
        return storage.keepFailure(job, record, cancellation)
                ? new Failed(record)
                : failed(job, new ConversionFailure.SourceMissing(), times);
    }

    /** Ends this attempt as the earlier one ended: under its own name, or who waits for it would wait on, and no longer. */
    private static FailureRecord sameFailure(ConversionJob job, FailureRecord earlier) {
        return new FailureRecord(
                StoredRecord.VERSION,
                job.attempt(),
                job.format(),
                job.options(),
                earlier.failure(),
                earlier.consecutive(),
                job.createdAt(),
                null,
                Instant.now(),
                earlier.rememberedUntil());
    }

    /** Nothing stays below a source that was deleted, also not what a worker wrote that died before it saw the delete. */
    Outcome sourceMissing(ConversionJob job, JobTimes times, Cancellation cancellation) {
        storage.clear(job, cancellation);
        return failed(job, new ConversionFailure.SourceMissing(), times);
    }

    private static Failed failed(ConversionJob job, ConversionFailure failure, JobTimes times) {
        return new Failed(JobStorage.failureOf(job, failure, 0, times.startedAt()));
    }

    /** What storage says of a canceled job, or else that it was canceled: whoever canceled it has told storage before. */
    Outcome canceled(ConversionJob job, JobTimes times) {
        Cancellation limit = new Cancellation();
        ConversionFailure failure = new ConversionFailure.Canceled();
        FutureTask<Outcome> look = new FutureTask<>(() -> {
            limit.begin();
            return fail(job, failure, times, limit);
        });
        Thread.ofVirtual().name("canceled-" + job.attempt()).start(look);
        try {
            return look.get(CANCEL_LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return failed(job, failure, times);
        } catch (ExecutionException e) {
            log.warn("What became of canceled attempt {} can't be told from storage", job.attempt(), e.getCause());
            return failed(job, failure, times);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new JobStoppedException(e);
        } finally {
            limit.request(Reason.SHUTDOWN);
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The engine's output has vanished", e);
        }
    }
}
