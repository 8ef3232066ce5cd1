package io.docmill.worker.job;

import io.docmill.platform.neighbour.Neighbour;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Redis as a job asks it: a short cut that takes longer than a second is none, and no failure of it fails a job. Thread-safe. */
final class RedisAnswers {
    private static final long LIMIT_MILLIS = 1_000;

    private final Neighbour redis;

    RedisAnswers(Neighbour redis) {
        this.redis = redis;
    }

    /** Makes a call, and waits for its answer unless Redis is known to be away; empty if there is none. */
    <T> Optional<T> tryFor(Supplier<CompletionStage<T>> call) {
        boolean wait = !redis.isAway();
        CompletionStage<T> answer = call.get();
        return wait ? waitFor(answer) : Optional.empty();
    }

    /** Makes a call and waits for its answer; empty if there is none. */
    <T> Optional<T> insistOn(Supplier<CompletionStage<T>> call) {
        return waitFor(call.get());
    }

    private <T> Optional<T> waitFor(CompletionStage<T> stage) {
        try {
            Future<T> future = stage.toCompletableFuture();
            T answer = future.get(LIMIT_MILLIS, TimeUnit.MILLISECONDS);
            redis.answered();
            return Optional.of(answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            redis.failed(e);
            return Optional.empty();
        }
    }
}
