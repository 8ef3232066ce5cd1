package io.docmill.gateway.blocking;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Runs calls that block (object storage, inspection) on virtual threads and brings their results back to the event loop
 * they were made from.
 */
public final class BlockingCalls implements AutoCloseable {
    private final Vertx vertx;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    public BlockingCalls(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Runs a call; its exception fails the future. */
    public <T> Future<T> call(Supplier<T> call) {
        return onContext(CompletableFuture.supplyAsync(call, threads));
    }

    /** Runs a call that gives nothing; its exception fails the future. */
    public Future<Void> run(Runnable call) {
        return onContext(CompletableFuture.runAsync(call, threads));
    }

    /** Brings what another client's threads complete back to the caller's event loop. */
    public <T> Future<T> onContext(CompletionStage<T> stage) {
        return Future.fromCompletionStage(stage, vertx.getOrCreateContext());
    }

    @Override
    public void close() {
        threads.shutdown();
    }
}
