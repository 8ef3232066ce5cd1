package io.docmill.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.embedded.RedisProcess;
import io.docmill.model.conversion.ConversionFailure.Canceled;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply.Failed;
import io.docmill.model.job.JobReply.Succeeded;
import io.docmill.model.job.MessageCodec;
import io.docmill.model.job.Topics;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.testing.documents.TestDocuments;
import io.docmill.testing.services.Signals;
import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.plan.ConversionPlan;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedQueueIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    private NeighbourProcesses processes;
    private ObjectStore objects;
    private DocumentStore store;
    private QueueClient queue;
    private TestJobs jobs;
    private SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @BeforeAll
    void startNeighbours(@TempDir Path directory) {
        processes = NeighbourProcesses.start(directory);
        WorkerSettings settings = processes.settings(Map.of());
        objects = new ObjectStore(settings.storage());
        store = new DocumentStore(objects);
        queue = new QueueClient(settings.kafka());
        jobs = new TestJobs(store);
    }

    @BeforeEach
    void countFromZero() {
        metrics = new SimpleMeterRegistry();
    }

    @AfterAll
    void stopNeighbours() {
        queue.close();
        objects.close();
        processes.close();
    }

    private WorkerApplication start(ScriptedEngine engine, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("docmill.worker.slots", String.valueOf(engine.slots()));
        settings.put("docmill.worker.drain-time", "1s");
        WorkerApplication worker = WorkerApplication.start(processes.settings(settings), metrics, _ -> engine);
        worker.awaitReady();
        return worker;
    }

    private static void awaitRuns(ScriptedEngine engine, int runs) {
        await().atMost(LONG).until(() -> engine.plans().size() == runs);
    }

    /** An engine whose first run takes until it is killed or told to end, while all others convert at once. */
    private static ScriptedEngine firstWaits(int slots, CompletableFuture<Void> end) {
        CompletableFuture<Void> begun = new CompletableFuture<>();
        return new ScriptedEngine(slots, (ConversionPlan plan, CompletableFuture<EngineOutcome> outcome) -> {
            if (begun.complete(null)) {
                var _ = end.thenRun(() -> ScriptedEngine.convert(plan, outcome));
            } else {
                ScriptedEngine.convert(plan, outcome);
            }
        });
    }

    private double ended(String outcome) {
        return metrics.find("docmill.conversions").tag("outcome", outcome).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    @Test
    void runsAJobOnceThatWasPublishedTwice() {
        // Given
        ConversionJob job = jobs.docxToPdf(TestDocuments.docx("Twice"));
        CompletableFuture<Void> end = new CompletableFuture<>();
        ScriptedEngine engine = firstWaits(2, end);
        // When
        try (WorkerApplication _ = start(engine, Map.of())) {
            queue.publish(job);
            awaitRuns(engine, 1);
            queue.publish(job);
            await().atMost(LONG).until(() -> ended("dropped") == 1);
            end.complete(null);
            // Then
            assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class);
        }
        assertThat(engine.plans()).hasSize(1);
        assertThat(queue.outcomesOf(job.attempt())).hasSize(1);
    }

    @Test
    void givesEveryTopicToTheSlotsOfWorkersThatAreAllAlike(@TempDir Path first, @TempDir Path second) {
        // Given
        ConversionJob job = jobs.docxToPdf(TestDocuments.docx("One"));
        ConversionJob other = jobs.docxToPdf(TestDocuments.docx("Another"));
        List<Runnable> running = new CopyOnWriteArrayList<>();
        ScriptedEngine engine =
                new ScriptedEngine(1, (plan, outcome) -> running.add(() -> ScriptedEngine.convert(plan, outcome)));
        // When
        try (WorkerApplication _ = start(engine, Map.of("docmill.worker.work-directory", first.toString()));
                WorkerApplication _ = start(engine, Map.of("docmill.worker.work-directory", second.toString()))) {
            // Then
            Set<String> all = Set.of(Topics.INTERACTIVE_JOBS, Topics.BATCH_JOBS);
            Set<String> nothing = Set.of(Topics.NOTHING);
            // The group is unknown before its first member has joined.
            await().atMost(LONG)
                    .ignoreExceptions()
                    .untilAsserted(() ->
                            assertThat(queue.assignedTopics()).containsExactlyInAnyOrder(all, all, nothing, nothing));
            // When
            queue.publish(job);
            queue.publish(other);
            // Then
            await().atMost(LONG).until(() -> running.size() == 2);
            running.forEach(Runnable::run);
            assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class);
            assertThat(queue.awaitReply(other.attempt())).isInstanceOf(Succeeded.class);
        }
    }

    @Test
    void rejectsWhatIsPublishedWhereNothingBelongs() {
        // Given
        ConversionJob job = jobs.docxToPdf(TestDocuments.docx("Astray"));
        long before = queue.deadLetters();
        ScriptedEngine engine = new ScriptedEngine(1, ScriptedEngine::convert);
        // When
        try (WorkerApplication _ = start(engine, Map.of())) {
            queue.publish(Topics.NOTHING, "key", MessageCodec.encode(job));
            // Then
            await().atMost(LONG).until(() -> queue.deadLetters() == before + 1);
        }
        assertThat(engine.plans()).isEmpty();
    }

    @Test
    void givesTheSlotOfACanceledJobToTheNext() {
        // Given
        ConversionJob job = jobs.docxToPdf(TestDocuments.docx("Canceled"));
        ConversionJob next = jobs.docxToPdf(TestDocuments.docx("Next"));
        ScriptedEngine engine = firstWaits(1, new CompletableFuture<>());
        // When
        try (WorkerApplication _ = start(engine, Map.of())) {
            queue.publish(job);
            awaitRuns(engine, 1);
            queue.publish(next);
            store.putFailure(job.scope(), job.conversion(), canceled(job));
            queue.cancel(job);
            // Then
            assertThat(queue.awaitReply(next.attempt())).isInstanceOf(Succeeded.class);
            assertThat(queue.awaitReply(job.attempt()))
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.failure().failure()).isEqualTo(new Canceled()));
        }
        assertThat(engine.plans()).hasSize(2);
    }

    private static FailureRecord canceled(ConversionJob job) {
        return new FailureRecord(
                StoredRecord.VERSION,
                job.attempt(),
                job.format(),
                job.options(),
                new Canceled(),
                0,
                job.createdAt(),
                null,
                Instant.now(),
                null);
    }

    @Test
    void givesBackWhoseMarkItCannotRemoveAndTheNextWorkerRunsIt(@TempDir Path directory)
            throws IOException, InterruptedException {
        // Given
        ConversionJob job = jobs.docxToPdf(TestDocuments.docx("Slow"));
        ScriptedEngine endless = new ScriptedEngine(1, (plan, outcome) -> {});
        ScriptedEngine next = new ScriptedEngine(1, ScriptedEngine::convert);
        try (RedisProcess redis = RedisProcess.start(directory)) {
            Map<String, String> settings =
                    Map.of("docmill.redis.address", redis.address(), "docmill.redis.password", redis.password());
            // When
            try (WorkerApplication worker = start(endless, settings)) {
                await().atMost(LONG)
                        .until(() -> "answers".equals(worker.report().details().get("redis")));
                queue.publish(job);
                awaitRuns(endless, 1);
                signal(redis, "STOP");
            }
            signal(redis, "CONT");
            // Then
            try (WorkerApplication _ = start(next, settings)) {
                assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class);
            }
        }
        assertThat(next.plans()).hasSize(1);
    }

    /** A Redis that hangs keeps its marks. */
    private static void signal(RedisProcess redis, String name) {
        assertThat(Signals.send(name, ProcessHandle.of(redis.pid()).orElseThrow()))
                .isTrue();
    }
}
