package io.docmill.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.embedded.EmbeddedKafka;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply.Succeeded;
import io.docmill.platform.queue.QueueSetup;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.testing.documents.TestDocuments;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkerOutagesIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    private NeighbourProcesses processes;
    private ObjectStore objects;
    private DocumentStore store;
    private TestJobs jobs;
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();

    @BeforeAll
    void startNeighbours(@TempDir Path directory) {
        processes = NeighbourProcesses.start(directory);
        objects = new ObjectStore(processes.settings(Map.of()).storage());
        store = new DocumentStore(objects);
        jobs = new TestJobs(store);
    }

    @AfterAll
    void stopNeighbours() {
        objects.close();
        processes.close();
    }

    private WorkerSettings settings(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("docmill.worker.slots", "1");
        settings.put("docmill.worker.drain-time", "1s");
        return processes.settings(settings);
    }

    private static void awaitRun(ScriptedEngine engine) {
        await().atMost(LONG).until(() -> engine.plans().size() == 1);
    }

    private double ended() {
        return metrics.find("docmill.conversions").counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private static ScriptedEngine waiting(CompletableFuture<Void> end) {
        return new ScriptedEngine(1, (plan, outcome) -> {
            var _ = end.thenRun(() -> ScriptedEngine.convert(plan, outcome));
        });
    }

    private static String storage(WorkerApplication worker) {
        return worker.report().details().getOrDefault("storage", "");
    }

    @Test
    void keepsAResultWhileKafkaIsAwayAndRepliesWhenItIsBack(@TempDir Path directory) {
        // Given
        EmbeddedKafka kafka = EmbeddedKafka.start(directory);
        int port = Integer.parseInt(kafka.bootstrapServers().split(":", -1)[1]);
        WorkerSettings settings = settings(Map.of("docmill.kafka.bootstrap-servers", kafka.bootstrapServers()));
        QueueSetup.ensure(settings.kafka());
        CompletableFuture<Void> end = new CompletableFuture<>();
        ScriptedEngine engine = waiting(end);
        ConversionJob job = jobs.docxToPdf(TestDocuments.docx("Without Kafka"));
        try (WorkerApplication worker = WorkerApplication.start(settings, metrics, _ -> engine);
                QueueClient queue = new QueueClient(settings.kafka())) {
            worker.awaitReady();
            queue.publish(job);
            awaitRun(engine);
            // When
            kafka.close();
            end.complete(null);
            await().atMost(LONG)
                    .until(() ->
                            store.findArtifact(job.scope(), job.conversion()).isPresent());
            kafka = EmbeddedKafka.start(directory, port);
            // Then
            assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class);
        } finally {
            kafka.close();
        }
        assertThat(engine.plans()).hasSize(1);
    }

    @Test
    void keepsItsJobWhileTheStoreIsAwayAndIsHandedItOnce() {
        // Given
        WorkerSettings settings = settings(Map.of());
        CompletableFuture<Void> end = new CompletableFuture<>();
        ScriptedEngine engine = waiting(end);
        ConversionJob job = jobs.docxToPdf(TestDocuments.docx("Without the store"));
        double endedBefore = ended();
        try (WorkerApplication worker = WorkerApplication.start(settings, metrics, _ -> engine);
                QueueClient queue = new QueueClient(settings.kafka())) {
            worker.awaitReady();
            queue.publish(job);
            awaitRun(engine);
            // When
            processes.stopStore();
            end.complete(null);
            await().atMost(LONG).until(() -> storage(worker).startsWith("away"));
            processes.restartStore();
            // Then
            assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class);
        }
        assertThat(engine.plans()).hasSize(1);
        assertThat(ended()).isEqualTo(endedBefore + 1);
    }
}
