package io.docmill.gateway.conversion;

import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.gateway.conversion.InFlightConversions.InFlight;
import io.docmill.gateway.conversion.InFlightConversions.Resolution;
import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.id.AttemptId;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.ConversionState;
import io.docmill.model.job.JobReply;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.RequestRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.model.security.ServiceKey;
import io.docmill.platform.queue.QueueUnavailableException;
import io.docmill.platform.storage.DocumentStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Attempts that callers wait for: each begins with a look at storage, then publishes a job, and ends with a reply, or with
 * what a later look at storage finds, so that a lost reply costs seconds and never an answer.
 */
public final class Attempts {
    private static final Logger log = LoggerFactory.getLogger(Attempts.class);

    /** When storage is looked at while a reply is awaited, counted from the publication; then every 10 s. */
    private static final Duration[] FIRST_LOOKS = {Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(11)
    };

    private static final Duration LATER_LOOKS = Duration.ofSeconds(10);

    /** How long the publication of a job is awaited, past the caller's own wait, before that is told to come back. */
    private static final Duration LONGEST_PUBLICATION = Duration.ofSeconds(5);

    /** A published job that nothing was heard of for so long is not waited for any more; the next request begins anew. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(10);

    private final Vertx vertx;
    private final DocumentStore documents;
    private final JobPublisher jobs;
    private final InFlightConversions inFlightConversions;
    private final ServiceKey serviceKey;
    private final Answers answers;
    private final BlockingCalls blocking;
    private final Clock clock;

    public Attempts(
            Vertx vertx,
            DocumentStore documents,
            JobPublisher jobs,
            InFlightConversions inFlightConversions,
            ServiceKey serviceKey,
            Answers answers,
            BlockingCalls blocking,
            Clock clock) {
        this.vertx = vertx;
        this.documents = documents;
        this.jobs = jobs;
        this.inFlightConversions = inFlightConversions;
        this.serviceKey = serviceKey;
        this.answers = answers;
        this.blocking = blocking;
        this.clock = clock;
    }

    /** Joins or begins an attempt and waits for its end; past the wait it is told as pending and goes on. */
    Future<ConversionView> await(WantedConversion wanted, Duration wait) {
        InFlight inFlight = inFlightConversions.join(wanted.key(), clock.instant(), begun -> begin(wanted, begun));
        inFlight.waiting().incrementAndGet();
        Instant since = clock.instant();
        return orNothingWithin(inFlight, wait)
                .onComplete(_ -> inFlight.waiting().decrementAndGet())
                .compose(resolution -> {
                    if (resolution.isEmpty()) {
                        return accept(wanted, inFlight);
                    }
                    if (answers(wanted, resolution.get())) {
                        return Future.succeededFuture(view(wanted, resolution.get()));
                    }
                    Duration left = wait.minus(Duration.between(since, clock.instant()));
                    return await(wanted, left.isNegative() ? Duration.ZERO : left);
                });
    }

    /** Who allows more time than the attempt that was joined had is not answered with its running out of time. */
    private static boolean answers(WantedConversion wanted, Resolution resolution) {
        return !(resolution.outcome() instanceof JobReply.Failed(FailureRecord failed)
                && failed.failure() instanceof ConversionFailure.TooComplex tooComplex
                && tooComplex.timeoutSeconds() < wanted.parameters().timeout().toSeconds());
    }

    private ConversionView view(WantedConversion wanted, Resolution resolution) {
        return answers.view(wanted.scope(), wanted.id(), wanted.source(), resolution.outcome(), resolution.cached());
    }

    private Future<Optional<Resolution>> orNothingWithin(InFlight inFlight, Duration wait) {
        Promise<Optional<Resolution>> promise = Promise.promise();
        long timer = vertx.setTimer(Math.max(1, wait.toMillis()), _ -> promise.tryComplete(Optional.empty()));
        blocking.onContext(inFlight.resolution()).onComplete(ended -> {
            vertx.cancelTimer(timer);
            if (ended.succeeded()) {
                promise.tryComplete(Optional.of(ended.result()));
            } else {
                promise.tryFail(ended.cause());
            }
        });
        return promise.future();
    }

    /** Who does not want to wait at all waits for this all the same: until then the job could be lost. */
    private Future<Void> publicationOf(InFlight inFlight) {
        Promise<Void> promise = Promise.promise();
        long timer = vertx.setTimer(LONGEST_PUBLICATION.toMillis(), _ -> promise.tryComplete());
        blocking.onContext(inFlight.publication()).onComplete(_ -> {
            vertx.cancelTimer(timer);
            promise.tryComplete();
        });
        return promise.future();
    }

    private void begin(WantedConversion wanted, InFlight inFlight) {
        blocking.call(() -> documents.conversionState(wanted.scope(), wanted.id()))
                .compose(state -> {
                    Optional<JobReply.Outcome> known =
                            wanted.parameters().refresh() ? Optional.empty() : knownOutcome(wanted, state);
                    if (known.isPresent()) {
                        inFlight.resolution().complete(new Resolution(known.get(), true));
                        return Future.succeededFuture();
                    }
                    return publish(
                            wanted,
                            inFlight,
                            AttemptId.after(state.latestAttempt().orElse(null)));
                })
                .onFailure(inFlight.resolution()::completeExceptionally);
    }

