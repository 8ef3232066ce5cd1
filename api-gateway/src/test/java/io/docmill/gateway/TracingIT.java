package io.docmill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.job.ConversionJob;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import io.docmill.testing.traces.ReceivedSpan;
import io.docmill.testing.traces.TraceCollector;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway tells a collector of its requests, and what its jobs carry. */
class TracingIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static NeighbourProcesses neighbours;
    private static TraceCollector collector;
    private static ScriptedWorker worker;
    private static RunningGateway gateway;
    private static RunningGateway untraced;

    private final String trace = UUID.randomUUID().toString().replace("-", "");
    private final List<ConversionJob> held = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start(@TempDir Path directory) {
        neighbours = NeighbourProcesses.start(directory);
        collector = TraceCollector.start();
        gateway = RunningGateway.start(
                neighbours,
                directory.resolve("spool"),
                Map.of("docmill.tracing.endpoint", collector.endpoint().toString()));
        untraced = RunningGateway.start(neighbours, directory.resolve("other-spool"), Map.of());
        worker = new ScriptedWorker(neighbours.settings(Map.of()));
    }

    @AfterAll
    static void stop() {
        worker.close();
        untraced.close();
        gateway.close();
        collector.close();
        neighbours.close();
    }

    @BeforeEach
    void everyJobSucceeds() {
        worker.does(worker::succeed);
    }

    private String sampled() {
        return "00-" + trace + "-b7ad6b7169203331-01";
    }

    private static String file() {
        return gateway.uploaded(TestDocuments.docx("A document of " + UUID.randomUUID()));
    }

    private static Answer toPdf(RunningGateway at, String file, String traceparent, String more) {
        return at.send(form(at.request("/v1/files/" + file + "/convert"), "format=pdf" + more, traceparent));
    }

    private static HttpRequest.Builder form(HttpRequest.Builder request, String body, String traceparent) {
        return request.header("X-API-Key", gateway.userKey())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .header("traceparent", traceparent)
                .POST(BodyPublishers.ofString(body));
    }

    private ReceivedSpan request(String name) {
        return collector.awaitSpan(
                name, span -> span.traceId().equals(trace) && span.name().equals(name));
    }

    @Test
    void aCallAndItsJobAreOneTrace() {
        // Given
        String file = file();
        // When
        Answer answer = toPdf(gateway, file, sampled(), "");
        // Then
        assertThat(answer.status()).isEqualTo(200);
        ReceivedSpan request = request("POST /v1/files/{file_id}/convert");
        ReceivedSpan publication = request("send conversion.interactive");
        ConversionJob job = worker.jobsOf(file).getFirst();
        assertThat(collector.spansOf(trace)).containsExactlyInAnyOrder(request, publication);
        assertThat(request.service()).isEqualTo("docmill-gateway");
        assertThat(request.parentId()).isEqualTo("b7ad6b7169203331");
        assertThat(request.kind()).isEqualTo("SERVER");
        assertThat(request.failed()).isFalse();
        assertThat(request.attributes())
                .isEqualTo(Map.ofEntries(
                        Map.entry("http.request.method", "POST"),
                        Map.entry("http.route", "/v1/files/{file_id}/convert"),
                        Map.entry("http.response.status_code", "200"),
                        Map.entry("docmill.operation", "convertFile"),
                        Map.entry("docmill.request_id", job.requestId()),
                        Map.entry("docmill.conversion", job.conversion().toString()),
                        Map.entry("docmill.attempt", job.attempt().toString()),
                        Map.entry("docmill.source_format", "docx"),
                        Map.entry("docmill.target_format", "pdf"),
                        Map.entry("docmill.outcome", "succeeded"),
                        Map.entry("docmill.answered_from", "worker")));
        assertThat(publication.parentId()).isEqualTo(request.spanId());
        assertThat(publication.kind()).isEqualTo("PRODUCER");
        assertThat(publication.attributes())
                .containsEntry("messaging.system", "kafka")
                .containsEntry("messaging.operation.type", "send")
                .containsEntry("messaging.destination.name", "conversion.interactive")
                .containsEntry("docmill.attempt", job.attempt().toString());
        assertThat(worker.headersOf(job))
                .isEqualTo(Map.of("traceparent", "00-" + trace + "-" + publication.spanId() + "-01"));
    }

    @Test
    void whatIsAnsweredFromRedisPublishesNothing() {
        // Given
        String file = file();
        assertThat(gateway.toPdf(file).status()).isEqualTo(200);
        // When
        Answer answer = toPdf(gateway, file, sampled(), "");
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(request("POST /v1/files/{file_id}/convert").attributes())
                .containsEntry("docmill.answered_from", "redis");
        assertThat(collector.spansOf(trace)).hasSize(1);
    }

    @Test
    void whoJoinsTellsOfItAndOfTheOthersTrace() {
        // Given
        worker.does(held::add);
        String file = file();
        String first = UUID.randomUUID().toString().replace("-", "");
        // When
        var begins = CompletableFuture.supplyAsync(
                () -> toPdf(gateway, file, sampled().replace(trace, first), ""));
        await("the job").atMost(PATIENCE).until(() -> held.size() == 1);
        Answer joins = gateway.send(form(gateway.request("/v1/files/" + file + "/convert"), "format=pdf", sampled())
                .header("Prefer", "respond-async"));
        worker.succeed(held.getFirst());
        // Then
        assertThat(begins.join().status()).isEqualTo(200);
        assertThat(joins.status()).isEqualTo(202);
        ReceivedSpan joined = request("POST /v1/files/{file_id}/convert");
        assertThat(collector.spansOf(trace)).containsExactly(joined);
        assertThat(joined.events()).containsExactly("docmill.joined{}");
        assertThat(joined.attributes())
                .containsEntry("docmill.attempt", held.getFirst().attempt().toString());
        ReceivedSpan beginning = collector.awaitSpan(
                "the first call",
                span -> span.traceId().equals(first) && span.kind().equals("SERVER"));
        assertThat(joined.links()).containsExactly(first + "-" + beginning.spanId());
    }

    @Test
    void aFaultOfOursFailsTheSpanAndARefusalDoesNot() {
        // Given
        worker.does(job -> worker.fail(job, new ConversionFailure.EngineCrashed(2)));
        // When
        Answer crashed = toPdf(gateway, file(), sampled(), "");
        Answer refused = toPdf(gateway, "file_nonsense", sampled(), "");
        // Then
        assertThat(crashed.status()).isEqualTo(502);
        assertThat(refused.status()).isEqualTo(404);
        ReceivedSpan fault = collector.awaitSpan(
                "the fault",
                span -> span.traceId().equals(trace)
                        && "502".equals(span.attributes().get("http.response.status_code")));
        assertThat(fault.failed()).isTrue();
        assertThat(fault.attributes())
                .containsEntry("error.type", "502")
                .containsEntry("docmill.outcome", "engine_crashed");
        ReceivedSpan refusal = collector.awaitSpan(
                "the refusal",
                span -> span.traceId().equals(trace)
                        && "404".equals(span.attributes().get("http.response.status_code")));
        assertThat(refusal.failed()).isFalse();
    }

    @Test
    void noSpanHasANameAPasswordAKeyOrASignedUrl() {
        // Given
        TestDocument document = TestDocuments.docx("A document with a name of its own.");
        String file = gateway.uploaded(document);
        Answer answer = toPdf(gateway, file, sampled(), "&password=open-sesame");
        String url = answer.json().getString("download_url");
        // When
        gateway.send(gateway.request(url).header("traceparent", sampled()));
        gateway.send(gateway.request("/nowhere/" + document.name()).header("traceparent", sampled()));
        // Then
        request("GET /v1/downloads/{token}");
        request("GET");
        assertThat(collector.spansOf(trace).toString())
                .doesNotContain(document.name())
                .doesNotContain("open-sesame")
                .doesNotContain(gateway.userKey())
                .doesNotContain(url.substring(url.lastIndexOf('/') + 1));
    }

    @Test
    void whatTheCallerDoesNotSampleIsPassedOnAndTellsNothing() {
        // Given
        String file = file();
        String traceparent = sampled().replaceAll("01$", "00");
        // When
        Answer answer = toPdf(gateway, file, traceparent, "");
        toPdf(
                gateway,
                file(),
                sampled().replace(trace, HexFormat.of().toHexDigits(1L).repeat(2)),
                "");
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(worker.headersOf(worker.jobsOf(file).getFirst()).get("traceparent"))
                .startsWith("00-" + trace + "-")
                .endsWith("-00");
        collector.awaitSpan(
                "a later request",
                span -> span.traceId().equals(HexFormat.of().toHexDigits(1L).repeat(2)));
        assertThat(collector.spansOf(trace)).isEmpty();
    }

    @Test
    void aGatewayThatIsNotToldToTraceWritesNoHeader() {
        // Given
        String file = file();
        // When
        Answer answer = toPdf(untraced, file, sampled(), "");
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(worker.headersOf(worker.jobsOf(file).getFirst())).isEmpty();
    }
}
