package io.docmill.gateway.conversion;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.job.CancelNotice;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.ConversionState;
import io.docmill.model.job.JobReply;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.FileRecord;
import io.docmill.model.record.RequestRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.platform.cache.Lease;
import io.docmill.platform.cache.LiveAttempts;
import io.docmill.platform.cache.RunningMark;
import io.docmill.platform.storage.DocumentStore;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Conversions that a caller comes back for: how they stand, and canceling them. A job that was accepted and that nobody publishes
 * or runs any more is published again when its caller looks.
 */
final class AcceptedConversions {
    private static final Logger log = LoggerFactory.getLogger(AcceptedConversions.class);

    /** What was accepted longer ago is in no queue any more. */
    private static final Duration LONGEST_QUEUE = Duration.ofHours(24);

    /** Who cancels does not wait for Kafka. */
    private static final long LONGEST_NOTICE_MILLIS = 500;

    private final DocumentStore documents;
    private final LiveAttempts live;
    private final Publications publications;
    private final JobPublisher jobs;
    private final InFlightConversions inFlight;
    private final Answers answers;
    private final BlockingCalls blocking;
    private final Clock clock;

    /** While Redis can't tell whether a job is under way, it is published again no more often than a lease would allow. */
    private final Cache<ConversionId, AttemptId> publishedWithoutLease = Caffeine.newBuilder()
            .expireAfterWrite(LiveAttempts.PUBLISHED_TTL)
            .maximumSize(100_000)
            .build();

    AcceptedConversions(
            DocumentStore documents,
            LiveAttempts live,
            Publications publications,
            JobPublisher jobs,
            InFlightConversions inFlight,
            Answers answers,
            BlockingCalls blocking,
            Clock clock) {
        this.documents = documents;
        this.live = live;
        this.publications = publications;
        this.jobs = jobs;
        this.inFlight = inFlight;
        this.answers = answers;
        this.blocking = blocking;
        this.clock = clock;
    }

    /**
     * What is known of a conversion.
     *
     * @param underWay what Redis says, or null if it can't be asked
     */
    private record Standing(
            ScopeId scope,
            ConversionId id,
            FileRecord source,
            ConversionState state,
            LiveAttempts.@Nullable Found underWay) {
        @Nullable
        Lease lease() {
            return underWay == null ? null : underWay.lease();
        }

        @Nullable
        RunningMark mark() {
            return underWay == null ? null : underWay.mark();
        }

        /** The latest attempt of which anything is known. */
        Optional<AttemptId> latest() {
            return Stream.of(
                            state.latestAttempt(),
                            Optional.ofNullable(lease()).map(Lease::attempt),
                            Optional.ofNullable(mark()).map(RunningMark::attempt))
                    .flatMap(Optional::stream)
                    .max(Comparator.naturalOrder());
        }

        /**
         * How it has ended, as a whole or for one attempt; empty if it has not. An attempt that was superseded by a later one
         * is not known any more: any artifact answers it, so that what was told as succeeded stays so. One that is later than
         * all that is known was accepted beside another one: it stands as the conversion does.
         */
        Optional<JobReply.Outcome> outcome(@Nullable AttemptId attempt) {
            if (attempt == null || isUnknown(attempt)) {
                return state.outcome();
            }
            return state.outcomeOf(attempt, isRefresh(attempt));
        }

        private boolean isUnknown(AttemptId attempt) {
            return latest().map(latest -> attempt.compareTo(latest) > 0).orElse(true);
        }

        private boolean isRefresh(AttemptId attempt) {
            RequestRecord request = state.request();
            if (request != null && request.attempt().equals(attempt)) {
                return request.refresh();
            }
            Lease lease = lease();
            return lease != null && lease.attempt().equals(attempt) && lease.refresh();
        }

        /** What was accepted and has not ended; empty if nothing was. */
        Optional<ConversionView.Pending> pending(@Nullable AttemptId attempt) {
            Instant startedAt = mark() == null ? null : mark().startedAt();
            RequestRecord request = state.request();
            if (request != null) {
                return Optional.of(new ConversionView.Pending(
                        id,
                        request.format(),
                        request.options(),
                        attempt == null ? request.attempt() : attempt,
                        request.createdAt(),
                        startedAt));
            }
            return Optional.ofNullable(lease())
                    .map(lease -> new ConversionView.Pending(
                            id,
                            lease.format(),
                            lease.options(),
                            attempt == null ? lease.attempt() : attempt,
                            lease.createdAt(),
                            startedAt));
        }

        /** Whether the last accepted attempt has ended. */
        boolean hasEnded(RequestRecord request) {
            return state.outcomeOf(request.attempt(), request.refresh()).isPresent();
        }
    }

