package io.docmill.gateway.deadletter;

import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.gateway.conversion.ConversionAnswer;
import io.docmill.gateway.conversion.ConversionRequest;
import io.docmill.gateway.conversion.ConversionService;
import io.docmill.gateway.conversion.ConversionView;
import io.docmill.gateway.list.Page;
import io.docmill.model.conversion.ConversionOption;
import io.docmill.model.id.AttemptId;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.StoredDeadLetter;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.tracing.TraceSpan;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Jobs that were given up, for an operator. Fails with {@code StorageUnavailableException} when storage is away. */
public final class DeadLetters {
    private static final Logger log = LoggerFactory.getLogger(DeadLetters.class);

    private final DocumentStore documents;
    private final ConversionService conversions;
    private final BlockingCalls blocking;

    public DeadLetters(DocumentStore documents, ConversionService conversions, BlockingCalls blocking) {
        this.documents = documents;
        this.conversions = conversions;
        this.blocking = blocking;
    }

    /** All there are, newest first. */
    public Future<Page<StoredDeadLetter>> list(@Nullable AttemptId after, int limit) {
        return blocking.call(
                () -> Page.of(documents.listDeadLetters(after, limit + 1), limit, documents::findDeadLetter));
    }

    /** The letter of an attempt; empty if there is none. */
    public Future<Optional<StoredDeadLetter>> find(AttemptId attempt) {
        return blocking.call(() -> documents.findDeadLetter(attempt));
    }

    /**
     * Drops the letter of an attempt. What callers are told of the conversion stays.
     *
     * @return whether there was one
     */
    public Future<Boolean> drop(AttemptId attempt) {
        return blocking.call(() -> {
            boolean existed = documents.findDeadLetter(attempt).isPresent();
            documents.removeDeadLetter(attempt);
            return existed;
        });
    }

    /**
     * Has a job converted anew, as its caller could with {@code refresh}: whatever the last attempt came to. The letter goes once
     * the new attempt can't be lost any more; should that fail again, it leaves a letter of its own. Fails with {@code
     * QueueUnavailableException} when the queue is away.
     *
     * @param operatorLeft completed when who asked has gone; then the letter may stay, and be replayed again
     * @param requestId for the logs
     * @param span of the call
     */
    public Future<Replay> replay(AttemptId attempt, Future<?> operatorLeft, String requestId, TraceSpan span) {
        return find(attempt).compose(found -> {
            if (found.isEmpty()) {
                return Future.succeededFuture(new Replay.NotFound());
            }
            return found.get().hadPassword()
                    ? Future.succeededFuture(new Replay.PasswordGone())
                    : replay(found.get(), operatorLeft, requestId, span);
        });
    }

    private Future<Replay> replay(StoredDeadLetter letter, Future<?> operatorLeft, String requestId, TraceSpan span) {
        ConversionJob job = letter.job();
        var request = new ConversionRequest(
                job.scope(),
                job.conversion().source(),
                job.format().extension(),
                options(job),
                Duration.ZERO,
                false,
                operatorLeft,
                requestId,
                span);
        return conversions.convert(request).compose(answer -> {
            if (!(answer instanceof ConversionAnswer.Answered(ConversionView view))) {
                return Future.succeededFuture(new Replay.Refused(answer));
            }
            AttemptId next = attemptOf(view);
            log.atInfo()
                    .setMessage("A dead letter is replayed")
                    .addKeyValue("requestId", requestId)
                    .addKeyValue("conversion", job.conversion())
                    .addKeyValue("letter", job.attempt())
                    .addKeyValue("attempt", next)
                    .log();
            return blocking.run(() -> documents.removeDeadLetter(job.attempt()))
                    .map(_ -> new Replay.Accepted(letter, next));
        });
    }

    private static Map<String, String> options(ConversionJob job) {
        Map<String, String> options = new HashMap<>();
        job.options().values().forEach((field, value) -> options.put(field, value.asText()));
        options.put(ConversionOption.TIMEOUT.field(), String.valueOf(job.timeoutSeconds()));
        options.put(ConversionOption.REFRESH.field(), "true");
        return options;
    }

    private static AttemptId attemptOf(ConversionView view) {
        return switch (view) {
            case ConversionView.Pending pending -> pending.attempt();
            case ConversionView.Succeeded succeeded -> succeeded.artifact().attempt();
            case ConversionView.Failed failed -> failed.failure().attempt();
        };
    }
}
