package io.docmill.worker.job;

import static org.awaitility.Awaitility.await;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.security.ServiceKey;
import io.docmill.model.storage.ObjectKeys;
import io.docmill.platform.cache.DocumentCache;
import io.docmill.platform.cache.LiveAttempts;
import io.docmill.platform.cache.RedisConnection;
import io.docmill.platform.neighbour.Neighbours;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.platform.tracing.Tracing;
import io.docmill.worker.NeighbourProcesses;
import io.docmill.worker.QueueClient;
import io.docmill.worker.ScriptedEngine;
import io.docmill.worker.TestJobs;
import io.docmill.worker.WorkerSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A job handler beside real neighbours, and what a test sees of them. */
final class JobBench implements AutoCloseable {
    private final Path directory;
    private final NeighbourProcesses processes;
    private final WorkerSettings settings;
    private final ObjectStore objects;
    private final DocumentStore store;
    private final RedisConnection redis;
    private final ReplyPublisher replies;
    private final QueueClient queue;
    private final Neighbours neighbours = Neighbours.ofWorker();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    JobBench(Path directory) throws InterruptedException {
        this.directory = directory;
        processes = NeighbourProcesses.start(directory);
        settings = processes.settings(Map.of());
        objects = new ObjectStore(settings.storage());
        store = new DocumentStore(objects);
        redis = RedisConnection.open(settings.redis(), neighbours.redis());
        redis.awaitConnection(Duration.ofSeconds(10));
        replies = new ReplyPublisher(settings.kafka());
        queue = new QueueClient(settings.kafka());
    }

    JobHandler handler(ScriptedEngine engine) {
        return handler(engine, redis, neighbours);
    }

    /** A handler with a connection of its own to Redis. */
    JobHandler handler(ScriptedEngine engine, RedisConnection redis, Neighbours neighbours) {
        JobMetrics jobMetrics = new JobMetrics(metrics);
        return new JobHandler(
                new JobStorage(store, new DocumentCache(redis, Clock.systemUTC()), neighbours),
                new JobMarks(new LiveAttempts(redis), neighbours.redis()),
                new DocumentConverter(
                        engine, ServiceKey.of(settings.serviceKey().value()), 1L << 30, jobMetrics),
                new JobAnswers(replies, neighbours.kafka(), jobMetrics),
                Tracing.off(),
                directory.resolve("jobs"));
    }

    Ending handle(Delivery delivery, ScriptedEngine engine) {
        return handler(engine).handle(delivery, new Cancellation());
    }

    /** Begins a job on an engine and waits until that runs it. */
    RunningJob startAndAwaitRun(Delivery delivery, ScriptedEngine engine) {
        RunningJob running = RunningJob.start(handler(engine), delivery);
        await().atMost(Duration.ofSeconds(30)).until(() -> engine.plans().size() == 1);
        return running;
    }

    /** An engine that runs until it is killed. */
    static ScriptedEngine endless() {
        return new ScriptedEngine(1, (plan, outcome) -> {});
    }

    FailureRecord putFailure(ConversionJob job, ConversionFailure failure) {
        FailureRecord record = JobStorage.failureOf(job, failure, 0, Instant.now());
        store.putFailure(job.scope(), job.conversion(), record);
        return record;
    }

    List<String> keysOf(ConversionJob job) {
        return objects.keys(
                ObjectKeys.sourcePrefix(job.scope(), job.conversion().source()));
    }

    double ended(String outcome) {
        return metrics.find("docmill.conversions").tag("outcome", outcome).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    JobStorage storage() {
        return new JobStorage(store, new DocumentCache(redis, Clock.systemUTC()), neighbours);
    }

    NeighbourProcesses processes() {
        return processes;
    }

    DocumentStore store() {
        return store;
    }

    LiveAttempts attempts() {
        return new LiveAttempts(redis);
    }

    QueueClient queue() {
        return queue;
    }

    TestJobs jobs() {
        return new TestJobs(store);
    }

    Neighbours neighbours() {
        return neighbours;
    }

    @Override
    public void close() {
        queue.close();
        replies.close();
        redis.close();
        objects.close();
        processes.close();
    }
}
