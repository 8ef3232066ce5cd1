package io.docmill.worker.job;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionFailure.TooComplex;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply;
import io.docmill.model.job.JobReply.Failed;
import io.docmill.model.job.JobReply.Outcome;
import io.docmill.model.job.JobReply.Succeeded;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import io.docmill.platform.cache.RunningMark;
import io.docmill.platform.neighbour.Neighbour;
import io.docmill.platform.tracing.TraceAttribute;
import io.docmill.worker.job.JobTimes.Part;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Tells what became of a job: gateways by a reply, people by a line and a count. Thread-safe. */
public final class JobAnswers {
    private static final Logger log = LoggerFactory.getLogger(JobAnswers.class);

    private final ReplyPublisher replies;
    private final Neighbour kafka;
    private final JobMetrics metrics;

    public JobAnswers(ReplyPublisher replies, Neighbour kafka, JobMetrics metrics) {
        this.replies = replies;
        this.kafka = kafka;
        this.metrics = metrics;
    }

    /**
     * Replies, however long Kafka is away.
     *
     * @throws java.util.concurrent.CancellationException if the job is stopped meanwhile
     */
    void reply(ConversionJob job, Outcome outcome, JobTimes times, Cancellation cancellation) {
        times.ended(Part.STORE);
        kafka.patiently(cancellation::isRequested, () -> {
            replies.publish(new JobReply(JobReply.VERSION, job.conversion(), job.scope(), outcome), times.span());
            return true;
        });
        times.ended(Part.REPLY);
        report(job, outcome, times);
    }

    private static String label(Outcome outcome) {
        return switch (outcome) {
            case Succeeded _ -> "succeeded";
            case Failed(FailureRecord record) -> record.failure().label();
        };
    }

    /** It was stopped; someone else will run it. */
    void stopped(ConversionJob job, JobTimes times) {
        ended(job, "stopped", times);
        line(job, "stopped", times).log();
    }

    /** It was not run, because another record of its conversion is. */
    void dropped(ConversionJob job, RunningMark holder, JobTimes times) {
        ended(job, "dropped", times);
        times.span().joined(holder.attempt().toString());
        log.atInfo()
                .setMessage("Dropped a job: another record of the queue for the same conversion is being run")
                .addKeyValue("requestId", job.requestId())
                .addKeyValue("conversion", job.conversion())
                .addKeyValue("attempt", job.attempt())
                .addKeyValue("runningAttempt", holder.attempt())
                .log();
    }

    /** It was stopped, or not begun, because its record was handed to someone else. */
    void takenOver(ConversionJob job, JobTimes times) {
        ended(job, "taken_over", times);
        log.atWarn()
                .setMessage(
                        "Left a job to another worker: Kafka handed its record out again, because this worker did not"
                                + " renew it in time. If this happens often, look at this worker's load and its way to Kafka.")
                .addKeyValue("requestId", job.requestId())
                .addKeyValue("conversion", job.conversion())
                .addKeyValue("attempt", job.attempt())
                .log();
    }

    private void report(ConversionJob job, Outcome outcome, JobTimes times) {
        ended(job, label(outcome), times);
        if (outcome instanceof Failed(FailureRecord record) && isOurs(record.failure())) {
            times.span().fail(record.failure().label());
        }
        LoggingEventBuilder line = line(job, label(outcome), times);
        switch (outcome) {
            case Succeeded(ArtifactRecord artifact) ->
                withPages(line.addKeyValue("outBytes", artifact.size()), artifact)
                        .log();
            case Failed(FailureRecord record)
            when record.failure() instanceof TooComplex(TooComplex.Limit limit, int _) ->
                line.addKeyValue("limit", limit.name().toLowerCase(Locale.ROOT)).log();
            case Failed _ -> line.log();
        }
    }

    private void ended(ConversionJob job, String outcome, JobTimes times) {
        metrics.ended(job, outcome, times);
        times.span().with(TraceAttribute.OUTCOME, outcome).with(TraceAttribute.SOURCE_SIZE, times.sourceBytes());
    }

    /** Whether the fault is Docmill's or LibreOffice's; other failures are what there is to say of a document or a call. */
    private static boolean isOurs(ConversionFailure failure) {
        return switch (failure) {
            case ConversionFailure.EngineCrashed _, ConversionFailure.WorkersLost _, ConversionFailure.Interrupted _ ->
                true;
            case ConversionFailure.SourceMissing _,
                    ConversionFailure.PasswordRequired _,
                    ConversionFailure.WrongPassword _,
                    ConversionFailure.Corrupt _,
                    ConversionFailure.Suspicious _,
                    ConversionFailure.OtherFormat _,
                    ConversionFailure.TooComplex _,
                    ConversionFailure.Canceled _ -> false;
        };
    }

    private static LoggingEventBuilder withPages(LoggingEventBuilder line, ArtifactRecord artifact) {
        return artifact.pages() == null ? line : line.addKeyValue("pages", artifact.pages());
    }

    /** One line a job, the same fields in each; nothing of the document's name or content. */
    private static LoggingEventBuilder line(ConversionJob job, String outcome, JobTimes times) {
        LoggingEventBuilder line = log.atInfo()
                .setMessage("Job ended")
                .addKeyValue("requestId", job.requestId())
                .addKeyValue("conversion", job.conversion())
                .addKeyValue("attempt", job.attempt())
                .addKeyValue("delivery", times.deliveries())
                .addKeyValue("source", job.sourceFormat().extension())
                .addKeyValue("target", job.format().extension())
                .addKeyValue("outcome", outcome)
                .addKeyValue("inBytes", times.sourceBytes())
                .addKeyValue("runs", times.runs().count())
                .addKeyValue("office", times.runs().process())
                .addKeyValue("cpuMs", times.runs().processor().toMillis())
                .addKeyValue("peakMiB", times.runs().peakResidentBytes() >> 20)
                .addKeyValue("queueMs", times.queued().toMillis())
                .addKeyValue("fetchMs", times.of(Part.FETCH).toMillis())
                .addKeyValue("convertMs", times.of(Part.CONVERT).toMillis())
                .addKeyValue("loadMs", times.runs().load().toMillis())
                .addKeyValue("exportMs", times.runs().export().toMillis())
                .addKeyValue("storeMs", times.of(Part.STORE).toMillis())
                .addKeyValue("replyMs", times.of(Part.REPLY).toMillis());
        return times.span()
                .traceId()
                .map(trace -> line.addKeyValue("traceId", trace))
                .orElse(line);
    }
}
