package io.docmill.model.job;

import io.docmill.model.record.FailureRecord;
import java.util.Objects;

/**
 * A job that was given up, as it is kept for a person to look at, replay or drop. It holds no password.
 *
 * @param v the version of this form
 * @param job the job, without its password
 * @param failure how its attempt failed
 * @param deliveries how often the queue had handed it out; 0 where that was not written down
 */
public record StoredDeadLetter(int v, ConversionJob job, FailureRecord failure, int deliveries) {
    /** The version that this code writes, and the newest that it reads. */
    public static final int VERSION = 1;

    public StoredDeadLetter {
        Objects.requireNonNull(job, "job");
        Objects.requireNonNull(failure, "failure");
        job = job.withoutPassword();
    }

    /** The letter of a job that is given up now. */
    public static StoredDeadLetter of(ConversionJob job, FailureRecord failure, int deliveries) {
        return new StoredDeadLetter(VERSION, job, failure, deliveries);
    }

    /** Whether a password came with the job, which is kept nowhere: it is part of the conversion's id. */
    public boolean hadPassword() {
        return !job.options()
                .conversionOf(job.conversion().source(), job.format(), null)
                .equals(job.conversion());
    }
}
