package io.docmill.gateway.deadletter;

import io.docmill.model.job.JobReply;
import io.vertx.core.Future;

/** Tells every gateway how an attempt has ended. */
@FunctionalInterface
public interface ReplyPublisher {
    /** Publishes a reply. The future succeeds once the queue will not lose it, and fails otherwise. */
    Future<Void> publish(JobReply reply);
}
