package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import io.docmill.testing.services.ClusterProcess;
import io.docmill.testing.traces.ReceivedSpan;
import io.docmill.testing.traces.TraceCollector;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One conversion is one trace, from the caller's own through a gateway and Kafka to each step of a worker. */
class TracingST {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CALLER = "b7ad6b7169203331";
    private static final FormBody.Field PDF = FormBody.field("format", "pdf");

    /** The names of the spans of a conversion of a file that was uploaded before, each with that of its parent. */
    private static final Map<String, String> TREE = Map.of(
            "POST /v1/files/{file_id}/convert", CALLER,
            "send conversion.interactive", "POST /v1/files/{file_id}/convert",
            "process conversion.interactive", "send conversion.interactive",
            "fetch", "process conversion.interactive",
            "convert", "process conversion.interactive",
            "store", "process conversion.interactive",
            "send conversion.replies", "process conversion.interactive");

    private static TraceCollector collector;
    private static Path directory;
    private static Cluster cluster;

    private final String trace = UUID.randomUUID().toString().replace("-", "");

    @BeforeAll
    static void start() throws IOException {
        collector = TraceCollector.start();
        directory = Files.createTempDirectory("docmill-");
        cluster = Cluster.start(
                directory,
                1,
                1,
                1,
                Map.of("DOCMILL_TRACING_ENDPOINT", collector.endpoint().toString()));
    }

    @AfterAll
    static void stop() {
        cluster.close();
        collector.close();
        RunningDocmill.delete(directory);
    }

    private String traceparent(String flags) {
        return "00-%s-%s-%s".formatted(trace, CALLER, flags);
    }

    private static String upload(Cluster to, String key, TestDocument document) {
        return to.balancer()
                .send(ClusterRequest.upload(key, document))
                .json()
                .path("id")
                .asText();
    }

    private static Answer convert(Cluster by, String key, String file, String traceparent) {
        Answer answer =
                by.balancer().send(ClusterRequest.convert(key, file, PDF).withHeader("traceparent", traceparent));
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return answer;
    }

    private static TestDocument document() {
        return TestDocuments.docx("A document of " + UUID.randomUUID());
    }

    /** Waits for as many spans as a conversion has and holds them to the tree. */
    private List<ReceivedSpan> awaitTree() {
        await("the spans").atMost(PATIENCE).until(() -> collector.spansOf(trace).size() >= TREE.size());
        List<ReceivedSpan> spans = collector.spansOf(trace);
        assertThat(spans).extracting(ReceivedSpan::name).containsExactlyInAnyOrderElementsOf(TREE.keySet());
        assertThat(spans).allSatisfy(span -> assertThat(parentOf(span, spans)).isEqualTo(TREE.get(span.name())));
        return spans;
    }

    private static String parentOf(ReceivedSpan child, List<ReceivedSpan> spans) {
        return spans.stream()
                .filter(span -> span.spanId().equals(child.parentId()))
                .map(ReceivedSpan::name)
                .findFirst()
                .orElse(child.parentId());
    }

