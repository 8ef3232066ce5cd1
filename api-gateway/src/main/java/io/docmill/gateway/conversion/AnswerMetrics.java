package io.docmill.gateway.conversion;

import io.docmill.model.id.AttemptId;
import io.docmill.platform.tracing.TraceAttribute;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** Counts where the answers to calls that convert come from: how well Redis and storage spare work; and tells it their spans. Thread-safe. */
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
    void fromRedis(WantedConversion wanted, ConversionView view) {
        answered(wanted, view, Origin.REDIS);
    }

    /** A call is answered past Redis. */
    void pastRedis(WantedConversion wanted, ConversionView view) {
        answered(wanted, view, origin(wanted, view));
    }

    private void answered(WantedConversion wanted, ConversionView view, Origin origin) {
        counter(origin, outcome(view)).increment();
        if (wanted.span().isRecorded()) {
            tell(wanted, view, origin);
        }
    }

    private static void tell(WantedConversion wanted, ConversionView view, Origin origin) {
        wanted.span()
                .with(TraceAttribute.CONVERSION, view.id().toString())
                .with(TraceAttribute.SOURCE_FORMAT, wanted.source().format().extension())
                .with(TraceAttribute.TARGET_FORMAT, wanted.parameters().format().extension())
                .with(TraceAttribute.ANSWERED_FROM, label(origin));
        switch (view) {
            case ConversionView.Succeeded succeeded ->
                tell(wanted, "succeeded", succeeded.artifact().attempt());
            case ConversionView.Failed failed ->
                tell(
                        wanted,
                        failed.failure().failure().label(),
                        failed.failure().attempt());
            case ConversionView.Pending pending -> tell(wanted, "pending", pending.attempt());
        }
    }

    private static void tell(WantedConversion wanted, String outcome, AttemptId attempt) {
        wanted.span().with(TraceAttribute.OUTCOME, outcome).with(TraceAttribute.ATTEMPT, attempt.toString());
    }

    private static String label(Origin origin) {
        return origin.name().toLowerCase(Locale.ROOT);
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
                .tag("from", label(origin))
                .tag("outcome", outcome)
                .register(metrics);
    }
}
