package io.docmill.worker.job;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply.Outcome;
import io.docmill.model.job.StoredDeadLetter;
import io.docmill.model.job.Topics;
import io.docmill.model.record.FailureRecord;
import io.docmill.platform.cache.RunningMark;
import io.docmill.platform.tracing.TraceAttribute;
import io.docmill.platform.tracing.TraceSpan;
import io.docmill.platform.tracing.Tracing;
import io.docmill.worker.job.DocumentConverter.Result;
import io.docmill.worker.job.JobTimes.Part;
import java.nio.file.Path;
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
 * <tr><td>source deleted, before or meanwhile</td><td>all of the conversion deleted</td><td>source_missing</td><td>accepted</td></tr>
 * <tr><td>ended already (see {@link StoredState#endOf})</td><td>nothing</td><td>what is stored</td><td>accepted</td></tr>
 * <tr><td>an earlier failure is remembered</td><td>failure, as remembered</td><td>that failure</td><td>accepted</td></tr>
 * <tr><td>handed out for the last time</td><td>dead letter, failure</td><td>workers_lost</td><td>accepted</td></tr>
 * <tr><td>another record of the conversion is being run</td><td>–</td><td>–</td><td>accepted</td></tr>
 * <tr><td>converted</td><td>artifact</td><td>succeeded</td><td>accepted</td></tr>
 * <tr><td>refused, too complex</td><td>failure</td><td>that failure</td><td>accepted</td></tr>
 * <tr><td>crashed twice</td><td>dead letter, failure</td><td>engine_crashed</td><td>accepted</td></tr>
 * <tr><td>canceled while it runs</td><td>failure, if it is not there yet</td><td>what is stored, or canceled</td><td>accepted</td></tr>
 * <tr><td>a neighbour is away, or the disk is full</td><td>–</td><td>–</td><td>kept and renewed until it is back</td></tr>
 * <tr><td>the worker stops</td><td>–</td><td>–</td><td>published again, accepted; released if that fails or its mark can't be removed</td></tr>
 * <tr><td>handed to another worker meanwhile</td><td>–</td><td>–</td><td>left to that one</td></tr>
 * <tr><td>a defect of ours</td><td>dead letter, failure</td><td>interrupted</td><td>accepted; rejected if even that fails</td></tr>
 * </table>
 *
 * <p>Thread-safe.
 */
public final class JobHandler {
    private static final Logger log = LoggerFactory.getLogger(JobHandler.class);

    private final JobStorage storage;
    private final JobMarks marks;
    private final DocumentConverter converter;
    private final JobOutcomes outcomes;
    private final JobAnswers answers;
    private final Tracing tracing;
    private final Path workspaces;

    /** @param workspaces where directories of jobs are made; of this worker alone: what is there now is left over and goes */
    public JobHandler(
            JobStorage storage,
            JobMarks marks,
            DocumentConverter converter,
            JobAnswers answers,
            Tracing tracing,
            Path workspaces) {
        this.storage = storage;
        this.marks = marks;
        this.converter = converter;
        outcomes = new JobOutcomes(storage, converter.engineDescription());
        this.answers = answers;
        this.tracing = tracing;
        this.workspaces = workspaces;
        JobWorkspace.clear(workspaces);
    }

    /** Runs a job to its end, or until it is stopped. Nothing is thrown but errors of the virtual machine. */
    Ending handle(Delivery delivery, Cancellation cancellation) {
        TraceSpan span = begin(delivery);
        JobTimes times = new JobTimes(delivery, span);
        try (JobMark mark = marks.of(delivery, times.startedAt(), cancellation)) {
            try {
                return run(delivery, mark, times, cancellation);
            } catch (RuntimeException e) {
                return endEarly(delivery.job(), mark, times, cancellation, e);
            }
        } finally {
            span.end();
        }
    }

    private TraceSpan begin(Delivery delivery) {
        ConversionJob job = delivery.job();
        TraceSpan span = tracing.message(delivery.topic(), delivery.traceHeaders()::get);
        if (span.isRecorded()) {
            span.with(TraceAttribute.MESSAGING_GROUP, Topics.WORKER_GROUP)
                    .with(TraceAttribute.MESSAGING_PARTITION, String.valueOf(delivery.partition()))
                    .with(TraceAttribute.MESSAGING_OFFSET, delivery.offset())
                    .with(TraceAttribute.DELIVERY, delivery.count())
                    .with(TraceAttribute.REQUEST_ID, job.requestId())
                    .with(TraceAttribute.CONVERSION, job.conversion().toString())
                    .with(TraceAttribute.ATTEMPT, job.attempt().toString())
                    .with(TraceAttribute.SOURCE_FORMAT, job.sourceFormat().extension())
                    .with(TraceAttribute.TARGET_FORMAT, job.format().extension());
        }
        return span;
    }

    private Ending run(Delivery delivery, JobMark mark, JobTimes times, Cancellation cancellation) {
        ConversionJob job = delivery.job();
        StoredState found = storage.lookBeforeRun(job, cancellation);
        Optional<Outcome> end = outcomes.withoutRunning(delivery, found, times, cancellation);
        if (end.isEmpty()) {
            // Two records that are looked at together both come here, and one of them is the first to be marked.
            Optional<RunningMark> holder =
                    mark.begin(found.conversion().latestEnded().orElse(null));
            if (holder.isPresent()) {
                return leave(job, holder.get(), mark, times);
            }
        }
        Outcome outcome = end.orElseGet(() -> convert(job, times, cancellation));
        return answer(job, outcome, mark, times, cancellation);
    }

    private Outcome convert(ConversionJob job, JobTimes times, Cancellation cancellation) {
        try (JobWorkspace workspace = storage.workspace(workspaces, job, cancellation)) {
            boolean fetched = times.span().step("fetch", _ -> storage.fetchSource(job, workspace, cancellation));
            times.ended(Part.FETCH);
            if (!fetched) {
                return outcomes.sourceMissing(job, times, cancellation);
            }
            times.fetched(workspace.sourceSize());
            Result result = times.span().step("convert", step -> convert(job, workspace, times, cancellation, step));
            times.ended(Part.CONVERT);
            return times.span().step("store", _ -> store(job, result, times, cancellation));
        }
    }

    private Result convert(
            ConversionJob job, JobWorkspace workspace, JobTimes times, Cancellation cancellation, TraceSpan step) {
        try {
            return storage.whenThereIsRoom(
                    cancellation, () -> converter.convert(job, workspace, times.runs(), cancellation));
        } finally {
            times.runs().tell(step);
        }
    }

    private Outcome store(ConversionJob job, Result result, JobTimes times, Cancellation cancellation) {
        return switch (result) {
            case Result.Converted(Path file, OptionalInt pages) -> outcomes.keep(job, file, pages, times, cancellation);
            case Result.NotConverted(ConversionFailure failure) -> outcomes.fail(job, failure, times, cancellation);
        };
    }

    private Ending answer(ConversionJob job, Outcome outcome, JobMark mark, JobTimes times, Cancellation cancellation) {
        answers.reply(job, outcome, times, cancellation);
        mark.end();
        return new Ending.Answered();
    }

    private Ending leave(ConversionJob job, RunningMark holder, JobMark mark, JobTimes times) {
        if (mark.isOfSameRecord(holder)) {
            answers.takenOver(job, times);
            return new Ending.TakenOver();
        }
        answers.dropped(job, holder, times);
        mark.end();
        return new Ending.Dropped();
    }

    /** The end of a job that was interrupted by others, or by a defect of ours. */
    private Ending endEarly(
            ConversionJob job, JobMark mark, JobTimes times, Cancellation cancellation, RuntimeException cause) {
        if (cancellation.beginAnswer()) {
            return answerCancel(job, mark, times, cancellation);
        }
        if (cancellation.isTakenOver()) {
            answers.takenOver(job, times);
            return new Ending.TakenOver();
        }
        if (cause instanceof CancellationException || cancellation.isRequested()) {
            return stop(job, mark, times);
        }
        return answerDefect(job, mark, times, cancellation, cause);
    }

    /** Removes the mark before the job goes on elsewhere: under another record, which would be dropped. */
    private Ending stop(ConversionJob job, JobMark mark, JobTimes times) {
        // What stopped the job must not stop this as well.
        var _ = Thread.interrupted();
        answers.stopped(job, times);
        return new Ending.Stopped(mark.remove());
    }

    private Ending answerCancel(ConversionJob job, JobMark mark, JobTimes times, Cancellation cancellation) {
        try {
            return answer(job, outcomes.canceled(job, times), mark, times, cancellation);
        } catch (RuntimeException e) {
            return endEarly(job, mark, times, cancellation, e);
        }
    }

    private Ending answerDefect(
            ConversionJob job, JobMark mark, JobTimes times, Cancellation cancellation, RuntimeException defect) {
        log.atError()
                .setMessage(
                        "A job ran into a defect of Docmill. It is answered as interrupted; its dead letter is kept."
                                + " Please report this.")
                .addKeyValue("requestId", job.requestId())
                .addKeyValue("conversion", job.conversion())
                .addKeyValue("attempt", job.attempt())
                .setCause(defect)
                .log();
        FailureRecord record = JobStorage.failureOf(job, new ConversionFailure.Interrupted(), 0, times.startedAt());
        try {
            storage.keepDeadLetter(StoredDeadLetter.of(job, record, times.deliveries()), cancellation);
            return answer(job, outcomes.keepFailure(job, record, times, cancellation), mark, times, cancellation);
        } catch (RuntimeException e) {
            return cancellation.isRequested() || e instanceof CancellationException
                    ? endEarly(job, mark, times, cancellation, e)
                    : giveUp(job, mark, e);
        }
    }

    private static Ending giveUp(ConversionJob job, JobMark mark, RuntimeException defect) {
        log.atError()
                .setMessage("A job can't be answered either. It goes to the topic dlq.conversion.")
                .addKeyValue("conversion", job.conversion())
                .addKeyValue("attempt", job.attempt())
                .setCause(defect)
                .log();
        mark.end();
        return new Ending.Unanswerable();
    }
}
