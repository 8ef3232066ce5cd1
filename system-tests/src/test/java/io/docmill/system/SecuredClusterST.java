package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.testing.documents.EncryptedDocuments;
import io.docmill.testing.documents.TestDocuments;
import io.docmill.testing.services.ClusterProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What {@code docs/deployment.md} says of encrypted connections, accounts and the change of secrets, step by step. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SecuredClusterST {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String NEXT_SERVICE_KEY = "the next service key of a test, long enough";
    private static final String NEXT_PASSWORD = "the-next-password-of-a-test";

    private static void startAll(ClusterProcess... processes) {
        Stream.of(processes).forEach(ClusterProcess::launch);
        Stream.of(processes).forEach(ClusterProcess::awaitReady);
    }

    private static void endAll(ClusterProcess... processes) {
        Stream.of(processes)
                .forEach(process -> assertThat(process.terminate())
                        .as("end of %s", process.name())
                        .isEqualTo(ClusterProcess.ENDED_BY_SIGTERM));
    }

    private static DocmillClient newCaller(URI api) {
        Answer made = new DocmillClient(api, ClusterProcess.OPERATOR_KEY)
                .postJson("/v1/admin/keys", Map.of("name", "system test", "scope", "personal"));
        assertThat(made.status()).as("%s", made).isEqualTo(201);
        return new DocmillClient(api, made.json().path("key").asText());
    }

    private static URI convertedEncrypted(DocmillClient caller) {
        StoredFile file = caller.uploaded(EncryptedDocuments.docx("Only with a password."));
        Answer answer = caller.post(
                "/v1/files/%s/convert".formatted(file.id()),
                FormBody.multipart(
                        FormBody.field("format", "pdf"), FormBody.field("password", EncryptedDocuments.PASSWORD)));
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        return Conversion.of(answer.json()).downloadUrl();
    }

    private static void awaitNeighbours(ClusterProcess process) {
        await("neighbours of " + process.name())
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(process.readinessDetails())
                        .containsEntry("kafka", "answers")
                        .containsEntry("redis", "answers")
                        .containsEntry("storage", "answers"));
    }

    /** What Kafka refuses to tell is no number, and nothing else shows it. */
    private static void awaitFiguresOfTheQueue(ClusterProcess gateway) {
        for (String metric : List.of("docmill_queue_jobs_waiting", "docmill_admission_expected_wait_seconds")) {
            await(metric).atMost(PATIENCE).untilAsserted(() -> {
                assertThat(gateway.metrics()).contains("\n" + metric);
                assertThat(gateway.metric(metric)).isNotNaN();
            });
        }
    }

    @Test
    void convertsWithTheLeastRightsAndChangesItsSecretsOneAfterTheOther(@TempDir Path directory) {
        try (SecuredCluster cluster = new SecuredCluster(directory)) {
            // Given
            cluster.kafka().account(SecuredCluster.GATEWAY_ACCOUNT, SecuredCluster.PASSWORD);
            cluster.kafka().account(SecuredCluster.WORKER_ACCOUNT, SecuredCluster.PASSWORD);
            URI before;
            try (ClusterProcess gateway = cluster.gateway(Map.of());
                    ClusterProcess worker = cluster.worker(Map.of())) {
                startAll(gateway, worker);
                // Then all that a conversion takes is allowed
                DocmillClient caller = newCaller(cluster.api());
                before = caller.converted(caller.uploaded(TestDocuments.docx("Before.")), "pdf")
                        .downloadUrl();
                assertThat(caller.download(before).status()).isEqualTo(200);
                awaitNeighbours(gateway);
                awaitNeighbours(worker);
                awaitFiguresOfTheQueue(gateway);
                assertThat(cluster.redis().refusals()).isEmpty();
                endAll(gateway, worker);
            }

            // When each neighbour has got a second account or password, and processes are told of it
            cluster.addSecondSecrets(NEXT_PASSWORD);
            Map<String, String> changing = Map.of(
                    "docmill.service-key",
                    NEXT_SERVICE_KEY,
                    "docmill.service-key-accepted",
                    SecuredCluster.SERVICE_KEY);
            try (ClusterProcess gateway = cluster.gatewayWithSecondSecrets(NEXT_PASSWORD, changing);
                    ClusterProcess worker = cluster.workerWithSecondSecrets(NEXT_PASSWORD, changing)) {
                startAll(gateway, worker);
                // And the first ones go
                cluster.removeFirstSecrets();
                // Then what was signed is served, and all goes on
                DocmillClient caller = newCaller(cluster.api());
                assertThat(caller.download(before).status()).isEqualTo(200);
                assertThat(caller.download(convertedEncrypted(caller)).status()).isEqualTo(200);
                endAll(gateway);
                // When the first service key is accepted no more
                try (ClusterProcess changed = cluster.gatewayWithSecondSecrets(
                        NEXT_PASSWORD, Map.of("docmill.service-key", NEXT_SERVICE_KEY))) {
                    changed.start();
                    // Then what it had signed opens nothing
                    assertThat(caller.download(before).status()).isEqualTo(403);
                    assertThat(caller.download(convertedEncrypted(caller)).status())
                            .isEqualTo(200);
                    assertThat(cluster.redis().refusals()).isEmpty();
                    endAll(changed, worker);
                }
                // And nobody has logged a secret, nor a document's name
                assertThat(cluster.logs())
                        .contains("Job ended")
                        .doesNotContain(
                                SecuredCluster.PASSWORD,
                                NEXT_PASSWORD,
                                SecuredCluster.SERVICE_KEY,
                                NEXT_SERVICE_KEY,
                                ClusterProcess.OPERATOR_KEY,
                                String.valueOf(caller.key()),
                                EncryptedDocuments.PASSWORD,
                                "encrypted.docx",
                                before.getPath());
            }
        }
    }
}
