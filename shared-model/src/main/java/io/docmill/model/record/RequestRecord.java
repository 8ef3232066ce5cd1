package io.docmill.model.record;

import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import java.time.Instant;

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
        implements StoredRecord {}
