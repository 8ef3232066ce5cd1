package io.docmill.worker.job;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply.Failed;
import io.docmill.model.job.JobReply.Outcome;
import io.docmill.model.job.JobReply.Succeeded;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.FileRecord;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What object storage says of a conversion at one moment, and what follows from it for a job.
 *
 * @param source the record of its source, or null if that was deleted
 * @param artifact its result, or null
 * @param failure its last failed attempt, or null
 */
record StoredState(
        @Nullable FileRecord source,
        @Nullable ArtifactRecord artifact,
        @Nullable FailureRecord failure) {

    /**
     * How the attempt has ended already: with any artifact unless it is a refresh, with an artifact or failure of its own or a
     * later attempt. Empty if it has not.
     */
    Optional<Outcome> endOf(ConversionJob job) {
        Optional<Outcome> success = successOf(job);
        if (success.isPresent()) {
            return success;
        }
        return failure != null && failure.attempt().isSameOrLaterThan(job.attempt())
                ? Optional.of(new Failed(failure))
                : Optional.empty();
    }

    /**
     * How the attempt has ended already, for a worker that holds a result of it: an artifact goes before it as in
     * {@link #endOf}, and so does a cancel, but no other failure.
     */
    Optional<Outcome> endBeforeArtifact(ConversionJob job) {
        return endOf(job)
                .filter(end -> !(end instanceof Failed(FailureRecord ended))
                        || ended.failure() instanceof ConversionFailure.Canceled);
    }

    private Optional<Outcome> successOf(ConversionJob job) {
        return artifact != null && (!job.refresh() || artifact.attempt().isSameOrLaterThan(job.attempt()))
                ? Optional.of(new Succeeded(artifact))
                : Optional.empty();
    }

    /** The failure of an earlier attempt that is still in force for this one; null if there is none, or it is a refresh. */
    @Nullable
    FailureRecord remembered(ConversionJob job, Instant now) {
        return failure != null && !job.refresh() && failure.answers(job.timeout(), now) ? failure : null;
    }

    /** How many attempts in a row, up to the last one, ended in a failure that repeats. */
    int consecutiveFailures() {
        if (failure == null) {
            return 0;
        }
        boolean succeededSince = artifact != null && artifact.attempt().isSameOrLaterThan(failure.attempt());
        return succeededSince ? 0 : failure.consecutive();
    }
}
