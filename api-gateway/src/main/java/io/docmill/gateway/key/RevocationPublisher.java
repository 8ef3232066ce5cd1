package io.docmill.gateway.key;

import io.docmill.model.job.RevocationNotice;
import io.vertx.core.Future;

/** Tells all gateways of revoked keys. */
public interface RevocationPublisher {
    /** The future succeeds once every gateway that runs will be told, and fails otherwise. */
    Future<Void> publish(RevocationNotice notice);
}
