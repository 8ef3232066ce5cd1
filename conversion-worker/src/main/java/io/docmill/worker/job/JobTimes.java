package io.docmill.worker.job;

import io.docmill.model.job.ConversionJob;
import io.docmill.platform.tracing.TraceSpan;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/** Where the time of a job went, and what else it took; with the span that tells the same to a collector. For one thread. */
final class JobTimes {
    /** The parts of a job, in their order; a part that did not happen took no time. */
    enum Part {
        FETCH,
        CONVERT,
        STORE,
        REPLY
    }

    private final Instant startedAt = Instant.now();
    private final Duration queued;
    private final Map<Part, Duration> parts = new EnumMap<>(Part.class);
    private final JobRuns runs = new JobRuns();
    private final TraceSpan span;
    private final int deliveries;
    private long sourceBytes;
    private long mark = System.nanoTime();

    /** @param span of the job, which ends with it */
    JobTimes(Delivery delivery, TraceSpan span) {
        this.span = span;
        ConversionJob job = delivery.job();
        deliveries = delivery.count();
        Duration wait = Duration.between(job.createdAt(), startedAt);
        // The two clocks are those of two machines.
        queued = wait.isNegative() ? Duration.ZERO : wait;
    }

    /** The part that ran since the last one ended has ended. */
    void ended(Part part) {
        long now = System.nanoTime();
        parts.merge(part, Duration.ofNanos(now - mark), Duration::plus);
        mark = now;
    }

    /** When the worker took the job. */
    Instant startedAt() {
        return startedAt;
    }

    /** From its acceptance to now, by the clocks of gateway and worker. */
    Duration queued() {
        return queued;
    }

    boolean happened(Part part) {
        return parts.containsKey(part);
    }

    Duration of(Part part) {
        return parts.getOrDefault(part, Duration.ZERO);
    }

    /** The span of the job, which does not outlast it. */
    TraceSpan span() {
        return span;
    }

    /** What the engine did for it. */
    JobRuns runs() {
        return runs;
    }

    /** How often the broker handed it out, this time included. */
    int deliveries() {
        return deliveries;
    }

    /** Its document was fetched and is so large. */
    void fetched(long bytes) {
        sourceBytes = bytes;
    }

    /** The size of its document; 0 if it was not fetched. */
    long sourceBytes() {
        return sourceBytes;
    }
}
