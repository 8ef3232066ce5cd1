package io.docmill.model.job;

import io.docmill.model.id.AttemptId;
import io.docmill.model.job.JobReply.Failed;
import io.docmill.model.job.JobReply.Outcome;
import io.docmill.model.job.JobReply.Succeeded;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.RequestRecord;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What object storage says of a conversion at one moment, and what follows from it for its attempts: the one rule by which
 * gateway and worker tell whether an attempt has ended, and how.
 *
 * @param artifact its result, or null
 * @param failure its last failed attempt, or null
 * @param request its last accepted attempt that a caller was told to come back for, or null if there is none, or it was not
 *     looked for
 */
public record ConversionState(
        @Nullable ArtifactRecord artifact,
        @Nullable FailureRecord failure,
        @Nullable RequestRecord request) {
    /** Of a conversion of which nothing is stored. */
    public static final ConversionState NOTHING = new ConversionState(null, null, null);

    /** The latest attempt that left a trace; empty if none did. */
    public Optional<AttemptId> latestAttempt() {
        return Stream.of(latestEnded(), Optional.ofNullable(request).map(RequestRecord::attempt))
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder());
    }

    /** The latest attempt that is known to have ended; empty if none is. */
    public Optional<AttemptId> latestEnded() {
        return Stream.of(
                        Optional.ofNullable(artifact).map(ArtifactRecord::attempt),
                        Optional.ofNullable(failure).map(FailureRecord::attempt))
                .flatMap(Optional::stream)
                .max(Comparator.naturalOrder());
    }

    /**
     * How an attempt has ended: with any artifact unless it is a refresh, else with an artifact or a failure of its own or of a
     * later attempt. Empty while it has not.
     *
     * @param refresh whether only its own or a later artifact will do
     */
    public Optional<Outcome> outcomeOf(AttemptId attempt, boolean refresh) {
        if (artifact != null && (!refresh || artifact.attempt().isSameOrLaterThan(attempt))) {
            return Optional.of(new Succeeded(artifact));
        }
        if (failure != null && failure.attempt().isSameOrLaterThan(attempt)) {
            return Optional.of(new Failed(failure));
        }
        return Optional.empty();
    }

    /** How the conversion stands when no attempt is named: an artifact wins, else the newer of failure and request. */
    public Optional<Outcome> outcome() {
        if (artifact != null) {
            return Optional.of(new Succeeded(artifact));
        }
        if (failure != null && (request == null || failure.attempt().isSameOrLaterThan(request.attempt()))) {
            return Optional.of(new Failed(failure));
        }
        return Optional.empty();
    }

    /** How many attempts in a row, up to the last one, ended in a failure that repeats. */
    public int consecutiveFailures() {
        if (failure == null) {
            return 0;
        }
        boolean succeededSince = artifact != null && artifact.attempt().isSameOrLaterThan(failure.attempt());
        return succeededSince ? 0 : failure.consecutive();
    }
}