    /** A conversion as it stands; empty if there is none in this scope. */
    Future<Optional<ConversionView>> find(
            ScopeId scope, ConversionId id, @Nullable AttemptId attempt, String requestId) {
        return look(scope, id)
                .compose(standing -> standing.map(found -> view(found, attempt, requestId))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty())));
    }

    private Future<Optional<Standing>> look(ScopeId scope, ConversionId id) {
        return blocking.onContext(live.find(scope, id))
                .otherwiseEmpty()
                .compose(underWay -> blocking.call(() -> documents
                        .findSource(scope, id.source())
                        // What is under way is looked at before what has ended, so that nothing is missed that ends in
                        // between.
                        .map(source ->
                                new Standing(scope, id, source, documents.conversionState(scope, id), underWay))));
    }

    private Future<Optional<ConversionView>> view(Standing standing, @Nullable AttemptId attempt, String requestId) {
        Optional<JobReply.Outcome> outcome = standing.outcome(attempt);
        if (outcome.isPresent()) {
            return Future.succeededFuture(Optional.of(view(standing, outcome.get())));
        }
        Optional<ConversionView.Pending> pending = standing.pending(attempt);
        RequestRecord request = standing.state().request();
        if (pending.isEmpty() || request == null) {
            return Future.succeededFuture(pending.map(view -> view));
        }
        return revive(standing, request, requestId)
                .map(failed -> Optional.of(
                        failed.isPresent() ? new ConversionView.Failed(standing.id(), failed.get()) : pending.get()));
    }

    private ConversionView view(Standing standing, JobReply.Outcome outcome) {
        boolean alone = standing.state().artifact() == null;
        return answers.view(standing.scope(), standing.id(), standing.source(), outcome, true, alone);
    }

    /** Publishes an accepted job again if it was lost; what needs a password that is gone ends as failed. */
    private Future<Optional<FailureRecord>> revive(Standing standing, RequestRecord request, String requestId) {
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
        return publishAgain(standing, request, requestId);
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
            keep(standing, failure);
            return Optional.of(failure);
        });
    }

    private Future<Optional<FailureRecord>> publishAgain(Standing standing, RequestRecord request, String requestId) {
        Lease claim = new Lease(
                Lease.State.CLAIMED,
                request.attempt(),
                request.refresh(),
                request.format(),
                request.options(),
                request.createdAt());
        return blocking.onContext(live.claim(standing.scope(), standing.id(), claim, null))
                .otherwise(Optional.empty())
                .map(held -> {
                    if (held.isEmpty()) {
                        log.warn("Attempt {} of {} was lost; publishing it again", request.attempt(), standing.id());
                        publications
                                .publish(job(standing, request, requestId), claim, () -> false)
                                .onFailure(failure -> {
                                    publishedWithoutLease.invalidate(standing.id());
                                    log.warn("{}", failure.getMessage());
                                });
                    }
                    return Optional.<FailureRecord>empty();
                });
    }

    private static ConversionJob job(Standing standing, RequestRecord request, String requestId) {
        return new ConversionJob(
                ConversionJob.VERSION,
                request.attempt(),
                standing.id(),
                standing.scope(),
                request.sourceFormat(),
                request.format(),
                request.options(),
                request.timeoutSeconds(),
                request.refresh(),
                null,
                request.createdAt(),
                requestId);
    }

    /**
     * Cancels an attempt, or the latest one; what has ended stays as it is. Empty if there is nothing to cancel in this scope.
     */
    Future<Optional<ConversionView>> cancel(ScopeId scope, ConversionId id, @Nullable AttemptId attempt) {
        return look(scope, id)
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
            return Future.succeededFuture(Optional.of(view(standing, outcome.get())));
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
        if (!keep(standing, failure)) {
            return Optional.empty();
        }
        Standing after = new Standing(
                standing.scope(),
                standing.id(),
                standing.source(),
                documents.conversionState(standing.scope(), standing.id()),
                standing.underWay());
        return after.outcome(failure.attempt()).map(outcome -> view(after, outcome));
    }

    /** Writes a failure; false if the source has gone meanwhile, and then nothing of the conversion is left. */
    private boolean keep(Standing standing, FailureRecord failure) {
        documents.putFailure(standing.scope(), standing.id(), failure);
        boolean stays =
                documents.findSource(standing.scope(), standing.id().source()).isPresent();
        if (!stays) {
            documents.deleteConversion(standing.scope(), standing.id());
        }
        return stays;
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
