package io.docmill.gateway.deadletter;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What is counted of the dead letters that the broker wrote. Thread-safe. */
public final class DeadLetterMetrics {
    private final Map<Outcome, Counter> counters = new EnumMap<>(Outcome.class);

    public DeadLetterMetrics(MeterRegistry metrics) {
        // All at once: a rate of a counter that appears with its first event misses that one.
        for (Outcome outcome : Outcome.values()) {
            counters.put(
                    outcome,
                    Counter.builder("docmill.dead.letters")
                            .description("Jobs that the queue gave up, by what became of them")
                            .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                            .register(metrics));
        }
    }

    /** What becomes of a dead letter. */
    public enum Outcome {
        /** Its attempt has failed now, and the letter is kept. */
        GIVEN_UP,
        /** Its attempt had ended already. */
        ENDED_BEFORE,
        /** Its source was deleted. */
        SOURCE_MISSING,
        /** It was no job, and was passed over. */
        UNREADABLE,
        /** It ran into a defect of Docmill, and was passed over. */
        DEFECT
    }

    /** Counts one. */
    public void count(Outcome outcome) {
        Objects.requireNonNull(counters.get(outcome)).increment();
    }
}
