package io.docmill.gateway.conversion;

import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.job.CancelNotice;
import io.docmill.model.job.JobReply;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.StoredRecord;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Cancels conversions: storage is told first, which is what holds, then workers and gateways, who look at once. */
final class Cancels {
    private static final Logger log = LoggerFactory.getLogger(Cancels.class);

    /** Who cancels does not wait for Kafka. */
    private static final long LONGEST_NOTICE_MILLIS = 500;

    private final Standings standings;
    private final JobPublisher jobs;
    private final InFlightConversions inFlight;
    private final BlockingCalls blocking;
    private final Clock clock;

    Cancels(Standings standings, JobPublisher jobs, InFlightConversions inFlight, BlockingCalls blocking, Clock clock) {
        this.standings = standings;
        this.jobs = jobs;
        this.inFlight = inFlight;
        this.blocking = blocking;
        this.clock = clock;
    }

    /**
     * Cancels an attempt, or the latest one; what has ended stays as it is. Empty if there is nothing to cancel in this scope.
     */
    Future<Optional<ConversionView>> cancel(ScopeId scope, ConversionId id, @Nullable AttemptId attempt) {
        return standings
                .look(scope, id)
                .compose(standing -> standing.map(found -> cancel(found, attempt))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty())));
    }

    private Future<Optional<ConversionView>> cancel(Standing standing, @Nullable AttemptId attempt) {
        if (attempt != null && standing.isUnknown(attempt)) {
            return Future.succeededFuture(Optional.empty());
        }
        AttemptId canceled = attempt == null ? standing.latest().orElse(null) : attempt;
        Optional<JobReply.Outcome> outcome = standing.outcome(canceled);
        if (outcome.isPresent()) {
            return Future.succeededFuture(Optional.of(standings.view(standing, outcome.get())));
        }
        Optional<ConversionView.Pending> pending = standing.pending(canceled);
        if (pending.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        return blocking.call(() -> end(standing, canceled(standing, pending.get())))
                .compose(view -> tell(standing, pending.get().attempt())
                        .timeout(LONGEST_NOTICE_MILLIS, TimeUnit.MILLISECONDS)
                        // The failure is written: whether the notice was taken changes nothing of the answer.
                        .transform(_ -> Future.succeededFuture(view)));
    }

    private FailureRecord canceled(Standing standing, ConversionView.Pending pending) {
        FailureRecord before = standing.state().failure();
        return new FailureRecord(
                StoredRecord.VERSION,
                pending.attempt(),
                pending.format(),
                pending.options(),
                new ConversionFailure.Canceled(),
                before == null ? 0 : before.consecutive(),
                pending.createdAt(),
                pending.startedAt(),
                clock.instant().truncatedTo(ChronoUnit.MILLIS),
                null);
    }

    /** An artifact that was written all the same wins. */
    private Optional<ConversionView> end(Standing standing, FailureRecord failure) {
        if (!standings.keep(standing, failure)) {
            return Optional.empty();
        }
        Standing after = standings.again(standing);
        return after.outcome(failure.attempt()).map(outcome -> standings.view(after, outcome));
    }

    /** Makes workers and gateways look at once; without the notice they see it when they look by themselves. */
    private Future<Void> tell(Standing standing, AttemptId attempt) {
        inFlight.canceled(standing.scope(), standing.id(), attempt);
        return jobs.publish(new CancelNotice(CancelNotice.VERSION, standing.id(), standing.scope(), attempt))
                .recover(failure -> {
                    log.warn(
                            "Workers were not told that {} is canceled ({}); the one that runs it drops its result at the end",
                            standing.id(),
                            failure.getMessage());
                    return Future.succeededFuture();
                });
    }
}
