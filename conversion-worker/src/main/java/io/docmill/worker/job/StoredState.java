package io.docmill.worker.job;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.ConversionState;
import io.docmill.model.job.JobReply.Failed;
import io.docmill.model.job.JobReply.Outcome;
import io.docmill.model.record.FailureRecord;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What object storage says of a job's source and conversion at one moment, and what follows from it for the job.
 *
 * @param sourceGone whether its source is known to have been deleted
 * @param conversion what is stored of its conversion; requests are not looked for
 */
record StoredState(boolean sourceGone, ConversionState conversion) {

    /** How the job's attempt has ended already; empty if it has not. See {@link ConversionState#outcomeOf}. */
    Optional<Outcome> endOf(ConversionJob job) {
        return conversion.outcomeOf(job.attempt(), job.refresh());
    }

    /**
     * How a job's attempt has ended already, for a worker that holds a result of it: an artifact goes before it as in
     * {@link #endOf}, and so does a cancel, but no other failure.
     */
    static Optional<Outcome> endBeforeArtifact(ConversionState conversion, ConversionJob job) {
        return conversion
                .outcomeOf(job.attempt(), job.refresh())
                .filter(end -> !(end instanceof Failed(FailureRecord ended))
                        || ended.failure() instanceof ConversionFailure.Canceled);
    }

    /** The failure of an earlier attempt that is still in force for this one; null if there is none, or it is a refresh. */
    @Nullable
    FailureRecord remembered(ConversionJob job, Instant now) {
        FailureRecord failure = conversion.failure();
        return failure != null && !job.refresh() && failure.answers(job.timeout(), now) ? failure : null;
    }

    /** See {@link ConversionState#consecutiveFailures}. */
    int consecutiveFailures() {
        return conversion.consecutiveFailures();
    }
}
