package io.docmill.gateway.deadletter;

import io.docmill.model.conversion.ConversionFailure.SourceMissing;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.ConversionState;
import io.docmill.model.job.JobReply;
import io.docmill.model.job.JobReply.Failed;
import io.docmill.model.job.JobReply.Outcome;
import io.docmill.model.job.StoredDeadLetter;
import io.docmill.model.record.FailureRecord;
import io.docmill.platform.cache.LiveAttempts;
import io.docmill.platform.neighbour.Neighbours;
import io.docmill.platform.queue.QueueUnavailableException;
import io.docmill.platform.storage.DocumentStore;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the attempts of jobs that the queue gave up, as a worker would have: in storage first, then with a reply to whoever waits.
 * A dead letter that is handled twice is answered twice, and written once. Thread-safe.
 */
public final class DeadLetterHandler {
    private static final Logger log = LoggerFactory.getLogger(DeadLetterHandler.class);

    /** What Redis holds lapses by itself; this is as long as it is waited for. */
    private static final long REDIS_LIMIT_MILLIS = 1_000;

    /** Longer than the producer tries. */
    private static final long PUBLICATION_LIMIT_SECONDS = 60;

    private final DocumentStore documents;
    private final LiveAttempts live;
    private final ReplyPublisher replies;
    private final Neighbours neighbours;
    private final Clock clock;
    private final DeadLetterMetrics metrics;

    public DeadLetterHandler(
            DocumentStore documents,
            LiveAttempts live,
            ReplyPublisher replies,
            Neighbours neighbours,
            Clock clock,
            DeadLetterMetrics metrics) {
        this.documents = documents;
        this.live = live;
        this.replies = replies;
        this.neighbours = neighbours;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * Ends the attempt of a dead letter. Blocks, while a neighbour is away for as long as that takes.
     *
     * @param stopped asked while a neighbour is away; true ends the wait
     * @throws java.util.concurrent.CancellationException if it was stopped; then the letter is to be handled again
     */
    public void handle(DeadLetter letter, BooleanSupplier stopped) {
        ConversionJob job = letter.job();
        Outcome outcome = neighbours.storage().patiently(stopped, () -> end(letter));
        await(live.release(job.scope(), job.conversion(), job.attempt()));
        JobReply reply = new JobReply(JobReply.VERSION, job.conversion(), job.scope(), outcome);
        neighbours.kafka().patiently(stopped, () -> {
            publish(reply);
            return true;
        });
    }

    /** How the attempt has ended, or ends now. */
    private Outcome end(DeadLetter letter) {
        ConversionJob job = letter.job();
        if (documents.findSource(job.scope(), job.conversion().source()).isEmpty()) {
            // Nothing is written below a source that was deleted.
            metrics.count(DeadLetterMetrics.Outcome.SOURCE_MISSING);
            return new Failed(job.failed(new SourceMissing(), 0, null, clock.instant()));
        }
        ConversionState state = documents.conversionState(job.scope(), job.conversion());
        Optional<Outcome> ended = state.outcomeOf(job.attempt(), job.refresh());
        if (ended.isPresent()) {
            metrics.count(DeadLetterMetrics.Outcome.ENDED_BEFORE);
            return ended.get();
        }
        return new Failed(giveUp(letter, state));
    }

    private FailureRecord giveUp(DeadLetter letter, ConversionState state) {
        ConversionJob job = letter.job();
        FailureRecord failure = job.failed(letter.failure(), state.consecutiveFailures(), null, clock.instant());
        documents.putDeadLetter(StoredDeadLetter.of(job, failure, letter.deliveries()));
        documents.putFailure(job.scope(), job.conversion(), failure);
        metrics.count(DeadLetterMetrics.Outcome.GIVEN_UP);
        log.atError()
                .setMessage(
                        "The queue gave a job up. Its attempt has failed; look at its dead letter: docmill dead-letters show ATTEMPT")
                .addKeyValue("requestId", job.requestId())
                .addKeyValue("conversion", job.conversion())
                .addKeyValue("attempt", job.attempt())
                .addKeyValue("source", job.sourceFormat().extension())
                .addKeyValue("target", job.format().extension())
                .addKeyValue("outcome", failure.failure().label())
                .addKeyValue("deliveries", letter.deliveries())
                .log();
        return failure;
    }

    private void publish(JobReply reply) {
        try {
            replies.publish(reply)
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(PUBLICATION_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QueueUnavailableException("interrupted while publishing a reply", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new QueueUnavailableException("Kafka did not take a reply: " + e, e);
        }
    }

    /** Redis never stops anything. */
    private static void await(CompletionStage<?> call) {
        try {
            call.toCompletableFuture().get(REDIS_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.debug("Redis was not told of the end of a dead letter: {}", e.toString());
        }
    }
}
