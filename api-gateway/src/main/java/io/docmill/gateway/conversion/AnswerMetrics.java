package io.docmill.gateway.conversion;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** Counts where the answers to calls that convert come from: how well Redis and storage spare work. Thread-safe. */
final class AnswerMetrics {
    private static final String NAME = "docmill.conversion.answers";

    private final MeterRegistry metrics;

    AnswerMetrics(MeterRegistry metrics) {
        this.metrics = metrics;
        // All at once: a rate of a counter that appears with its first event misses that one.
        for (Origin origin : Origin.values()) {
            counter(origin, "succeeded");
            counter(origin, "failed");
        }
        counter(Origin.WORKER, "pending");
    }

    /** Where an answer was found. */
    enum Origin {
        /** One round trip, nothing else. */
        REDIS,
        /** It was there already, but Redis did not know it. */
        STORAGE,
        /** It had to be converted, by this call or by one that it joined. */
        WORKER
    }

    /** A call is answered from Redis. */
    void fromRedis(ConversionView view) {
        counter(Origin.REDIS, outcome(view)).increment();
    }

    /** A call is answered past Redis. */
    void pastRedis(WantedConversion wanted, ConversionView view) {
        counter(origin(wanted, view), outcome(view)).increment();
    }

    private static Origin origin(WantedConversion wanted, ConversionView view) {
        return switch (view) {
            case ConversionView.Succeeded succeeded -> succeeded.cached() ? Origin.STORAGE : Origin.WORKER;
            case ConversionView.Failed failed ->
                failed.failure().failedAt().isBefore(wanted.createdAt()) ? Origin.STORAGE : Origin.WORKER;
            case ConversionView.Pending _ -> Origin.WORKER;
        };
    }

    private static String outcome(ConversionView view) {
        return switch (view) {
            case ConversionView.Succeeded _ -> "succeeded";
            case ConversionView.Failed _ -> "failed";
            case ConversionView.Pending _ -> "pending";
        };
    }

    private Counter counter(Origin origin, String outcome) {
        return Counter.builder(NAME)
                .description("Calls that convert, by where their answer was found")
                .tag("from", origin.name().toLowerCase(Locale.ROOT))
                .tag("outcome", outcome)
                .register(metrics);
    }
}
