package io.docmill.gateway.admission;

import io.docmill.platform.queue.QueueBacklog;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether a job may join the queue whose caller waits for it: not where it would end past the wait limit by what was measured. What
 * is not known refuses nobody. Thread-safe.
 */
public final class JobAdmission {
    private static final double NANOS = 1e9;

    private final QueuePace pace;
    private final Duration waitLimit;
    private final Counter refused;

    /** @param waitLimit how long any caller waits at most */
    public JobAdmission(Clock clock, Duration waitLimit, MeterRegistry metrics) {
        this.waitLimit = waitLimit;
        pace = new QueuePace(clock);
        refused = Counter.builder("docmill.admission.refused")
                .description(
                        "Calls that were refused because their conversion would not have ended within the wait limit")
                .register(metrics);
        Gauge.builder("docmill.admission.expected.wait", pace, JobAdmission::seconds)
                .description("Until an interactive job that is published now has ended, by what was measured")
                .baseUnit("seconds")
                .register(metrics);
    }

    /** No number while it is not known. */
    private static double seconds(QueuePace pace) {
        return pace.expectedWait().map(wait -> wait.toNanos() / NANOS).orElse(Double.NaN);
    }

    /** Takes the next figures of the queue. */
    public void measured(QueueBacklog figures) {
        pace.measured(figures);
    }

    /** Counts a job that this gateway publishes. */
    public void published() {
        pace.published();
    }

    /** Why a job whose caller waits is not published now; empty if it is. */
    public Optional<QueueBusyException> refusal() {
        return pace.expectedWait().filter(wait -> wait.compareTo(waitLimit) > 0).map(QueueBusyException::new);
    }

    /** Counts a call that was refused. */
    public void refused() {
        refused.increment();
    }
}
