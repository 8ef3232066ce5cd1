package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import io.docmill.testing.services.ClusterProcess;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A caller's own request id is found in the logs of all that worked for it. */
@ExtendWith(SharedCluster.class)
class RequestIdST {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ID = "tracing:one/request-7";

    private static List<String> linesWithTheId(List<ClusterProcess> processes) {
        return processes.stream()
                .flatMap(process -> process.logFrom(0).lines())
                .filter(line -> line.contains("requestId=\"" + ID + "\""))
                .toList();
    }

    @Test
    void aRequestIdIsInTheLogsOfGatewayAndWorker(Cluster cluster) {
        // Given
        String key = cluster.newKey();
        TestDocument document = TestDocuments.docx("A document that is traced.");
        String file = cluster.balancer()
                .send(ClusterRequest.upload(key, document))
                .json()
                .path("id")
                .asText();
        // When
        Answer answer = cluster.balancer()
                .send(ClusterRequest.convert(key, file, FormBody.field("format", "pdf"))
                        .withHeader("X-Request-Id", ID));
        // Then
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(answer.header("X-Request-Id")).isEqualTo(ID);
        await("both lines")
                .atMost(PATIENCE)
                .until(() -> !linesWithTheId(cluster.gateways()).isEmpty()
                        && !linesWithTheId(cluster.workers()).isEmpty());
        assertThat(linesWithTheId(cluster.gateways()))
                .singleElement()
                .asString()
                .contains("operation=\"convertFile\"", "status=\"200\"", "method=\"POST\"", "key=\"key_");
        assertThat(linesWithTheId(cluster.workers()))
                .singleElement()
                .asString()
                .contains(answer.json().path("attempt").asText(), "outcome=\"succeeded\"");
        assertThat(Stream.concat(cluster.gateways().stream(), cluster.workers().stream())
                        .map(process -> process.logFrom(0)))
                .noneMatch(log -> log.contains(document.name()) || log.contains(key));
    }
}
