package io.docmill.model.job;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.RequestRecord;
import io.docmill.model.record.StoredRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a conversion, as it waits in the queue.
 *
 * @param v the version of this form
 * @param attempt the attempt
 * @param conversion what to convert, and under which id
 * @param scope whose it is
 * @param sourceFormat what the source's content is
 * @param format what to convert to
 * @param options the canonical options
 * @param timeoutSeconds how long it may run, 5 to 300
 * @param refresh whether to convert although there is an artifact
 * @param sealedPassword what opens the source, encrypted under the service's key, or null
 * @param createdAt when the attempt was accepted
 * @param requestId of the request that caused it, for the logs
 */
public record ConversionJob(
        int v,
        AttemptId attempt,
        ConversionId conversion,
        ScopeId scope,
        DocumentFormat sourceFormat,
        DocumentFormat format,
        ConversionOptions options,
        int timeoutSeconds,
        boolean refresh,
        @Nullable String sealedPassword,
        Instant createdAt,
        String requestId) {
    /** The version that this code writes, and the newest that it reads. */
    public static final int VERSION = 1;

    /** As the API takes them, in seconds. */
    private static final int SHORTEST_TIMEOUT = 5;

    private static final int LONGEST_TIMEOUT = 300;

    public ConversionJob {
        Objects.requireNonNull(attempt, "attempt");
        Objects.requireNonNull(conversion, "conversion");
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(sourceFormat, "sourceFormat");
        Objects.requireNonNull(format, "format");
        Objects.requireNonNull(options, "options");
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(requestId, "requestId");
        if (timeoutSeconds < SHORTEST_TIMEOUT || timeoutSeconds > LONGEST_TIMEOUT) {
            throw new IllegalArgumentException("a timeout of %d s; it is from %d to %d"
                    .formatted(timeoutSeconds, SHORTEST_TIMEOUT, LONGEST_TIMEOUT));
        }
    }

    /**
     * The job of an accepted attempt.
     *
     * @param sealedPassword what opens the source, encrypted under the service's key, or null
     * @param requestId of the request that publishes it, for the logs
     */
    public static ConversionJob of(
            RequestRecord accepted,
            ConversionId conversion,
            ScopeId scope,
            @Nullable String sealedPassword,
            String requestId) {
        return new ConversionJob(
                VERSION,
                accepted.attempt(),
                conversion,
                scope,
                accepted.sourceFormat(),
                accepted.format(),
                accepted.options(),
                accepted.timeoutSeconds(),
                accepted.refresh(),
                sealedPassword,
                accepted.createdAt(),
                requestId);
    }

    /** The same job for a person to look at or replay: without its password. */
    public ConversionJob withoutPassword() {
        return new ConversionJob(
                v,
                attempt,
                conversion,
                scope,
                sourceFormat,
                format,
                options,
                timeoutSeconds,
                refresh,
                null,
                createdAt,
                requestId);
    }

    /**
     * The record of how this attempt failed.
     *
     * @param failuresBefore how many attempts in a row, up to the one before, ended in a failure that repeats
     * @param startedAt when a worker began, or null if none did or none is left to tell
     */
    public FailureRecord failed(
            ConversionFailure failure, int failuresBefore, @Nullable Instant startedAt, Instant failedAt) {
        int consecutive = failure.repeats() ? failuresBefore + 1 : 0;
        return new FailureRecord(
                StoredRecord.VERSION,
                attempt,
                format,
                options,
                failure,
                consecutive,
                createdAt,
                startedAt,
                failedAt,
                FailureRecord.rememberedUntil(failure, consecutive, failedAt));
    }

    /** How long it may run. */
    public Duration timeout() {
        return Duration.ofSeconds(timeoutSeconds);
    }
}
