package io.docmill.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.embedded.RedisProcess;
import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply.Succeeded;
import io.docmill.platform.cache.Lease;
import io.docmill.platform.cache.LiveAttempts;
import io.docmill.platform.cache.RedisConnection;
import io.docmill.platform.cache.RunningMark;
import io.docmill.platform.neighbour.Neighbours;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import io.docmill.worker.ScriptedEngine;
import io.docmill.worker.TestJobs;
import io.docmill.worker.job.Cancellation.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RunningMarksIT {
    private static final TestDocument DOCUMENT = TestDocuments.docx("Hello");

    private JobBench bench;
    private LiveAttempts attempts;
    private TestJobs jobs;
    private final ScriptedEngine engine = new ScriptedEngine(1, ScriptedEngine::convert);

    @BeforeAll
    void startNeighbours(@TempDir Path directory) throws InterruptedException {
        bench = new JobBench(directory);
        attempts = bench.attempts();
        jobs = bench.jobs();
    }

    @AfterAll
    void stopNeighbours() {
        bench.close();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private Optional<RunningMark> mark(Delivery delivery) {
        ConversionJob job = delivery.job();
        return get(attempts.mark(job.scope(), job.conversion(), delivery.mark(Instant.now()), null));
    }

    private void lease(ConversionJob job) {
        Lease claim = Lease.claimOf(job);
        get(attempts.claim(job.scope(), job.conversion(), claim, null));
        get(attempts.published(job.scope(), job.conversion(), claim));
    }

    private LiveAttempts.Found found(ConversionJob job) {
        return get(attempts.find(job.scope(), job.conversion()));
    }

    @Test
    void dropsAJobWhileAnotherRecordOfItsConversionRuns() throws InterruptedException {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        ConversionJob duplicate = TestJobs.again(job, 60, false);
        ScriptedEngine endless = JobBench.endless();
        RunningJob running = bench.startAndAwaitRun(Deliveries.of(job, 1, 1), endless);
        lease(duplicate);
        // When
        Ending ending = bench.handle(Deliveries.of(duplicate, 2, 1), engine);
        // Then
        assertThat(ending).isEqualTo(new Ending.Dropped());
        assertThat(engine.plans()).isEmpty();
        assertThat(found(job).lease()).isNull();
        assertThat(found(job).mark()).extracting(RunningMark::offset).isEqualTo(1L);
        assertThat(bench.queue().outcomesOf(duplicate.attempt())).isEmpty();
        assertThat(bench.ended("dropped")).isEqualTo(1);
        running.stop(Reason.SHUTDOWN);
        assertThat(running.awaitEnd(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void runsAtOnceWhatAWorkerDiedOf() {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        mark(Deliveries.of(job, 1, 1));
        ScriptedEngine next = new ScriptedEngine(1, ScriptedEngine::convert);
        // When
        Ending ending = bench.handle(Deliveries.of(job, 1, 2), next);
        // Then
        assertThat(ending).isEqualTo(new Ending.Answered());
        assertThat(next.plans()).hasSize(1);
        assertThat(found(job)).isEqualTo(new LiveAttempts.Found(null, null));
    }

    @Test
    void runsBesideTheMarkOfAnAttemptThatWasCanceled() {
        // Given
        ConversionJob canceled = jobs.docxToPdf(DOCUMENT);
        ConversionJob job = TestJobs.again(canceled, 60, false);
        mark(Deliveries.of(canceled, 1, 1));
        bench.putFailure(canceled, new ConversionFailure.Canceled());
        ScriptedEngine next = new ScriptedEngine(1, ScriptedEngine::convert);
        // When
        Ending ending = bench.handle(Deliveries.of(job, 2, 1), next);
        // Then
        assertThat(ending).isEqualTo(new Ending.Answered());
        assertThat(next.plans()).hasSize(1);
    }

    @Test
    void doesNotBeginWhatWasHandedOutAgainMeanwhile() {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        mark(Deliveries.of(job, 1, 2));
        ScriptedEngine former = new ScriptedEngine(1, ScriptedEngine::convert);
        // When
        Ending ending = bench.handle(Deliveries.of(job, 1, 1), former);
        // Then
        assertThat(ending).isEqualTo(new Ending.TakenOver());
        assertThat(former.plans()).isEmpty();
        assertThat(found(job).mark()).extracting(RunningMark::deliveryCount).isEqualTo(2);
    }

    @Test
    void stopsAtARenewalWhatWasHandedOutAgain() throws InterruptedException {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        RunningJob running = bench.startAndAwaitRun(Deliveries.of(job, 1, 1), JobBench.endless());
        // When
        mark(Deliveries.of(job, 1, 2));
        // Then
        assertThat(running.awaitEnd(Duration.ofSeconds(20))).isTrue();
        assertThat(running.ending()).isEqualTo(new Ending.TakenOver());
        assertThat(found(job).mark()).extracting(RunningMark::deliveryCount).isEqualTo(2);
        assertThat(bench.queue().outcomesOf(job.attempt())).isEmpty();
    }

    @Test
    void keepsItsMarkForAsLongAsItRuns() throws InterruptedException {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        RunningJob running = bench.startAndAwaitRun(Deliveries.first(job), JobBench.endless());
        // When
        boolean ended = running.awaitEnd(LiveAttempts.MARK_TTL.plusSeconds(3));
        // Then
        assertThat(ended).isFalse();
        assertThat(found(job).mark()).isNotNull();
        running.stop(Reason.SHUTDOWN);
        assertThat(running.awaitEnd(Duration.ofSeconds(10))).isTrue();
    }

    @Test
    void removesTheLeaseOfAJobThatNeedNotRun() {
        // Given
        ConversionJob ended = jobs.docxToPdf(DOCUMENT);
        jobs.putArtifact(ended);
        ConversionJob withoutSource = jobs.docxToPdf(DOCUMENT);
        bench.store()
                .deleteSource(withoutSource.scope(), withoutSource.conversion().source());
        lease(ended);
        lease(withoutSource);
        // When
        bench.handle(Deliveries.of(ended, 1, 1), engine);
        bench.handle(Deliveries.of(withoutSource, 2, 1), engine);
        // Then
        assertThat(found(ended).lease()).isNull();
        assertThat(found(withoutSource).lease()).isNull();
    }

    @Test
    void leavesALeaseAndNoMarkWhenItIsStopped() throws InterruptedException {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        lease(job);
        RunningJob running = bench.startAndAwaitRun(Deliveries.first(job), JobBench.endless());
        // When
        running.stop(Reason.SHUTDOWN);
        // Then
        assertThat(running.awaitEnd(Duration.ofSeconds(10))).isTrue();
        assertThat(running.ending()).isEqualTo(new Ending.Stopped(true));
        assertThat(found(job).mark()).isNull();
        assertThat(found(job).lease()).isNotNull();
    }

    @Test
    void runsWithoutRedisAndTellsWhenItIsStoppedThatAMarkMayBeLeft(@TempDir Path directory) throws Exception {
        // Given
        ConversionJob answered = jobs.docxToPdf(DOCUMENT);
        ConversionJob stopped = jobs.docxToPdf(DOCUMENT);
        Neighbours neighbours = Neighbours.ofWorker();
        ScriptedEngine next = new ScriptedEngine(1, ScriptedEngine::convert);
        ScriptedEngine endless = JobBench.endless();
        RedisProcess process = RedisProcess.start(directory);
        var settings = bench.processes()
                .settings(Map.of(
                        "docmill.redis.address", process.address(), "docmill.redis.password", process.password()));
        try (RedisConnection redis = RedisConnection.open(settings.redis(), neighbours.redis())) {
            redis.awaitConnection(Duration.ofSeconds(10));
            process.close();
            // When
            Ending ending =
                    bench.handler(next, redis, neighbours).handle(Deliveries.of(answered, 1, 1), new Cancellation());
            RunningJob running =
                    RunningJob.start(bench.handler(endless, redis, neighbours), Deliveries.of(stopped, 2, 1));
            await().until(() -> endless.plans().size() == 1);
            running.stop(Reason.SHUTDOWN);
            // Then
            assertThat(ending).isEqualTo(new Ending.Answered());
            assertThat(bench.queue().awaitReply(answered.attempt())).isInstanceOf(Succeeded.class);
            assertThat(running.awaitEnd(Duration.ofSeconds(10))).isTrue();
            assertThat(running.ending()).isEqualTo(new Ending.Stopped(false));
        }
        assertThat(next.plans()).hasSize(1);
    }
}
