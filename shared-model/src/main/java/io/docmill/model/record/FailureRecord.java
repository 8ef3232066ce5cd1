package io.docmill.model.record;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The last failed or canceled attempt at a conversion.
 *
 * @param v the version of this form
 * @param attempt the attempt that ended so
 * @param format what was asked for
 * @param options the canonical options
 * @param failure how it ended
 * @param consecutive how many attempts in a row have ended in a failure that repeats, 0 if this one does not
 * @param createdAt when the attempt was accepted
 * @param startedAt when a worker began, or null if none did
 * @param failedAt when it ended
 * @param rememberedUntil until when the failure is answered without trying again, or null if it is not remembered
 */
public record FailureRecord(
        int v,
        AttemptId attempt,
        DocumentFormat format,
        ConversionOptions options,
        ConversionFailure failure,
        int consecutive,
        Instant createdAt,
        @Nullable Instant startedAt,
        Instant failedAt,
        @Nullable Instant rememberedUntil)
        implements StoredRecord {
    private static final Duration FIRST_MEMORY = Duration.ofMinutes(10);
    private static final Duration LONGEST_MEMORY = Duration.ofHours(6);

    public FailureRecord {
        Objects.requireNonNull(attempt, "attempt");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(failure, "failure");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(failedAt, "failedAt");
    }

    /** How long a failure is remembered: 10 minutes, doubling with each one in a row, 6 hours at most. */
    public static @Nullable Instant rememberedUntil(ConversionFailure failure, int consecutive, Instant failedAt) {
        if (!failure.repeats()) {
            return null;
        }
        Duration memory = FIRST_MEMORY.multipliedBy(1L << Math.min(Math.max(consecutive - 1, 0), 10));
        return failedAt.plus(memory.compareTo(LONGEST_MEMORY) > 0 ? LONGEST_MEMORY : memory);
    }

    /**
     * Whether a request is answered with this failure instead of a new attempt.
     *
     * @param timeout the request's own time limit: what was too complex for a smaller one may be tried again
     */
    public boolean answers(Duration timeout, Instant now) {
        if (rememberedUntil == null || !now.isBefore(rememberedUntil)) {
            return false;
        }
        return !(failure instanceof ConversionFailure.TooComplex tooComplex)
                || timeout.toSeconds() <= tooComplex.timeoutSeconds();
    }
}
