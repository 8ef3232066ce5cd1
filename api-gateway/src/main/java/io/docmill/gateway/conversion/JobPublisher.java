package io.docmill.gateway.conversion;

import io.docmill.model.job.CancelNotice;
import io.docmill.model.job.ConversionJob;
import io.docmill.platform.tracing.TraceSpan;
import io.vertx.core.Future;

/** Puts jobs into the queue, and tells of those that are not wanted any more. */
public interface JobPublisher {
    /**
     * Publishes a job that a caller waits for. The future succeeds once the queue will not lose it, and fails otherwise.
     *
     * @param span of the call, which the job's worker goes on with
     */
    Future<Void> publish(ConversionJob job, TraceSpan span);

    /** Tells all workers and gateways of a cancel. The future succeeds once the queue will not lose it, and fails otherwise. */
    Future<Void> publish(CancelNotice notice);
}
