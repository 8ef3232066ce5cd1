package io.docmill.gateway.deadletter;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.job.ConversionJob;
import java.util.Objects;

/**
 * A job that the broker will not hand out again.
 *
 * @param job the job
 * @param deliveries how often it was handed out
 * @param rejected whether a worker wanted no more of it; otherwise that many workers did not come back
 */
public record DeadLetter(ConversionJob job, int deliveries, boolean rejected) {
    public DeadLetter {
        Objects.requireNonNull(job, "job");
    }

    /** How the attempt is answered: a worker rejects a job only because of a defect, which says nothing of the document. */
    ConversionFailure failure() {
        return rejected ? new ConversionFailure.Interrupted() : new ConversionFailure.WorkersLost(deliveries);
    }
}
