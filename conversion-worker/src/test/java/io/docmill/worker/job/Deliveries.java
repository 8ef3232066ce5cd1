package io.docmill.worker.job;

import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.Topics;
import java.util.Map;

/** Jobs as a broker would hand them out. */
final class Deliveries {
    private Deliveries() {}

    /** The first delivery of a record; two of one job are two of the same record. */
    static Delivery first(ConversionJob job) {
        return of(job, 0, 1);
    }

    static Delivery of(ConversionJob job, long offset, int count) {
        return new Delivery(job, Topics.INTERACTIVE_JOBS, 0, offset, count, Map.of());
    }
}
