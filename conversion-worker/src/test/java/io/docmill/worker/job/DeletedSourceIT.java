package io.docmill.worker.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionFailure.SourceMissing;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply.Failed;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import io.docmill.worker.ScriptedEngine;
import io.docmill.worker.TestJobs;
import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.engine.EngineUsage;
import io.docmill.worker.plan.ConversionPlan;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeletedSourceIT {
    private static final TestDocument DOCUMENT = TestDocuments.docx("Hello");

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

    private void delete(ConversionJob job) {
        bench.store().deleteSource(job.scope(), job.conversion().source());
    }

    private void assertNothingIsLeft(ConversionJob job) {
        assertThat(bench.queue().awaitReply(job.attempt()))
                .isInstanceOfSatisfying(
                        Failed.class,
                        failed -> assertThat(failed.failure().failure()).isEqualTo(new SourceMissing()));
        assertThat(bench.keysOf(job)).isEmpty();
    }

    @Test
    void leavesNoResult() {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        ScriptedEngine engine = new ScriptedEngine(1, (plan, outcome) -> {
            delete(job);
            ScriptedEngine.convert(plan, outcome);
        });
        // When
        bench.handle(Deliveries.first(job), engine);
        // Then
        assertNothingIsLeft(job);
    }

    @Test
    void leavesNoFailure() {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        ScriptedEngine engine =
                new ScriptedEngine(1, (ConversionPlan plan, CompletableFuture<EngineOutcome> outcome) -> {
                    delete(job);
                    outcome.complete(new EngineOutcome.LoadRefused(EngineUsage.NONE));
                });
        // When
        bench.handle(Deliveries.first(job), engine);
        // Then
        assertNothingIsLeft(job);
    }

    @Test
    void removesAFailureWhoseSourceWentBeforeItWasWritten() {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        delete(job);
        JobStorage storage = bench.storage();
        // When
        boolean kept = storage.keepFailure(
                job,
                JobStorage.failureOf(job, new ConversionFailure.Corrupt(), 0, job.createdAt()),
                new Cancellation());
        // Then
        assertThat(kept).isFalse();
        assertThat(bench.keysOf(job)).isEmpty();
    }

    @Test
    void removesWhatAWorkerLeftThatDiedBeforeItSawTheDelete() {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        delete(job);
        jobs.putArtifact(job);
        bench.putFailure(job, new ConversionFailure.Corrupt());
        // When
        bench.handle(Deliveries.of(job, 1, 2), new ScriptedEngine(1, ScriptedEngine::convert));
        // Then
        assertNothingIsLeft(job);
    }
}
