package io.docmill.worker.job;

import io.docmill.model.job.ConversionJob;
import io.docmill.worker.engine.ConversionEngine;
import io.docmill.worker.engine.EngineUsage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;

/** What a worker counts. The labels are formats and outcomes, each from a closed set. Thread-safe. */
public final class JobMetrics {
    private final MeterRegistry registry;

    public JobMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Shows the slots of an engine for as long as it lives. */
    public void watch(ConversionEngine engine) {
        Gauge.builder("docmill.worker.slots", engine, ConversionEngine::slots)
                .description("Conversions that can run at a time")
                .register(registry);
        Gauge.builder("docmill.worker.slots.busy", engine, e -> e.status().busy())
                .description("Conversions that run now")
                .register(registry);
        Gauge.builder("docmill.worker.slots.ready", engine, e -> e.status().ready())
                .description("Conversions that could begin at once")
                .register(registry);
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
                .register(registry)
                .record(times.queued());
    }

    /** A document went through the engine, once. */
    void ran(ConversionJob job, String outcome, EngineUsage usage) {
        Timer.builder("docmill.conversion.time")
                .description("Time of a document in its slot")
                .tags(tags(job, outcome))
                .register(registry)
                .record(usage.wall());
        Timer.builder("docmill.conversion.cpu")
                .description("Processor time of a document")
                .tags(tags(job, outcome))
                .register(registry)
                .record(usage.processor());
    }

    /** The engine lost a process to a document. */
    void engineFault(String kind) {
        Counter.builder("docmill.engine.faults")
                .description("Processes that a document cost")
                .tag("kind", kind)
                .register(registry)
                .increment();
    }

    /** A record of the queue was no job. */
    void undecodable() {
        Counter.builder("docmill.queue.undecodable")
                .description("Records of the queue that are no jobs")
                .register(registry)
                .increment();
    }

    private static Tags tags(ConversionJob job, String outcome) {
        return Tags.of(
                "source", job.sourceFormat().extension(), "target", job.format().extension(), "outcome", outcome);
    }
}
