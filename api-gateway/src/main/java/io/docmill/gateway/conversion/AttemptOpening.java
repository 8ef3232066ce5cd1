package io.docmill.gateway.conversion;

import io.docmill.gateway.admission.JobAdmission;
import io.docmill.gateway.admission.QueueBusyException;
import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.gateway.conversion.InFlight.Resolution;
import io.docmill.model.id.AttemptId;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.ConversionState;
import io.docmill.model.job.JobReply;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.security.ServiceKey;
import io.docmill.platform.cache.Lease;
import io.docmill.platform.cache.LiveAttempts;
import io.docmill.platform.neighbour.Neighbour;
import io.docmill.platform.storage.DocumentStore;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The begin of a wait: a look at storage, which may have the answer; then the lease, which tells whether to join the attempt of
 * another gateway or to publish one, if the queue is not too long for that. Called after its waiter is registered, so that no reply is missed.
 */
final class AttemptOpening {
    private static final Logger log = LoggerFactory.getLogger(AttemptOpening.class);

    private final DocumentStore documents;
    private final Neighbour storage;
    private final LiveAttempts live;
    private final Publications publications;
    private final JobAdmission admission;
    private final AttemptWatch watch;
    private final ServiceKey serviceKey;
    private final BlockingCalls blocking;
    private final Clock clock;
    private final Duration waitLimit;
    private final MissingPassword missingPassword;

    AttemptOpening(
            DocumentStore documents,
            Neighbour storage,
            LiveAttempts live,
            Publications publications,
            JobAdmission admission,
            AttemptWatch watch,
            ServiceKey serviceKey,
            BlockingCalls blocking,
            Clock clock,
            Duration waitLimit) {
        this.documents = documents;
        this.storage = storage;
        this.live = live;
        this.publications = publications;
        this.admission = admission;
        this.watch = watch;
        this.serviceKey = serviceKey;
        this.blocking = blocking;
        this.clock = clock;
        this.waitLimit = waitLimit;
        missingPassword = new MissingPassword(documents, clock);
    }

    /** Joins or publishes an attempt, or finds the answer. What goes wrong fails the wait. */
    void open(InFlight inFlight) {
        WantedConversion wanted = inFlight.wanted();
        int round = inFlight.round();
        Optional<QueueBusyException> refusal =
                wanted.refusable() && round == 1 ? admission.refusal() : Optional.empty();
        // Who is refused is told so for sure, not as far as Redis knows.
        Future<Look> look = refusal.isPresent() || isWorthALook(inFlight)
                ? blocking.call(() -> look(wanted))
                : Future.succeededFuture(new Look(ConversionState.NOTHING, Optional.empty()));
        look.compose(found -> {
                    ConversionState state = found.state();
                    if (found.end().isPresent()) {
                        inFlight.resolution().complete(found.end().get());
                        return Future.succeededFuture();
                    }
                    AttemptId ended = state.latestEnded().orElse(null);
                    return leaseOf(wanted, refusal.isPresent())
                            .compose(lease -> refusal.isEmpty() || isJoinable(wanted, state, ended, lease)
                                    ? claim(
                                            inFlight,
                                            state,
                                            ended,
                                            state.latestAttempt().orElse(null))
                                    : Future.failedFuture(refusal.get()));
                })
                .onFailure(failure -> inFlight.notPublished(round, failure));
    }

    /** What a look at storage comes to: the end of the wait, if that is known without a job. */
    private record Look(ConversionState state, Optional<Resolution> end) {}

    /**
     * Not where Redis knows that no attempt was opened before, as for most first calls. Should it be wrong, the worker finds in
     * storage what there is. While storage is away the look fails at once, where a job would wait for it in a worker.
     */
    private boolean isWorthALook(InFlight inFlight) {
        WantedConversion wanted = inFlight.wanted();
        return !wanted.untouched()
                || inFlight.round() > 1
                || MissingPassword.endsAttemptsAt(wanted)
                || storage.isAway();
    }

    private Look look(WantedConversion wanted) {
        ConversionState state = stateOf(wanted);
        Optional<Resolution> known = knownOutcome(wanted, state).map(outcome -> new Resolution(outcome, true));
        return new Look(state, known.or(() -> missingPassword(wanted, state)));
    }

    private Optional<Resolution> missingPassword(WantedConversion wanted, ConversionState state) {
        if (!MissingPassword.endsAttemptsAt(wanted)) {
            return Optional.empty();
        }
        ConversionJob job = job(wanted, AttemptId.after(state.latestAttempt().orElse(null)));
        return Optional.of(new Resolution(missingPassword.end(job, state), false));
    }

