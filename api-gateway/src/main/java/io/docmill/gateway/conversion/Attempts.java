package io.docmill.gateway.conversion;

import io.docmill.gateway.admission.QueueBusyException;
import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.gateway.conversion.InFlight.Resolution;
import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.id.AttemptId;
import io.docmill.model.job.JobReply;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.RequestRecord;
import io.docmill.platform.queue.QueueUnavailableException;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.tracing.TraceSpan;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Attempts that callers wait for. A caller joins the wait of equal callers, and past its own wait is told to come back: from then
 * on the attempt must end visibly, so it is written down first.
 */
final class Attempts {
    /** Who does not wait still waits until the queue has the job, for so long at most. */
    private static final Duration PATIENCE_WITH_THE_QUEUE = Duration.ofSeconds(10);

    /** For an attempt that was opened instead of a canceled one when the wait was nearly over. */
    private static final Duration PATIENCE_WITH_THE_NEXT = Duration.ofSeconds(5);

    private static final long PAUSE_BEFORE_THE_NEXT_MILLIS = 20;

    private final Vertx vertx;
    private final DocumentStore documents;
    private final InFlightConversions conversions;
    private final AttemptOpening opening;
    private final AttemptWatch watch;
    private final Answers answers;
    private final BlockingCalls blocking;
    private final Clock clock;

    Attempts(
            Vertx vertx,
            DocumentStore documents,
            InFlightConversions conversions,
            AttemptOpening opening,
            AttemptWatch watch,
            Answers answers,
            BlockingCalls blocking,
            Clock clock) {
        this.vertx = vertx;
        this.documents = documents;
        this.conversions = conversions;
        this.opening = opening;
        this.watch = watch;
        this.answers = answers;
        this.blocking = blocking;
        this.clock = clock;
    }

    /**
     * Joins or begins an attempt and waits for its end; past the wait it is told as pending and goes on.
     *
     * @param callerLeft completed when the caller has gone: then nobody waits, and the future fails
     */
    Future<ConversionView> await(WantedConversion wanted, Duration wait, Future<?> callerLeft) {
        Instant waitEnd = clock.instant().plus(wait);
        Instant patienceEnd = clock.instant().plus(PATIENCE_WITH_THE_QUEUE);
        return await(new Caller(wanted, waitEnd, later(waitEnd, patienceEnd), callerLeft));
    }

    /**
     * One who waits.
     *
     * @param waitEnd until when for the result
     * @param patienceEnd until when for the queue to take the job
     */
    private record Caller(WantedConversion wanted, Instant waitEnd, Instant patienceEnd, Future<?> left) {}

    private Future<ConversionView> await(Caller caller) {
        InFlight inFlight = conversions.join(caller.wanted(), opening::open);
        TraceSpan first = inFlight.wanted().span();
        if (caller.wanted().span() != first) {
            caller.wanted().span().joined(first);
        }
        return within(inFlight.resolution(), caller.waitEnd(), caller.left())
                .compose(resolution ->
                        resolution.isPresent() ? answer(caller, resolution.get()) : accept(caller, inFlight))
                .onComplete(_ -> conversions.leave(inFlight))
                // The refusal was of another caller, whose wait this one had joined.
                .recover(failure -> failure instanceof QueueBusyException
                                && !caller.wanted().refusable()
                        ? await(caller)
                        : Future.failedFuture(failure));
    }

    /** Who allows more time than the attempt that was joined had is not answered with its running out of time. */
    private Future<ConversionView> answer(Caller caller, Resolution resolution) {
        WantedConversion wanted = caller.wanted();
        if (resolution.outcome() instanceof JobReply.Failed(FailureRecord failed)
                && failed.failure() instanceof ConversionFailure.TooComplex tooComplex
                && tooComplex.timeoutSeconds() < wanted.parameters().timeout().toSeconds()) {
            return await(new Caller(wanted.touched(), caller.waitEnd(), caller.patienceEnd(), caller.left()));
        }
        return Future.succeededFuture(answers.view(
                wanted.scope(),
                wanted.id(),
                wanted.source(),
                resolution.outcome(),
                resolution.cached(),
                !wanted.parameters().refresh()));
    }

    /** Waits until the queue has the job, looks once more, and tells the caller to come back. */
    private Future<ConversionView> accept(Caller caller, InFlight inFlight) {
        Instant end = later(caller.patienceEnd(), inFlight.roundBegin().plus(PATIENCE_WITH_THE_NEXT));
        return within(CompletableFuture.anyOf(inFlight.queued(), inFlight.resolution()), end, caller.left())
                // A canceled attempt is followed by the next.
                .recover(failure ->
                        isCanceled(failure) ? Future.succeededFuture(Optional.empty()) : Future.failedFuture(failure))
                .compose(_ -> watch.look(inFlight))
                .compose(_ -> {
                    if (inFlight.resolution().isDone()) {
                        return blocking.onContext(inFlight.resolution())
                                .compose(resolution -> answer(caller, resolution));
                    }
                    AttemptId attempt = inFlight.queuedAttempt();
                    if (attempt != null) {
                        return accept(caller.wanted(), attempt);
                    }
                    return clock.instant().isBefore(end)
                            // Not at once: what has just been canceled may be canceled again.
                            ? vertx.timer(PAUSE_BEFORE_THE_NEXT_MILLIS, TimeUnit.MILLISECONDS)
                                    .compose(_ -> accept(caller, inFlight))
                            : Future.failedFuture(new QueueUnavailableException(
                                    "The job of %s could not be published within the caller's wait"
                                            .formatted(caller.wanted().id()),
                                    null));
                });
    }

    private static boolean isCanceled(Throwable failure) {
        return failure instanceof CancellationException;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private Future<ConversionView> accept(WantedConversion wanted, AttemptId attempt) {
        RequestRecord request = wanted.accepted(attempt);
        return blocking.call(() -> {
            Optional<RequestRecord> present = documents.findRequest(wanted.scope(), wanted.id());
            if (present.isEmpty() || !present.get().attempt().isSameOrLaterThan(attempt)) {
                documents.putRequest(wanted.scope(), wanted.id(), request);
            }
            if (!documents.keepWhileSourceStays(wanted.scope(), wanted.id())) {
                return new ConversionView.Failed(wanted.id(), sourceMissing(request));
            }
            return new ConversionView.Pending(
                    wanted.id(), request.format(), request.options(), attempt, request.createdAt(), null);
        });
    }

    private FailureRecord sourceMissing(RequestRecord request) {
        return request.failed(new ConversionFailure.SourceMissing(), null, clock.instant());
    }

    /** Waits for a stage; empty past the end. Fails when the stage fails or the caller has left. */
    private <T> Future<Optional<T>> within(CompletionStage<T> stage, Instant end, Future<?> callerLeft) {
        Promise<Optional<T>> promise = Promise.promise();
        long millis = Math.max(1, Duration.between(clock.instant(), end).toMillis());
        long timer = vertx.setTimer(millis, _ -> promise.tryComplete(Optional.empty()));
        callerLeft.onComplete(_ -> promise.tryFail(new CallerLeftException(null)));
        blocking.onContext(stage).onComplete(ended -> {
            if (ended.succeeded()) {
                promise.tryComplete(Optional.of(ended.result()));
            } else {
                promise.tryFail(causeOf(ended.cause()));
            }
        });
        return promise.future().onComplete(_ -> vertx.cancelTimer(timer));
    }

    /** A stage that depends on another one tells its failure wrapped. */
    private static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }
}
