package io.docmill.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.conversion.ConversionFailure.WorkersLost;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply.Failed;
import io.docmill.model.job.JobReply.Succeeded;
import io.docmill.model.storage.ObjectKeys;
import io.docmill.platform.queue.QueueSetup;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.testing.documents.TestDocuments;
import io.docmill.worker.engine.ConversionEngine;
import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.plan.ConversionPlan;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class WorkerApplicationIT {
    private NeighbourProcesses processes;
    private ObjectStore objects;
    private QueueClient queue;
    private TestJobs jobs;
    private PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @BeforeEach
    void countFromZero() {
        metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    }

    @BeforeAll
    void startNeighbours(@TempDir Path directory) {
        processes = NeighbourProcesses.start(directory);
        WorkerSettings settings = processes.settings(Map.of());
        objects = new ObjectStore(settings.storage());
        queue = new QueueClient(settings.kafka());
        jobs = new TestJobs(new DocumentStore(objects));
    }

    @AfterAll
    void stopNeighbours() {
        queue.close();
        objects.close();
        processes.close();
    }

    /** First, because it is about a group that nobody ever joined. */
    @Test
    @Order(1)
    void convertsWithLibreOfficeWhatWasPublishedBeforeAnyWorkerJoined() throws IOException {
        // Given
        ConversionJob job = jobs.docxToPdf(TestDocuments.docx("Quarterly report"));
        queue.publish(job);
        // When
        try (WorkerApplication worker = WorkerApplication.start(
                processes.settings(Map.of("docmill.worker.slots", "1", "docmill.worker.sandbox", "none")), metrics)) {
            worker.awaitReady();
            // Then
            assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class);
            assertThat(worker.report().ready()).isTrue();
            assertThat(worker.report().details()).containsKeys("engine", "sandbox", "slots", "spare");
        }
        assertThat(textOf(ObjectKeys.artifact(job.scope(), job.conversion()))).contains("Quarterly report");
        assertThat(metrics.scrape())
                .contains("docmill_conversions_total{outcome=\"succeeded\",source=\"docx\",target=\"pdf\"}");
    }

    @Test
    void doesNotRunAJobThatWorkersDiedOf() {
        // Given
        ConversionJob job = jobs.docxToPdf(TestDocuments.docx("Hello"));
        queue.publish(job);
        queue.takeAndRelease(QueueSetup.DELIVERY_LIMIT - 1);
        ScriptedEngine engine = new ScriptedEngine(1, ScriptedEngine::convert);
        // When
        try (WorkerApplication worker = start(engine)) {
            worker.awaitReady();
            // Then
            assertThat(queue.awaitReply(job.attempt()))
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.failure().failure())
                                    .isEqualTo(new WorkersLost(QueueSetup.DELIVERY_LIMIT - 1)));
        }
        assertThat(engine.plans()).isEmpty();
        assertThat(objects.head(ObjectKeys.deadLetter(job.attempt()))).isPresent();
    }

    @Test
    void goesOnAfterARecordThatIsNoJob() {
        // Given
        ConversionJob job = jobs.docxToPdf(TestDocuments.docx("Hello"));
        queue.publish("key", "no job".getBytes(StandardCharsets.UTF_8));
        queue.publish(job);
        // When
        try (WorkerApplication worker = start(new ScriptedEngine(1, ScriptedEngine::convert))) {
            worker.awaitReady();
            // Then
            assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class);
            assertThat(metrics.scrape()).contains("docmill_queue_undecodable_total 1.0");
        }
    }

    @Test
    void onlyRepliesAgainToAJobThatIsDeliveredAgain() {
        // Given
        ConversionJob job = jobs.docxToPdf(TestDocuments.docx("Hello"));
        jobs.putArtifact(job);
        queue.publish(job);
        queue.takeAndRelease(1);
        ScriptedEngine engine = new ScriptedEngine(1, ScriptedEngine::convert);
        // When
        try (WorkerApplication worker = start(engine)) {
            worker.awaitReady();
            // Then
            assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class);
        }
        assertThat(engine.plans()).isEmpty();
    }

    @Test
    void runsAsManyJobsAtATimeAsThereAreSlots() {
        // Given
        List<ConversionJob> published = Stream.of("First", "Second", "Third", "Fourth")
                .map(text -> jobs.docxToPdf(TestDocuments.docx(text)))
                .toList();
        List<Runnable> waiting = new CopyOnWriteArrayList<>();
        ScriptedEngine engine =
                new ScriptedEngine(4, (plan, outcome) -> waiting.add(() -> ScriptedEngine.convert(plan, outcome)));
        // When
        try (WorkerApplication worker = start(engine)) {
            worker.awaitReady();
            published.forEach(queue::publish);
            await().atMost(Duration.ofSeconds(30)).until(() -> waiting.size() == published.size());
            waiting.forEach(Runnable::run);
            // Then
            assertThat(published)
                    .allSatisfy(
                            job -> assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class));
        }
    }

    @Test
    void passesOnWhatDoesNotEndInTimeAndCountsItAsNeverDelivered() {
        // Given
        ConversionJob job = jobs.docxToPdf(TestDocuments.docx("Slow"));
        ScriptedEngine endless = new ScriptedEngine(1, (plan, outcome) -> {});
        ScriptedEngine next = new ScriptedEngine(1, ScriptedEngine::convert);
        // When
        try (WorkerApplication worker = start(endless)) {
            worker.awaitReady();
            queue.publish(job);
            await().atMost(Duration.ofSeconds(30)).until(() -> endless.plans().size() == 1);
        }
        // Then
        assertThat(queue.outcomesOf(job.attempt())).isEmpty();
        try (WorkerApplication worker = start(next)) {
            worker.awaitReady();
            assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class);
        }
        assertThat(next.plans()).hasSize(1);
    }

    @Test
    void renewsAJobForAsLongAsItRuns() {
        // Given
        ConversionJob job = jobs.docxToPdf(TestDocuments.docx("Long"));
        ScriptedEngine engine = new ScriptedEngine(2, WorkerApplicationIT::convertAfterTheLockWouldHaveLapsed);
        // When
        try (WorkerApplication worker = start(engine)) {
            worker.awaitReady();
            queue.publish(job);
            // Then
            assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class);
        }
        assertThat(engine.plans()).hasSize(1);
    }

    private static void convertAfterTheLockWouldHaveLapsed(
            ConversionPlan plan, CompletableFuture<EngineOutcome> outcome) {
        CompletableFuture.delayedExecutor(QueueSetup.LOCK.toSeconds() + 5, TimeUnit.SECONDS)
                .execute(() -> ScriptedEngine.convert(plan, outcome));
    }

    private WorkerApplication start(ConversionEngine engine) {
        WorkerSettings settings = processes.settings(
                Map.of("docmill.worker.slots", String.valueOf(engine.slots()), "docmill.worker.drain-time", "1s"));
        return WorkerApplication.start(settings, metrics, _ -> engine);
    }

    private String textOf(String key) throws IOException {
        try (InputStream content = objects.open(key).orElseThrow();
                PDDocument pdf = Loader.loadPDF(content.readAllBytes())) {
            return new PDFTextStripper().getText(pdf);
        }
    }
}
