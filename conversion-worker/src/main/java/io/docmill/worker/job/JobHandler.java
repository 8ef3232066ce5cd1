package io.docmill.worker.job;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply;
import io.docmill.model.job.JobReply.Failed;
import io.docmill.model.job.JobReply.Outcome;
import io.docmill.model.job.JobReply.Succeeded;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.platform.neighbour.Neighbour;
import io.docmill.worker.job.DocumentConverter.Result;
import io.docmill.worker.job.JobTimes.Part;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a job: looks whether it still needs doing, fetches, converts, stores, replies. Each step can be repeated without harm, so
 * a job that is delivered twice costs a look.
 *
 * <table>
 * <caption>What becomes of a job</caption>
 * <tr><th>what is found or happens</th><th>storage</th><th>reply</th><th>record</th></tr>
 * <tr><td>source deleted, before or meanwhile</td><td>nothing, or artifact deleted</td><td>source_missing</td><td>accepted</td></tr>
 * <tr><td>ended already (see {@link StoredState#endOf})</td><td>nothing</td><td>what is stored</td><td>accepted</td></tr>
 * <tr><td>an earlier failure is remembered</td><td>failure, as remembered</td><td>that failure</td><td>accepted</td></tr>
 * <tr><td>handed out for the last time</td><td>dead letter, failure</td><td>workers_lost</td><td>accepted</td></tr>
 * <tr><td>converted</td><td>artifact</td><td>succeeded</td><td>accepted</td></tr>
 * <tr><td>refused, too complex</td><td>failure</td><td>that failure</td><td>accepted</td></tr>
 * <tr><td>crashed twice</td><td>dead letter, failure</td><td>engine_crashed</td><td>accepted</td></tr>
 * <tr><td>a neighbour is away</td><td>–</td><td>–</td><td>kept and renewed until it is back</td></tr>
 * <tr><td>stopped</td><td>–</td><td>–</td><td>published again, accepted; released if that fails</td></tr>
 * <tr><td>a defect of ours</td><td>dead letter, failure</td><td>interrupted</td><td>accepted; rejected if even that fails</td></tr>
 * </table>
 *
 * <p>Thread-safe.
 */
public final class JobHandler {
    private static final Logger log = LoggerFactory.getLogger(JobHandler.class);

    private final JobStorage storage;
    private final DocumentConverter converter;
    private final ReplyPublisher replies;
    private final Neighbour kafka;
    private final Path workspaces;
    private final JobMetrics metrics;

    /** @param workspaces where directories of jobs are made; of this worker alone: what is there now is left over and goes */
    public JobHandler(
            JobStorage storage,
            DocumentConverter converter,
            ReplyPublisher replies,
            Neighbour kafka,
            Path workspaces,
            JobMetrics metrics) {
        this.storage = storage;
        this.converter = converter;
        this.replies = replies;
        this.kafka = kafka;
        this.workspaces = workspaces;
        this.metrics = metrics;
        JobWorkspace.clear(workspaces);
    }

    /** Runs a job to its end, or until it is stopped. Nothing is thrown but errors of the virtual machine. */
    Ending handle(Delivery delivery, Cancellation cancellation) {
        ConversionJob job = delivery.job();
        JobTimes times = new JobTimes(job);
        try {
            Outcome outcome = run(delivery, times, cancellation);
            reply(job, outcome, times, cancellation);
            return new Ending.Answered();
        } catch (CancellationException e) {
            report(job, "stopped", times);
            return new Ending.Stopped();
        } catch (RuntimeException e) {
            if (cancellation.isRequested()) {
                report(job, "stopped", times);
                return new Ending.Stopped();
            }
            return answerDefect(job, times, cancellation, e);
        }
    }

    private Outcome run(Delivery delivery, JobTimes times, Cancellation cancellation) {
        ConversionJob job = delivery.job();
        StoredState found = storage.look(job, cancellation);
        if (found.source() == null) {
            return sourceMissing(job, times);
        }
        Optional<Outcome> end = found.endOf(job);
        if (end.isPresent()) {
            return end.get();
        }
        FailureRecord remembered = found.remembered(job, Instant.now());
        if (remembered != null) {
            return repeatFailure(job, remembered, cancellation);
        }
        if (delivery.isLast()) {
            return fail(job, new ConversionFailure.WorkersLost(delivery.count()), times, cancellation);
        }
        try (JobWorkspace workspace = storage.workspace(workspaces, job, cancellation)) {
            boolean fetched = storage.fetchSource(job, workspace, cancellation);
            times.ended(Part.FETCH);
            if (!fetched) {
                return sourceMissing(job, times);
            }
            Result result = converter.convert(job, found.source(), workspace, cancellation);
            times.ended(Part.CONVERT);
            return switch (result) {
                case Result.Converted(Path file, OptionalInt pages) -> keep(job, file, pages, times, cancellation);
                case Result.NotConverted(ConversionFailure failure) -> fail(job, failure, times, cancellation);
            };
        }
    }

    /** Keeps a result, unless another one or a cancel came first, or the source has gone. */
    private Outcome keep(ConversionJob job, Path file, OptionalInt pages, JobTimes times, Cancellation cancellation) {
        Optional<Outcome> end = storage.look(job, cancellation).endBeforeArtifact(job);
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
                converter.engineDescription(),
                job.createdAt(),
                times.startedAt(),
                Instant.now());
        return storage.keepArtifact(job, file, artifact, cancellation)
                ? new Succeeded(artifact)
                : sourceMissing(job, times);
    }

    /** Keeps a failure, unless the attempt has ended otherwise meanwhile or the source has gone. */
    private Outcome fail(ConversionJob job, ConversionFailure failure, JobTimes times, Cancellation cancellation) {
        StoredState found = storage.look(job, cancellation);
        if (found.source() == null) {
            return sourceMissing(job, times);
        }
        Optional<Outcome> end = found.endOf(job);
        if (end.isPresent()) {
            return end.get();
        }
        FailureRecord record = JobStorage.failureOf(job, failure, found.consecutiveFailures(), times.startedAt());
        if (isForAPerson(failure)) {
            storage.keepDeadLetter(job, record, cancellation);
        }
        storage.keepFailure(job, record, cancellation);
        return new Failed(record);
    }

    private static boolean isForAPerson(ConversionFailure failure) {
        return failure instanceof ConversionFailure.EngineCrashed || failure instanceof ConversionFailure.WorkersLost;
    }

    /** Ends this attempt as the earlier one ended: under its own name, or who waits for it would wait on, and no longer. */
    private FailureRecord sameFailure(ConversionJob job, FailureRecord earlier) {
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

    private Outcome repeatFailure(ConversionJob job, FailureRecord earlier, Cancellation cancellation) {
        FailureRecord record = sameFailure(job, earlier);
        storage.keepFailure(job, record, cancellation);
        return new Failed(record);
    }

    /** Nothing is written below a source that was deleted. */
    private static Outcome sourceMissing(ConversionJob job, JobTimes times) {
        return new Failed(JobStorage.failureOf(job, new ConversionFailure.SourceMissing(), 0, times.startedAt()));
    }

    private Ending answerDefect(ConversionJob job, JobTimes times, Cancellation cancellation, RuntimeException defect) {
        log.atError()
                .setMessage(
                        "A job ran into a defect of Docmill. It is answered as interrupted; its dead letter is kept."
                                + " Please report this.")
                .addKeyValue("conversion", job.conversion())
                .addKeyValue("attempt", job.attempt())
                .setCause(defect)
                .log();
        FailureRecord record = JobStorage.failureOf(job, new ConversionFailure.Interrupted(), 0, times.startedAt());
        try {
            storage.keepDeadLetter(job, record, cancellation);
            storage.keepFailure(job, record, cancellation);
            reply(job, new Failed(record), times, cancellation);
            return new Ending.Answered();
        } catch (CancellationException e) {
            return new Ending.Stopped();
        } catch (RuntimeException e) {
            log.atError()
                    .setMessage("A job can't be answered either. It goes to the topic dlq.conversion.")
                    .addKeyValue("conversion", job.conversion())
                    .addKeyValue("attempt", job.attempt())
                    .setCause(e)
                    .log();
            return new Ending.Unanswerable();
        }
    }

    private void reply(ConversionJob job, Outcome outcome, JobTimes times, Cancellation cancellation) {
        times.ended(Part.STORE);
        kafka.patiently(cancellation::isRequested, () -> {
            replies.publish(new JobReply(JobReply.VERSION, job.conversion(), job.scope(), outcome));
            return true;
        });
        times.ended(Part.REPLY);
        report(job, label(outcome), times);
    }

    private static String label(Outcome outcome) {
        return switch (outcome) {
            case Succeeded _ -> "succeeded";
            case Failed(FailureRecord record) -> record.failure().label();
        };
    }

    private void report(ConversionJob job, String outcome, JobTimes times) {
        metrics.ended(job, outcome, times);
        log.atInfo()
                .setMessage("Job ended")
                .addKeyValue("requestId", job.requestId())
                .addKeyValue("conversion", job.conversion())
                .addKeyValue("attempt", job.attempt())
                .addKeyValue("source", job.sourceFormat().extension())
                .addKeyValue("target", job.format().extension())
                .addKeyValue("outcome", outcome)
                .addKeyValue("queueMs", times.queued().toMillis())
                .addKeyValue("fetchMs", times.of(Part.FETCH).toMillis())
                .addKeyValue("convertMs", times.of(Part.CONVERT).toMillis())
                .addKeyValue("storeMs", times.of(Part.STORE).toMillis())
                .addKeyValue("replyMs", times.of(Part.REPLY).toMillis())
                .log();
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The engine's output has vanished", e);
        }
    }
}
