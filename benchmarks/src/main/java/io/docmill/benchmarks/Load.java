package io.docmill.benchmarks;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.internal.VertxInternal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Callers of one server, on event loops of their own. */
final class Load implements AutoCloseable {
    private static final long LONGEST_MICROS = TimeUnit.MINUTES.toMicros(2);
    private static final Buffer FORM = Buffer.buffer("format=pdf");

    private final VertxInternal vertx = (VertxInternal) Vertx.vertx();
    private final HttpClient client;
    private final LongFunction<RequestOptions> requests;
    private final AtomicLong sent = new AtomicLong();

    /**
     * @param connections how many calls are under way at a time, at most
     * @param requests the first, the second, … request; each has the form that asks for a PDF
     */
    Load(int connections, LongFunction<RequestOptions> requests) {
        this.requests = requests;
        client = vertx.createHttpClient(
                new HttpClientOptions().setTcpNoDelay(true),
                new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(-1));
    }

    /** The request that converts a file. */
    static RequestOptions convert(int port, String key, String file) {
        return new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(port)
                .setURI("/v1/files/" + file + "/convert")
                .putHeader("X-API-Key", key)
                .putHeader("Content-Type", "application/x-www-form-urlencoded");
    }

    /**
     * What came back.
     *
     * @param micros latencies of all answers
     * @param answered answers with status 200
     * @param failed all else
     */
    record Outcome(Histogram micros, long answered, long failed) {
        double millisAt(double percentile) {
            return micros.getValueAtPercentile(percentile) / 1000.0;
        }
    }

    /**
     * Sends requests at a fixed rate, whether earlier ones were answered or not. A latency is counted from the moment at which its
     * request was due, so that what a slow answer delays counts too (coordinated omission).
     */
    Outcome atRate(int perSecond, Duration time) {
        Counter counter = new Counter();
        long begin = System.nanoTime();
        long total = perSecond * time.toMillis() / 1000;
        Promise<Void> done = Promise.promise();
        AtomicLong open = new AtomicLong(total);
        AtomicLong next = new AtomicLong();
        vertx.setPeriodic(1, timer -> {
            while (next.get() < total && due(begin, next.get(), perSecond) <= System.nanoTime()) {
                long dueAt = due(begin, next.getAndIncrement(), perSecond);
                call(counter, dueAt).onComplete(_ -> {
                    if (open.decrementAndGet() == 0) {
                        done.complete();
                    }
                });
            }
            if (next.get() >= total) {
                vertx.cancelTimer(timer);
            }
        });
        done.future().toCompletionStage().toCompletableFuture().join();
        return counter.outcome();
    }

    private static long due(long begin, long number, int perSecond) {
        return begin + number * 1_000_000_000L / perSecond;
    }

    /** Keeps so many callers busy for a time, each of which sends its next request when it has its answer. */
    Outcome saturate(int callers, Duration time) {
        return loop(callers, System.nanoTime() + time.toNanos(), Long.MAX_VALUE);
    }

    /** Sends so many requests, by so many callers. */
    Outcome times(int callers, long number) {
        return loop(callers, Long.MAX_VALUE, number);
    }

    private Outcome loop(int callers, long end, long most) {
        Counter counter = new Counter();
        AtomicLong left = new AtomicLong(most);
        Future<?>[] ends = new Future<?>[callers];
        for (int i = 0; i < callers; i++) {
            Promise<Void> ended = Promise.promise();
            ends[i] = ended.future();
            // A context of its own each: from a thread that has none, Vert.x would take one for all.
            vertx.createEventLoopContext().runOnContext(_ -> next(counter, left, end, ended));
        }
        Future.all(List.of(ends)).toCompletionStage().toCompletableFuture().join();
        return counter.outcome();
    }

    private void next(Counter counter, AtomicLong left, long end, Promise<Void> ended) {
        if (System.nanoTime() >= end || left.getAndDecrement() <= 0) {
            ended.complete();
            return;
        }
        call(counter, System.nanoTime()).onComplete(_ -> next(counter, left, end, ended));
    }

    private Future<Void> call(Counter counter, long since) {
        return Future.succeededFuture()
                .compose(_ -> client.request(requests.apply(sent.getAndIncrement())))
                .compose(request -> request.send(FORM))
                .compose(response -> response.body().map(_ -> response.statusCode()))
                .onSuccess(status -> counter.count(since, status == 200))
                .onFailure(_ -> counter.count(since, false))
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private static final class Counter {
        private final Histogram micros = new ConcurrentHistogram(LONGEST_MICROS, 3);
        private final AtomicLong answered = new AtomicLong();
        private final AtomicLong failed = new AtomicLong();

        void count(long since, boolean succeeded) {
            long time = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - since);
            micros.recordValue(Math.clamp(time, 1, LONGEST_MICROS));
            (succeeded ? answered : failed).incrementAndGet();
        }

        Outcome outcome() {
            return new Outcome(micros, answered.get(), failed.get());
        }
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