    private Optional<JobReply.Outcome> knownOutcome(WantedConversion wanted, ConversionState state) {
        if (state.artifact() != null) {
            return Optional.of(new JobReply.Succeeded(state.artifact()));
        }
        FailureRecord failure = state.failure();
        return failure != null && failure.answers(wanted.parameters().timeout(), clock.instant())
                ? Optional.of(new JobReply.Failed(failure))
                : Optional.empty();
    }

    private Future<Void> publish(WantedConversion wanted, InFlight inFlight, AttemptId attempt) {
        inFlight.expect(attempt);
        return jobs.publish(job(wanted, inFlight, attempt))
                .onSuccess(_ -> {
                    inFlight.published();
                    lookLater(wanted, inFlight, 0);
                })
                .recover(cause -> Future.failedFuture(
                        new QueueUnavailableException("Kafka did not take the job of " + wanted.id(), cause)));
    }

    private ConversionJob job(WantedConversion wanted, InFlight inFlight, AttemptId attempt) {
        var parameters = wanted.parameters();
        String password = parameters.password();
        return new ConversionJob(
                ConversionJob.VERSION,
                attempt,
                wanted.id(),
                wanted.scope(),
                wanted.source().format(),
                parameters.format(),
                parameters.options(),
                Math.toIntExact(parameters.timeout().toSeconds()),
                parameters.refresh(),
                password == null ? null : serviceKey.sealPassword(password, attempt.toString()),
                inFlight.since().truncatedTo(ChronoUnit.MILLIS),
                wanted.requestId());
    }

    private void lookLater(WantedConversion wanted, InFlight inFlight, int looks) {
        Duration pause;
        if (looks == 0) {
            pause = FIRST_LOOKS[0];
        } else if (looks < FIRST_LOOKS.length) {
            pause = FIRST_LOOKS[looks].minus(FIRST_LOOKS[looks - 1]);
        } else {
            pause = LATER_LOOKS;
        }
        vertx.setTimer(pause.toMillis(), _ -> {
            if (inFlight.resolution().isDone()) {
                return;
            }
            if (inFlight.since().plus(LONGEST_WAIT).isBefore(clock.instant())) {
                inFlight.resolution()
                        .completeExceptionally(new QueueUnavailableException(
                                "Nothing was heard of the job of " + wanted.id() + " for " + LONGEST_WAIT, null));
                return;
            }
            Future<?> look = inFlight.waiting().get() > 0 ? look(wanted, inFlight) : Future.succeededFuture();
            look.onComplete(_ -> lookLater(wanted, inFlight, looks + 1));
        });
    }

    /** Looks at storage; an outcome that is there resolves the wait. An outage is passed over: there are more looks. */
    private Future<Void> look(WantedConversion wanted, InFlight inFlight) {
        AttemptId attempt = inFlight.attempt();
        if (attempt == null) {
            return Future.succeededFuture();
        }
        return blocking.call(() -> documents.conversionState(wanted.scope(), wanted.id()))
                .map(state -> {
                    state.outcomeOf(attempt, wanted.parameters().refresh()).ifPresent(outcome -> {
                        if (inFlight.resolution().complete(new Resolution(outcome, false))) {
                            log.info("Found the end of {} in storage; its reply had not come", wanted.id());
                        }
                    });
                    return null;
                });
    }

    /** The caller is told to come back: from here on the attempt must end visibly, so it is written down first. */
    private Future<ConversionView> accept(WantedConversion wanted, InFlight inFlight) {
        return publicationOf(inFlight).compose(_ -> look(wanted, inFlight)).compose(_ -> {
            if (inFlight.resolution().isDone()) {
                return blocking.onContext(inFlight.resolution()).map(resolution -> view(wanted, resolution));
            }
            AttemptId attempt = inFlight.attempt();
            if (attempt == null || !inFlight.isPublished()) {
                return Future.failedFuture(new QueueUnavailableException(
                        "The job of " + wanted.id() + " could not be published within the caller's wait", null));
            }
            var parameters = wanted.parameters();
            Instant since = inFlight.since().truncatedTo(ChronoUnit.MILLIS);
            var request = new RequestRecord(
                    StoredRecord.VERSION,
                    attempt,
                    parameters.format(),
                    parameters.options(),
                    wanted.source().format(),
                    Math.toIntExact(parameters.timeout().toSeconds()),
                    parameters.refresh(),
                    parameters.password() != null,
                    since);
            return blocking.run(() -> documents.putRequest(wanted.scope(), wanted.id(), request))
                    .map(_ -> new ConversionView.Pending(
                            wanted.id(), parameters.format(), parameters.options(), attempt, since));
        });
    }
}
