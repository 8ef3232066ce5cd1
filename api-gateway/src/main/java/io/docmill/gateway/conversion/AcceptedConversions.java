package io.docmill.gateway.conversion;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.RequestRecord;
import io.docmill.platform.cache.Lease;
import io.docmill.platform.cache.LiveAttempts;
import io.docmill.platform.tracing.TraceSpan;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Conversions that a caller comes back for. A job that was accepted and that nobody publishes or runs any more is published again
 * when its caller looks.
 */
final class AcceptedConversions {
    private static final Logger log = LoggerFactory.getLogger(AcceptedConversions.class);

    /** What was accepted longer ago is in no queue any more. */
    private static final Duration LONGEST_QUEUE = Duration.ofHours(24);

    private final Standings standings;
    private final LiveAttempts live;
    private final Publications publications;
    private final BlockingCalls blocking;
    private final Clock clock;

    /** While Redis can't tell whether a job is under way, it is published again no more often than a lease would allow. */
    private final Cache<ConversionId, AttemptId> publishedWithoutLease = Caffeine.newBuilder()
            .expireAfterWrite(LiveAttempts.PUBLISHED_TTL)
            .maximumSize(100_000)
            .build();

    AcceptedConversions(
            Standings standings, LiveAttempts live, Publications publications, BlockingCalls blocking, Clock clock) {
        this.standings = standings;
        this.live = live;
        this.publications = publications;
        this.blocking = blocking;
        this.clock = clock;
    }

    /** A conversion as it stands; empty if there is none in this scope. */
    Future<Optional<ConversionView>> find(
            ScopeId scope, ConversionId id, @Nullable AttemptId attempt, String requestId, TraceSpan span) {
        return standings
                .look(scope, id)
                .compose(standing -> standing.map(found -> view(found, attempt, requestId, span))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty())));
    }

    private Future<Optional<ConversionView>> view(
            Standing standing, @Nullable AttemptId attempt, String requestId, TraceSpan span) {
        Optional<JobReply.Outcome> outcome = standing.outcome(attempt);
        if (outcome.isPresent()) {
            return Future.succeededFuture(Optional.of(standings.view(standing, outcome.get())));
        }
        Optional<ConversionView.Pending> pending = standing.pending(attempt);
        RequestRecord request = standing.state().request();
        if (pending.isEmpty() || request == null) {
            return Future.succeededFuture(pending.map(view -> view));
        }
        return revive(standing, request, requestId, span)
                .map(failed -> Optional.of(
                        failed.isPresent() ? new ConversionView.Failed(standing.id(), failed.get()) : pending.get()));
    }

    /** Publishes an accepted job again if it was lost; what needs a password that is gone ends as failed. */
    private Future<Optional<FailureRecord>> revive(
            Standing standing, RequestRecord request, String requestId, TraceSpan span) {
        Instant now = clock.instant();
        boolean underWay = standing.lease() != null || standing.mark() != null;
        boolean mayBeUnderWay = standing.underWay() == null && isYounger(request, LiveAttempts.PUBLISHED_TTL, now);
        if (underWay || mayBeUnderWay || standing.hasEnded(request)) {
            return Future.succeededFuture(Optional.empty());
        }
        if (request.hadPassword()) {
            return isYounger(request, LONGEST_QUEUE, now)
                    ? Future.succeededFuture(Optional.empty())
                    : giveUp(standing, request);
        }
        if (standing.underWay() == null
                && publishedWithoutLease.asMap().putIfAbsent(standing.id(), request.attempt()) != null) {
            return Future.succeededFuture(Optional.empty());
        }
        return publishAgain(standing, request, requestId, span);
    }

    private static boolean isYounger(RequestRecord request, Duration age, Instant now) {
        return request.createdAt().plus(age).isAfter(now);
    }

    private Future<Optional<FailureRecord>> giveUp(Standing standing, RequestRecord request) {
        log.warn(
                "Attempt {} of {} was lost, and with it the document's password; it ends as failed and can be asked for again",
                request.attempt(),
                standing.id());
        FailureRecord failure = request.failed(new ConversionFailure.Interrupted(), null, clock.instant());
        return blocking.call(() -> {
            standings.keep(standing, failure);
            return Optional.of(failure);
        });
    }

    private Future<Optional<FailureRecord>> publishAgain(
            Standing standing, RequestRecord request, String requestId, TraceSpan span) {
        // Its password, if it had one, is kept nowhere.
        ConversionJob job = ConversionJob.of(request, standing.id(), standing.scope(), null, requestId);
        return blocking.onContext(live.claim(standing.scope(), standing.id(), Lease.claimOf(job), null))
                .otherwise(Optional.empty())
                .map(held -> {
                    if (held.isEmpty()) {
                        log.warn("Attempt {} of {} was lost; publishing it again", request.attempt(), standing.id());
                        publications.publish(job, span, () -> false).onFailure(failure -> {
                            publishedWithoutLease.invalidate(standing.id());
                            log.warn("{}", failure.getMessage());
                        });
                    }
                    return Optional.<FailureRecord>empty();
                });
    }
}
