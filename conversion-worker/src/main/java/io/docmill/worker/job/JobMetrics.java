package io.docmill.worker.job;

import io.docmill.model.job.ConversionJob;
import io.docmill.worker.engine.EngineUsage;
import io.docmill.worker.job.JobTimes.Part;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.LongStream;

/** What a worker counts. The labels are formats and outcomes, each from a closed set. Thread-safe. */
public final class JobMetrics {
    /** Buckets for alerts, from the shortest conversion to the longest time limit. */
    private static final Duration[] BUCKETS = LongStream.of(
                    50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final MeterRegistry registry;
    private final Counter publishedAgain;
    private final Counter undecodable;
    private final Map<Part, Timer> parts = new EnumMap<>(Part.class);

    public JobMetrics(MeterRegistry registry) {
        this.registry = registry;
        // At once: a rate of a counter that appears with its first event misses that one.
        publishedAgain = Counter.builder("docmill.jobs.published.again")
                .description("Jobs that a worker which stops passed on")
                .register(registry);
        undecodable = Counter.builder("docmill.queue.undecodable")
                .description("Records of the queue that are no jobs")
                .register(registry);
        for (Part part : Part.values()) {
            parts.put(
                    part,
                    Timer.builder("docmill.job.time")
                            .description("Where the time of a job goes once a worker has it")
                            .serviceLevelObjectives(BUCKETS)
                            .tag("part", part.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
    }

    /**
     * A worker is done with a job.
     *
     * @param outcome {@code succeeded}, the label of a failure ({@code canceled} is one), or {@code stopped}, {@code dropped} or
     *     {@code taken_over} where it has not ended here
     */
    void ended(ConversionJob job, String outcome, JobTimes times) {
        Counter.builder("docmill.conversions")
                .description("Jobs that a worker is done with")
                .tags(tags(job, outcome))
                .register(registry)
                .increment();
        Timer.builder("docmill.queue.wait")
                .description("From the acceptance of a job until a worker takes it")
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(times.queued());
        parts.forEach((part, timer) -> {
            if (times.happened(part)) {
                timer.record(times.of(part));
            }
        });
        if (times.runs().count() > 0) {
            DistributionSummary.builder("docmill.job.runs")
                    .description("Runs of LibreOffice for a job that had any: one, and another one after a crash")
                    .serviceLevelObjectives(1, 2)
                    .register(registry)
                    .record(times.runs().count());
        }
    }

    /** A document went through the engine, once. */
    void ran(ConversionJob job, String outcome, EngineUsage usage) {
        Timer.builder("docmill.conversion.time")
                .description("Time of a document in its slot")
                .serviceLevelObjectives(BUCKETS)
                .tags(tags(job, outcome))
                .register(registry)
                .record(usage.wall());
        stage("load", usage.load());
        stage("export", usage.export());
        Timer.builder("docmill.conversion.cpu")
                .description("Processor time of a document")
                .tags(tags(job, outcome))
                .register(registry)
                .record(usage.processor());
    }

    private void stage(String stage, Duration time) {
        Timer.builder("docmill.conversion.stage.time")
                .description("Time that LibreOffice takes to open a document, and to write it")
                .tag("stage", stage)
                .register(registry)
                .record(time);
    }

    /** A job was published again for another worker. */
    void publishedAgain() {
        publishedAgain.increment();
    }

    /** A record of the queue was no job. */
    void undecodable() {
        undecodable.increment();
    }

    /** What it counted so far, as a line for the log. */
    public String soFar() {
        DistributionSummary runs = registry.find("docmill.job.runs").summary();
        return "by outcome: %s; runs of LibreOffice: %.0f for %d jobs; published again: %s"
                .formatted(
                        Totals.of(registry, "docmill.conversions", "outcome"),
                        runs == null ? 0 : runs.totalAmount(),
                        runs == null ? 0 : runs.count(),
                        Totals.sum(registry, "docmill.jobs.published.again"));
    }

    private static Tags tags(ConversionJob job, String outcome) {
        return Tags.of(
                "source", job.sourceFormat().extension(), "target", job.format().extension(), "outcome", outcome);
    }
}
