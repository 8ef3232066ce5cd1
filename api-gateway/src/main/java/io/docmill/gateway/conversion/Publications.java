package io.docmill.gateway.conversion;

import io.docmill.gateway.admission.JobAdmission;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.job.ConversionJob;
import io.docmill.platform.cache.Lease;
import io.docmill.platform.cache.LiveAttempts;
import io.docmill.platform.queue.QueueUnavailableException;
import io.docmill.platform.tracing.TraceSpan;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes jobs under their leases: a claim is kept while the queue is slow, and given up when it does not take the job. */
final class Publications {
    private static final Logger log = LoggerFactory.getLogger(Publications.class);

    private static final Duration RENEWAL = LiveAttempts.CLAIM_TTL.dividedBy(3);
    private static final Duration PAUSE_BETWEEN_TRIES = Duration.ofSeconds(1);

    private final Vertx vertx;
    private final JobPublisher jobs;
    private final LiveAttempts live;
    private final JobAdmission admission;

    Publications(Vertx vertx, JobPublisher jobs, LiveAttempts live, JobAdmission admission) {
        this.vertx = vertx;
        this.jobs = jobs;
        this.live = live;
        this.admission = admission;
    }

    /**
     * Publishes a job whose lease was claimed. Fails with {@link QueueUnavailableException}; then the lease is given up, so that
     * another gateway can try at once.
     *
     * @param span of the call that publishes it
     * @param goOn asked after each failure: whether to try again
     */
    Future<Void> publish(ConversionJob job, TraceSpan span, BooleanSupplier goOn) {
        admission.published();
        ScopeId scope = job.scope();
        ConversionId conversion = job.conversion();
        long renewal = vertx.setPeriodic(
                RENEWAL.toMillis(), _ -> withoutWaiting(live.renewClaim(scope, conversion, job.attempt())));
        return send(job, span, goOn)
                .onComplete(_ -> vertx.cancelTimer(renewal))
                .onSuccess(_ -> withoutWaiting(live.published(scope, conversion, Lease.claimOf(job))))
                .onFailure(_ -> withoutWaiting(live.release(scope, conversion, job.attempt())));
    }

    private Future<Void> send(ConversionJob job, TraceSpan span, BooleanSupplier goOn) {
        return jobs.publish(job, span).recover(cause -> {
            if (!goOn.getAsBoolean()) {
                return Future.failedFuture(new QueueUnavailableException(
                        "Kafka did not take the job of %s: %s".formatted(job.conversion(), cause.getMessage()), cause));
            }
            Promise<Void> again = Promise.promise();
            vertx.setTimer(
                    PAUSE_BETWEEN_TRIES.toMillis(), _ -> send(job, span, goOn).onComplete(again));
            return again.future();
        });
    }

    /** Without Redis a lease lapses by itself. */
    private static void withoutWaiting(CompletionStage<?> call) {
        call.exceptionally(outage -> {
            log.debug("Redis did not take a lease: {}", outage.toString());
            return null;
        });
    }
}