    private static ReceivedSpan named(List<ReceivedSpan> spans, String name) {
        return spans.stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> lines(ClusterProcess process, String what, String trace) {
        return process.logFrom(0)
                .lines()
                .filter(line -> line.contains(what) && line.contains("traceId=\"" + trace + "\""))
                .toList();
    }

    @Test
    void aConversionIsOneTraceThroughGatewayAndWorker() {
        // Given
        String key = cluster.newKey();
        TestDocument document = document();
        String file = upload(cluster, key, document);
        // When
        Answer answer = convert(cluster, key, file, traceparent("01"));
        // Then
        List<ReceivedSpan> spans = awaitTree();
        String attempt = answer.json().path("attempt").asText();
        assertThat(spans).noneMatch(ReceivedSpan::failed);
        assertThat(spans)
                .filteredOn(span -> span.service().equals("docmill-gateway"))
                .extracting(ReceivedSpan::kind)
                .containsExactlyInAnyOrder("SERVER", "PRODUCER");
        assertThat(spans)
                .filteredOn(span -> span.service().equals("docmill-worker"))
                .hasSize(5);
        assertThat(List.of("POST /v1/files/{file_id}/convert", "process conversion.interactive"))
                .allSatisfy(name -> assertThat(named(spans, name).attributes())
                        .containsEntry("docmill.attempt", attempt)
                        .containsEntry("docmill.request_id", answer.header("X-Request-Id"))
                        .containsEntry("docmill.outcome", "succeeded"));
        assertThat(Long.parseLong(named(spans, "convert").attributes().get("docmill.engine.cpu_ms")))
                .isPositive();
        assertThat(spans.toString()).doesNotContain(document.name()).doesNotContain(key);
    }

    @Test
    void aTraceIsFoundInTheLogsAndTheLinesInTheTrace() {
        // Given
        String key = cluster.newKey();
        String file = upload(cluster, key, document());
        // When
        Answer answer = convert(cluster, key, file, traceparent("01"));
        // Then
        ClusterProcess gateway = cluster.gateways().getFirst();
        ClusterProcess worker = cluster.workers().getFirst();
        await("both lines")
                .atMost(PATIENCE)
                .until(() -> !lines(gateway, "Request ended", trace).isEmpty()
                        && !lines(worker, "Job ended", trace).isEmpty());
        String requestId = "requestId=\"" + answer.header("X-Request-Id") + "\"";
        assertThat(lines(gateway, "Request ended", trace))
                .singleElement()
                .asString()
                .contains(requestId);
        assertThat(lines(worker, "Job ended", trace)).singleElement().asString().contains(requestId);
    }

    @Test
    void whatTheCallerDoesNotSampleIsToldNobody() {
        // Given
        String key = cluster.newKey();
        String file = upload(cluster, key, document());
        // When
        Answer unsampled = convert(cluster, key, file, traceparent("00"));
        Answer later = cluster.balancer().send(ClusterRequest.convert(key, upload(cluster, key, document()), PDF));
        // Then
        String attempt = later.json().path("attempt").asText();
        for (String service : List.of("docmill-gateway", "docmill-worker")) {
            collector.awaitSpan(
                    "the next conversion at the " + service,
                    span -> span.service().equals(service)
                            && attempt.equals(span.attributes().get("docmill.attempt"))
                            && span.attributes().containsKey("docmill.outcome"));
        }
        assertThat(collector.spansOf(trace)).isEmpty();
        String conversion = unsampled.json().path("id").asText();
        assertThat(new String(
                        cluster.data()
                                .job(conversion)
                                .headers()
                                .lastHeader("traceparent")
                                .value(),
                        StandardCharsets.UTF_8))
                .startsWith("00-" + trace + "-")
                .endsWith("-00");
    }

    @Test
    void anEndingGatewaySendsWhatItHas() {
        // Given
        ClusterProcess gateway = cluster.gateways().getFirst();
        String key = cluster.newKey();
        // When
        cluster.balancer().send(ClusterRequest.get(key, "/v1/formats").withHeader("traceparent", traceparent("01")));
        gateway.terminate();
        // Then
        assertThat(collector.spansOf(trace))
                .singleElement()
                .satisfies(span -> assertThat(span.name()).isEqualTo("GET /v1/formats"));
        gateway.start();
    }

    @Test
    void aConversionOnOneMachineIsTheSameTrace() throws Exception {
        // Given
        Path here = Files.createTempDirectory("docmill-");
        ProcessBuilder command = RunningDocmill.command();
        command.environment()
                .put("DOCMILL_TRACING_ENDPOINT", collector.endpoint().toString());
        try (RunningDocmill docmill = RunningDocmill.start(here, command)) {
            DocmillClient client = docmill.client();
            String file = client.uploaded(document()).id();
            FormBody form = FormBody.multipart(PDF);
            // When
            Answer answer = DocmillClient.send(client.request("/v1/files/%s/convert".formatted(file))
                    .header("Content-Type", form.contentType())
                    .header("traceparent", traceparent("01"))
                    .POST(BodyPublishers.ofByteArray(form.content()))
                    .build());
            // Then
            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
            assertThat(awaitTree()).extracting(ReceivedSpan::service).containsOnly("docmill-gateway", "docmill-worker");
        } finally {
            RunningDocmill.delete(here);
        }
    }
}
