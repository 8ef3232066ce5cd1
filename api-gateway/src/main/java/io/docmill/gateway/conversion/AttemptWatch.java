package io.docmill.gateway.conversion;

import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.id.AttemptId;
import io.docmill.model.job.CancelNotice;
import io.docmill.model.job.JobReply;
import io.docmill.platform.cache.Lease;
import io.docmill.platform.cache.LiveAttempts;
import io.docmill.platform.storage.DocumentStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after attempts that are waited for, so that a lost reply, a lost job and a gateway that died cost seconds and never an
 * answer. Looks at storage 1, 5 and 11 s after an attempt was opened or joined, then every 10 s; from 11 s on also at whether
 * anybody still publishes or runs it, and each second while another gateway has only claimed it. A source that was deleted meanwhile
 * ends the wait, and the run.
 */
final class AttemptWatch {
    private static final Logger log = LoggerFactory.getLogger(AttemptWatch.class);

    private static final int TICK_MILLIS = 1_000;
    private static final int FIRST_LOOK = 1;
    private static final int SECOND_LOOK = 5;

    /** A claim lapses after 10 s: from here on an attempt without lease or mark is lost. */
    private static final int THIRD_LOOK = 11;

    private static final int TICKS_BETWEEN_LATER_LOOKS = 10;

    private final Vertx vertx;
    private final DocumentStore documents;
    private final LiveAttempts live;
    private final JobPublisher jobs;
    private final BlockingCalls blocking;
    private final Clock clock;

    AttemptWatch(
            Vertx vertx,
            DocumentStore documents,
            LiveAttempts live,
            JobPublisher jobs,
            BlockingCalls blocking,
            Clock clock) {
        this.vertx = vertx;
        this.documents = documents;
        this.live = live;
        this.jobs = jobs;
        this.blocking = blocking;
        this.clock = clock;
    }

    /** Begins to look after the attempt that is expected now, until it has answered, is replaced, or nobody waits. */
    void begin(InFlight inFlight) {
        tick(inFlight, inFlight.round(), 1);
    }

    private void tick(InFlight inFlight, int round, int ticks) {
        vertx.setTimer(TICK_MILLIS, _ -> {
            if (!isWatched(inFlight, round)) {
                return;
            }
            Future<?> look = Future.succeededFuture();
            if (isLook(ticks)) {
                look = look(inFlight).compose(_ -> {
                    boolean mayBeLost = ticks >= THIRD_LOOK && isWatched(inFlight, round);
                    return mayBeLost ? lookAtLease(inFlight, round) : Future.succeededFuture();
                });
            } else if (inFlight.queuedAttempt() == null) {
                look = lookAtLease(inFlight, round);
            }
            look.onComplete(_ -> tick(inFlight, round, ticks + 1));
        });
    }

    private static boolean isWatched(InFlight inFlight, int round) {
        return !inFlight.resolution().isDone() && inFlight.isWaitedFor() && inFlight.round() == round;
    }

    private static boolean isLook(int ticks) {
        return ticks == FIRST_LOOK
                || ticks == SECOND_LOOK
                || (ticks >= THIRD_LOOK && (ticks - THIRD_LOOK) % TICKS_BETWEEN_LATER_LOOKS == 0);
    }

    /** Looks at storage; an outcome that is there ends the wait. An outage is passed over: there are more looks. */
    Future<Void> look(InFlight inFlight) {
        WantedConversion wanted = inFlight.wanted();
        AttemptId expected = inFlight.expected();
        if (expected == null) {
            return Future.succeededFuture();
        }
        return blocking.call(() -> outcome(wanted, expected))
                .<Void>map(outcome -> {
                    if (outcome.isPresent() && !inFlight.resolution().isDone()) {
                        log.info("Found the end of {} in storage; its reply had not come", wanted.id());
                        inFlight.receive(outcome.get());
                    }
                    return null;
                })
                .otherwiseEmpty();
    }

    private Optional<JobReply.Outcome> outcome(WantedConversion wanted, AttemptId expected) {
        Optional<JobReply.Outcome> outcome = documents
                .conversionState(wanted.scope(), wanted.id())
                .outcomeOf(expected, wanted.parameters().refresh());
        if (outcome.isEmpty()
                && documents.findSource(wanted.scope(), wanted.id().source()).isEmpty()) {
            freeSlot(wanted, expected);
            return Optional.of(new JobReply.Failed(
                    wanted.accepted(expected).failed(new ConversionFailure.SourceMissing(), null, clock.instant())));
        }
        return outcome;
    }

    /** Nobody can want what is made of a source that was deleted. */
    private void freeSlot(WantedConversion wanted, AttemptId attempt) {
        jobs.publish(new CancelNotice(CancelNotice.VERSION, wanted.id(), wanted.scope(), attempt))
                .onFailure(failure -> log.debug("Workers were not told: {}", failure.getMessage()));
    }

    /** What Redis does not tell is left as it is. */
    private Future<Void> lookAtLease(InFlight inFlight, int round) {
        WantedConversion wanted = inFlight.wanted();
        return blocking.onContext(live.find(wanted.scope(), wanted.id()))
                .<Void>map(found -> {
                    judge(inFlight, round, found);
                    return null;
                })
                .otherwiseEmpty();
    }

    private static void judge(InFlight inFlight, int round, LiveAttempts.Found found) {
        if (found.lease() == null && found.mark() == null) {
            if (inFlight.isPublishing()) {
                return;
            }
            log.warn(
                    "Nobody publishes or runs {} any more, and it has not ended; publishing it anew",
                    inFlight.wanted().id());
            inFlight.openNext(round);
            return;
        }
        boolean refresh = inFlight.wanted().parameters().refresh();
        Lease lease = found.lease();
        if (lease != null && (!refresh || lease.refresh())) {
            inFlight.expectAlso(lease.attempt());
        }
        if (found.mark() != null && !refresh) {
            inFlight.expectAlso(found.mark().attempt());
        }
        if (lease == null || found.mark() != null || lease.state() == Lease.State.PUBLISHED) {
            inFlight.nowQueued(round);
        }
    }
}
