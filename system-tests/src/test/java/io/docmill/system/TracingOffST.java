package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.testing.documents.TestDocuments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Where no collector is set, nothing is traced. */
@ExtendWith(SharedCluster.class)
class TracingOffST {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @Test
    void noHeaderIsWrittenAndNoTraceLogged(Cluster cluster) {
        // Given
        String key = cluster.newKey();
        String file = cluster.balancer()
                .send(ClusterRequest.upload(key, TestDocuments.docx("A document that is not traced.")))
                .json()
                .path("id")
                .asText();
        // When
        Answer answer = cluster.balancer()
                .send(ClusterRequest.convert(key, file, FormBody.field("format", "pdf"))
                        .withHeader("traceparent", "00-" + TRACE + "-b7ad6b7169203331-01"));
        // Then
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        String conversion = answer.json().path("id").asText();
        assertThat(cluster.data().job(conversion).headers()).isEmpty();
        assertThat(cluster.processes()).noneMatch(process -> process.logFrom(0).contains("traceId"));
    }
}