    /** An artifact is looked for first: where there is one, nothing else matters to a repeat, which so costs one look-up. */
    private ConversionState stateOf(WantedConversion wanted) {
        ArtifactRecord artifact =
                documents.findArtifact(wanted.scope(), wanted.id()).orElse(null);
        if (artifact != null && !wanted.parameters().refresh()) {
            return new ConversionState(artifact, null, null);
        }
        return documents.conversionState(wanted.scope(), wanted.id(), artifact);
    }

    private Optional<JobReply.Outcome> knownOutcome(WantedConversion wanted, ConversionState state) {
        if (wanted.parameters().refresh()) {
            return Optional.empty();
        }
        if (state.artifact() != null) {
            return Optional.of(new JobReply.Succeeded(state.artifact()));
        }
        FailureRecord failure = state.failure();
        return failure != null && failure.answers(wanted.parameters().timeout(), clock.instant())
                ? Optional.of(new JobReply.Failed(failure))
                : Optional.empty();
    }

    /**
     * @param ended the latest attempt that has ended: the leases up to it are dead
     * @param latest the latest attempt that is known
     */
    private Future<Void> claim(
            InFlight inFlight, ConversionState state, @Nullable AttemptId ended, @Nullable AttemptId latest) {
        WantedConversion wanted = inFlight.wanted();
        ConversionJob job = job(wanted, AttemptId.after(latest));
        return held(wanted, Lease.claimOf(job), ended).compose(held -> {
            if (held.isEmpty()) {
                return publish(inFlight, job);
            }
            Lease other = held.get();
            if (!canJoin(wanted, state, other)) {
                return claim(inFlight, state, other.attempt(), later(latest, other.attempt()));
            }
            inFlight.expect(other.attempt());
            wanted.span().joined(other.attempt().toString());
            if (other.state() == Lease.State.PUBLISHED) {
                inFlight.nowQueued(inFlight.round());
            }
            watch.begin(inFlight);
            return Future.succeededFuture();
        });
    }

    private static AttemptId later(@Nullable AttemptId one, AttemptId other) {
        return one != null && one.isSameOrLaterThan(other) ? one : other;
    }

    /** Without Redis each gateway joins only its own callers, and a duplicate costs one conversion. */
    private Future<Optional<Lease>> held(WantedConversion wanted, Lease claim, @Nullable AttemptId ended) {
        return blocking.onContext(live.claim(wanted.scope(), wanted.id(), claim, ended))
                .recover(outage -> {
                    log.debug("Redis did not take the lease of {}: {}", wanted.id(), outage.toString());
                    return Future.succeededFuture(Optional.empty());
                });
    }

    /** Without Redis there is nothing to join. */
    private Future<Optional<Lease>> leaseOf(WantedConversion wanted, boolean matters) {
        return matters
                ? blocking.onContext(live.find(wanted.scope(), wanted.id()))
                        .map(found -> Optional.ofNullable(found.lease()))
                        .otherwise(Optional.empty())
                : Future.succeededFuture(Optional.empty());
    }

    private static boolean isJoinable(
            WantedConversion wanted, ConversionState state, @Nullable AttemptId ended, Optional<Lease> lease) {
        return lease.isPresent()
                && (ended == null || !ended.isSameOrLaterThan(lease.get().attempt()))
                && canJoin(wanted, state, lease.get());
    }

    /** Where there is an artifact already, a plain attempt under way may end with that one, which does not answer a refresh. */
    private static boolean canJoin(WantedConversion wanted, ConversionState state, Lease other) {
        return !wanted.parameters().refresh() || other.refresh() || state.artifact() == null;
    }

    private Future<Void> publish(InFlight inFlight, ConversionJob job) {
        WantedConversion wanted = inFlight.wanted();
        int round = inFlight.round();
        inFlight.expect(job.attempt());
        inFlight.publishing(round, true);
        watch.begin(inFlight);
        return publications
                .publish(
                        job,
                        wanted.span(),
                        () -> inFlight.isWaitedFor()
                                && clock.instant().isBefore(wanted.createdAt().plus(waitLimit)))
                .onComplete(_ -> inFlight.publishing(round, false))
                .onSuccess(_ -> inFlight.nowQueued(round));
    }

    private ConversionJob job(WantedConversion wanted, AttemptId attempt) {
        String password = wanted.parameters().password();
        return ConversionJob.of(
                wanted.accepted(attempt),
                wanted.id(),
                wanted.scope(),
                password == null ? null : serviceKey.sealPassword(password, attempt.toString()),
                wanted.requestId());
    }
}
