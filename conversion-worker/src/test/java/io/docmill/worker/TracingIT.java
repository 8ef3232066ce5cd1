package io.docmill.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply.Failed;
import io.docmill.model.job.JobReply.Succeeded;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.testing.documents.TestDocuments;
import io.docmill.testing.traces.ReceivedSpan;
import io.docmill.testing.traces.TraceCollector;
import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.engine.EngineUsage;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a worker tells a collector of its jobs, and what its replies carry. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TracingIT {
    private static final String SENT_BY = "b7ad6b7169203331";

    private final TraceCollector collector = TraceCollector.start();
    private final String trace = UUID.randomUUID().toString().replace("-", "");
    private NeighbourProcesses processes;
    private ObjectStore objects;
    private QueueClient queue;
    private TestJobs jobs;

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
        collector.close();
    }

    private WorkerApplication start(ScriptedEngine engine, boolean traced) {
        Map<String, String> settings =
                new HashMap<>(Map.of("docmill.worker.slots", "1", "docmill.worker.drain-time", "1s"));
        if (traced) {
            settings.put("docmill.tracing.endpoint", collector.endpoint().toString());
        }
        return WorkerApplication.start(processes.settings(settings), new SimpleMeterRegistry(), _ -> engine);
    }

    private static Map<String, String> traceparent(String trace, String flags) {
        return Map.of("traceparent", "00-%s-%s-%s".formatted(trace, SENT_BY, flags));
    }

    private ConversionJob publish(Map<String, String> headers) {
        ConversionJob job = jobs.docxToPdf(TestDocuments.docx("A document that is traced."));
        queue.publish(job, headers);
        return job;
    }

    private ReceivedSpan span(String of, String name) {
        return collector.spansOf(of).stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no span " + name + " in " + collector.spansOf(of)));
    }

    @Test
    void aJobGoesOnWithTheTraceOfItsRecord() {
        // Given
        ConversionJob job = publish(traceparent(trace, "01"));
        // When
        try (WorkerApplication worker = start(new ScriptedEngine(1, ScriptedEngine::convert), true)) {
            worker.awaitReady();
            assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class);
        }
        // Then
        ReceivedSpan process = span(trace, "process conversion.interactive");
        assertThat(process.service()).isEqualTo("docmill-worker");
        assertThat(process.parentId()).isEqualTo(SENT_BY);
        assertThat(process.kind()).isEqualTo("CONSUMER");
        assertThat(process.failed()).isFalse();
        assertThat(process.attributes())
                .containsEntry("messaging.system", "kafka")
                .containsEntry("messaging.operation.type", "process")
                .containsEntry("messaging.destination.name", "conversion.interactive")
                .containsEntry("messaging.consumer.group.name", "conversion")
                .containsKeys("messaging.destination.partition.id", "messaging.kafka.offset")
                .containsEntry("docmill.request_id", job.requestId())
                .containsEntry("docmill.conversion", job.conversion().toString())
                .containsEntry("docmill.attempt", job.attempt().toString())
                .containsEntry("docmill.delivery", "1")
                .containsEntry("docmill.source_format", "docx")
                .containsEntry("docmill.target_format", "pdf")
                .containsEntry("docmill.outcome", "succeeded");
        List<String> steps = List.of("fetch", "convert", "store", "send conversion.replies");
        assertThat(collector.spansOf(trace)).hasSize(1 + steps.size());
        assertThat(steps)
                .allSatisfy(step -> assertThat(span(trace, step).parentId()).isEqualTo(process.spanId()));
        assertThat(span(trace, "convert").attributes())
                .containsEntry("docmill.engine.runs", "1")
                .containsKeys("docmill.engine.load_ms", "docmill.engine.export_ms", "docmill.engine.cpu_ms");
        ReceivedSpan reply = span(trace, "send conversion.replies");
        assertThat(reply.kind()).isEqualTo("PRODUCER");
        assertThat(queue.replyHeadersOf(job.attempt()))
                .isEqualTo(Map.of("traceparent", "00-" + trace + "-" + reply.spanId() + "-01"));
    }

    @Test
    void aCrashFailsTheSpanOfTheJobByItsLabel() {
        // Given
        String crashed = UUID.randomUUID().toString().replace("-", "");
        ConversionJob job = publish(traceparent(crashed, "01"));
        ScriptedEngine engine =
                new ScriptedEngine(1, (plan, outcome) -> outcome.complete(new EngineOutcome.Crashed(EngineUsage.NONE)));
        // When
        try (WorkerApplication worker = start(engine, true)) {
            worker.awaitReady();
            assertThat(queue.awaitReply(job.attempt()))
                    .isInstanceOfSatisfying(
                            Failed.class,
                            failed -> assertThat(failed.failure().failure())
                                    .isInstanceOf(ConversionFailure.EngineCrashed.class));
        }
        // Then
        ReceivedSpan process = span(crashed, "process conversion.interactive");
        assertThat(process.failed()).isTrue();
        assertThat(process.attributes())
                .containsEntry("docmill.outcome", "engine_crashed")
                .containsEntry("error.type", "engine_crashed");
        assertThat(span(crashed, "convert").attributes()).containsEntry("docmill.engine.runs", "2");
    }

    @Test
    void whatWasNotSampledTellsNothing() {
        // Given
        String unsampled = UUID.randomUUID().toString().replace("-", "");
        ConversionJob job = publish(traceparent(unsampled, "00"));
        // When
        try (WorkerApplication worker = start(new ScriptedEngine(1, ScriptedEngine::convert), true)) {
            worker.awaitReady();
            assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class);
        }
        // Then
        assertThat(collector.spansOf(unsampled)).isEmpty();
        assertThat(queue.replyHeadersOf(job.attempt()).get("traceparent"))
                .startsWith("00-" + unsampled)
                .endsWith("-00");
    }

    @Test
    void aWorkerThatIsNotToldToTraceWritesNoHeaderAndPassesOnThoseThatCame() {
        // Given
        Map<String, String> headers = traceparent(UUID.randomUUID().toString().replace("-", ""), "01");
        ScriptedEngine endless = new ScriptedEngine(1, (plan, outcome) -> {});
        ConversionJob job = publish(headers);
        // When
        try (WorkerApplication worker = start(endless, false)) {
            worker.awaitReady();
            await().atMost(Duration.ofSeconds(30)).until(() -> endless.plans().size() == 1);
        }
        try (WorkerApplication worker = start(new ScriptedEngine(1, ScriptedEngine::convert), false)) {
            worker.awaitReady();
            // Then
            assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class);
        }
        assertThat(queue.replyHeadersOf(job.attempt())).isEmpty();
        assertThat(queue.jobHeadersOf(job)).hasSize(2).containsOnly(headers);
    }
}
