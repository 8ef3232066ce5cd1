package io.docmill.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.id.AttemptId;
import io.docmill.model.job.CancelNotice;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply.Failed;
import io.docmill.model.job.JobReply.Succeeded;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import io.docmill.platform.cache.LiveAttempts;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import io.docmill.worker.ScriptedEngine;
import io.docmill.worker.TestJobs;
import io.docmill.worker.job.Cancellation.Reason;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CanceledJobIT {
    private static final TestDocument DOCUMENT = TestDocuments.docx("Hello");

    /** Within which a slot is to be free. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private JobBench bench;
    private TestJobs jobs;

    @BeforeAll
    void startNeighbours(@TempDir Path directory) throws InterruptedException {
        bench = new JobBench(directory);
        jobs = bench.jobs();
    }

    @AfterAll
    void stopNeighbours() {
        bench.close();
    }

    private static CancelNotice notice(ConversionJob job) {
        return new CancelNotice(CancelNotice.VERSION, job.conversion(), job.scope(), job.attempt());
    }

    @Test
    void killsARunAndAnswersWhatStorageSays() throws InterruptedException {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        RunningJob running = bench.startAndAwaitRun(Deliveries.first(job), JobBench.endless());
        FailureRecord canceled = bench.putFailure(job, new ConversionFailure.Canceled());
        // When
        running.cancel(notice(job));
        // Then
        assertThat(running.awaitEnd(LIMIT)).isTrue();
        assertThat(running.ending()).isEqualTo(new Ending.Answered());
        assertThat(bench.queue().awaitReply(job.attempt())).isEqualTo(new Failed(canceled));
        assertThat(bench.attempts()
                        .find(job.scope(), job.conversion())
                        .toCompletableFuture()
                        .join())
                .isEqualTo(new LiveAttempts.Found(null, null));
        assertThat(bench.ended("canceled")).isPositive();
    }

    @Test
    void answersAnArtifactThatCameBeforeTheCancel() throws InterruptedException {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        RunningJob running = bench.startAndAwaitRun(Deliveries.first(job), JobBench.endless());
        ArtifactRecord artifact = jobs.putArtifact(job);
        // When
        running.cancel(notice(job));
        // Then
        assertThat(running.awaitEnd(LIMIT)).isTrue();
        assertThat(bench.queue().awaitReply(job.attempt())).isEqualTo(new Succeeded(artifact));
    }

    @Test
    void doesNotRunWhatWasCanceledWhileItWaited() {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        FailureRecord canceled = bench.putFailure(job, new ConversionFailure.Canceled());
        ScriptedEngine engine = new ScriptedEngine(1, ScriptedEngine::convert);
        // When
        Ending ending = bench.handle(Deliveries.first(job), engine);
        // Then
        assertThat(ending).isEqualTo(new Ending.Answered());
        assertThat(bench.queue().awaitReply(job.attempt())).isEqualTo(new Failed(canceled));
        assertThat(engine.plans()).isEmpty();
    }

    @Test
    void leavesOtherJobsAlone() throws InterruptedException {
        // Given
        ConversionJob job = TestJobs.again(jobs.docxToPdf(DOCUMENT), 60, false);
        ConversionJob other = jobs.docxToPdf(DOCUMENT);
        AttemptId earlier = AttemptId.after(null);
        ConversionJob later = TestJobs.again(job, 60, false);
        RunningJob running = bench.startAndAwaitRun(Deliveries.first(later), JobBench.endless());
        // When
        running.cancel(notice(job));
        running.cancel(notice(other));
        running.cancel(new CancelNotice(CancelNotice.VERSION, other.conversion(), other.scope(), earlier));
        // Then
        assertThat(running.awaitEnd(Duration.ofSeconds(1))).isFalse();
        running.stop(Reason.SHUTDOWN);
        assertThat(running.awaitEnd(LIMIT)).isTrue();
        assertThat(running.ending()).isEqualTo(new Ending.Stopped(true));
    }

    @Test
    void answersAlsoWhileTheStoreIsAway() throws InterruptedException {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        RunningJob running = bench.startAndAwaitRun(Deliveries.first(job), JobBench.endless());
        bench.putFailure(job, new ConversionFailure.Canceled());
        bench.processes().stopStore();
        // When
        running.cancel(notice(job));
        boolean ended = running.awaitEnd(LIMIT);
        bench.processes().restartStore();
        // Then
        assertThat(ended).isTrue();
        assertThat(running.ending()).isEqualTo(new Ending.Answered());
        assertThat(bench.queue().awaitReply(job.attempt()))
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.failure().failure()).isEqualTo(new ConversionFailure.Canceled()));
    }

    @Test
    void freesASlotThatWaitsForTheStore() throws InterruptedException {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        ScriptedEngine engine = new ScriptedEngine(1, ScriptedEngine::convert);
        bench.putFailure(job, new ConversionFailure.Canceled());
        bench.processes().stopStore();
        RunningJob running = RunningJob.start(bench.handler(engine), Deliveries.first(job));
        await().until(() -> bench.neighbours().storage().isAway());
        // When
        running.cancel(notice(job));
        boolean ended = running.awaitEnd(LIMIT);
        bench.processes().restartStore();
        // Then
        assertThat(ended).isTrue();
        assertThat(running.ending()).isEqualTo(new Ending.Answered());
        assertThat(engine.plans()).isEmpty();
    }
}
