package io.docmill.platform.cache;

import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.job.ConversionJob;
import java.time.Instant;

/**
 * Who publishes a conversion's job, so that of a thousand equal calls on all gateways one does.
 *
 * @param state how far it is
 * @param attempt the attempt that is or will be published
 * @param refresh whether it converts although there is an artifact
 * @param format what it converts to
 * @param options the canonical options
 * @param createdAt when it was accepted
 */
public record Lease(
        State state,
        AttemptId attempt,
        boolean refresh,
        DocumentFormat format,
        ConversionOptions options,
        Instant createdAt) {
    /** How far a publication is. */
    public enum State {
        /** A gateway is about to publish. */
        CLAIMED,
        /** The queue has the job. */
        PUBLISHED
    }

    /** The claim to publish a job. */
    public static Lease claimOf(ConversionJob job) {
        return new Lease(State.CLAIMED, job.attempt(), job.refresh(), job.format(), job.options(), job.createdAt());
    }

    /** The same lease, further on. */
    public Lease published() {
        return new Lease(State.PUBLISHED, attempt, refresh, format, options, createdAt);
    }
}
