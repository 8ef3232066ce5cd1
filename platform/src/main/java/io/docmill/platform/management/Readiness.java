package io.docmill.platform.management;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether a process may be sent work. A neighbour's outage is told in the details and never makes a process unready: else
 * a store's bad minute would take every gateway out, and with them what needs no store.
 */
@FunctionalInterface
public interface Readiness {
    /** The present state; quick, and safe to call from any thread. */
    Report report();

    /**
     * Shows in metrics whether work may come, for as long as this lives.
     *
     * @param component what is or is not ready, {@code gateway} or {@code worker}: on one machine both report to one registry
     */
    default void watch(MeterRegistry metrics, String component) {
        Gauge.builder("docmill.ready", this, readiness -> readiness.report().ready() ? 1 : 0)
                .description("Whether this process may be sent work: 1 where /health/ready is 200")
                .tag("component", component)
                .register(metrics);
    }

    /**
     * What is told to whoever asks.
     *
     * @param ready whether work may come
     * @param details a line for each part, in order of its name
     */
    record Report(boolean ready, Map<String, String> details) {
        public Report {
            details = new TreeMap<>(details);
        }
    }
}
