package io.docmill.model.record;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The last accepted attempt at a conversion, written before its caller is told to come back for it. Holds no password.
 *
 * @param v the version of this form
 * @param attempt the accepted attempt
 * @param format what was asked for
 * @param options the canonical options
 * @param sourceFormat what is converted
 * @param timeoutSeconds how long it may run
 * @param refresh whether it was to convert anew
 * @param hadPassword whether a password came with it: without it the attempt can't be published again
 * @param createdAt when it was accepted
 */
public record RequestRecord(
        int v,
        AttemptId attempt,
        DocumentFormat format,
        ConversionOptions options,
        DocumentFormat sourceFormat,
        int timeoutSeconds,
        boolean refresh,
        boolean hadPassword,
        Instant createdAt)
        implements StoredRecord {

    /**
     * The record of this attempt's failure, for one that is not remembered.
     *
     * @param startedAt when a worker began, or null if none did
     */
    public FailureRecord failed(ConversionFailure failure, @Nullable Instant startedAt, Instant failedAt) {
        return new FailureRecord(
                StoredRecord.VERSION,
                attempt,
                format,
                options,
                failure,
                0,
                createdAt,
                startedAt,
                failedAt.truncatedTo(ChronoUnit.MILLIS),
                null);
    }
}
