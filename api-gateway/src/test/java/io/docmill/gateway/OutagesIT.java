package io.docmill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.security.ApiKey;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The API while one of its neighbours is away. */
class OutagesIT {
    private NeighbourProcesses neighbours;
    private ScriptedWorker worker;
    private RunningGateway gateway;

    @BeforeEach
    void start(@TempDir Path directory) {
        neighbours = NeighbourProcesses.start(directory);
        gateway = RunningGateway.start(
                neighbours, directory.resolve("spool"), Map.of("docmill.gateway.wait-limit", "5s"));
        worker = new ScriptedWorker(neighbours.settings(Map.of()));
    }

    @AfterEach
    void stop() {
        worker.close();
        gateway.close();
        neighbours.close();
    }

    private static TestDocument document() {
        return TestDocuments.docx("A document of the outages' tests.");
    }

    private static void assertUnavailable(Answer answer) {
        assertThat(answer.status()).describedAs(answer.toString()).isEqualTo(503);
        assertThat(answer.json().getString("error")).isEqualTo("unavailable");
        assertThat(answer.json().getBoolean("retryable")).isTrue();
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
    }

    @Test
    void answersEverythingWithoutRedis() {
        // Given
        String old = gateway.uploaded(document());
        gateway.toPdf(old);
        // When
        neighbours.stopRedis();
        // Then
        assertThat(gateway.toPdf(old).json().getBoolean("cached")).isTrue();
        String file = gateway.uploaded(document());
        Answer first = gateway.toPdf(file);
        Answer second = gateway.toPdf(file);
        assertThat(first.json().getBoolean("cached")).isFalse();
        assertThat(second.json().getBoolean("cached")).isTrue();
        assertThat(gateway.download(second.json().getString("download_url")).status())
                .isEqualTo(200);
        assertThat(worker.jobsOf(file)).hasSize(1);
        assertThat(gateway.get("/v1/files", gateway.createKey()).status()).isEqualTo(200);
        assertThat(gateway.delete("/v1/files/" + file).status()).isEqualTo(204);
        assertThat(gateway.toPdf(file).status()).isEqualTo(404);
        assertThat(gateway.application().report().ready()).isTrue();
    }

    @Test
    void saysThatItIsUnavailableWithoutTheStoreAndWorksOnceItIsBack() {
        // Given
        String file = gateway.uploaded(document());
        gateway.toPdf(file);
        String other = gateway.uploaded(document());
        // When
        neighbours.stopStore();
        await().until(() -> gateway.application()
                .report()
                .details()
                .getOrDefault("storage", "")
                .startsWith("away"));
        // Then
        for (Answer answer : List.of(
                gateway.upload(document()),
                gateway.get("/v1/files"),
                gateway.get("/v1/files/" + file),
                gateway.delete("/v1/files/" + file),
                gateway.toPdf(other))) {
            assertUnavailable(answer);
        }
        assertThat(gateway.toPdf(file).json().getBoolean("cached")).isTrue();
        assertThat(gateway.spooled()).isEmpty();
        assertThat(gateway.application().report().ready()).isTrue();
        // When
        neighbours.restartStore();
        // Then
        assertThat(gateway.toPdf(other).status()).isEqualTo(200);
        assertThat(gateway.upload(document()).status()).isEqualTo(201);
    }

    @Test
    void saysThatNothingCanBeConvertedWithoutKafkaAndKeepsWhatIsConverted() {
        // Given
        String file = gateway.uploaded(document());
        gateway.toPdf(file);
        String other = gateway.uploaded(document());
        // When
        neighbours.stopKafka();
        Answer unpublished = gateway.toPdf(other);
        // Then
        assertUnavailable(unpublished);
        assertThat(gateway.toPdf(file).json().getBoolean("cached")).isTrue();
        assertThat(gateway.upload(document()).status()).isEqualTo(201);
        assertThat(gateway.application().report().ready()).isTrue();
    }

    @Test
    void saysThatARevocationIsNotKnownEverywhereWithoutRedisAndKafka() {
        // Given
        String key = gateway.createKey();
        String path = "/v1/admin/keys/key_" + new ApiKey(key).sha256();
        assertThat(gateway.get("/v1/files", key).status()).isEqualTo(200);
        // When
        neighbours.stopRedis();
        neighbours.stopKafka();
        Answer revoked = gateway.delete(path, gateway.operatorKey());
        // Then
        assertUnavailable(revoked);
        assertThat(revoked.json().getString("message")).contains("is revoked");
        assertThat(gateway.get("/v1/files", key).status()).isEqualTo(401);
    }

    @Test
    void revokesNothingWithoutTheStore() {
        // Given
        String key = gateway.createKey();
        assertThat(gateway.get("/v1/files", key).status()).isEqualTo(200);
        // When
        neighbours.stopStore();
        Answer revoked = gateway.delete("/v1/admin/keys/key_" + new ApiKey(key).sha256(), gateway.operatorKey());
        // Then
        assertUnavailable(revoked);
        // When
        neighbours.restartStore();
        // Then
        assertThat(gateway.get("/v1/files", key).status()).isEqualTo(200);
    }
}
