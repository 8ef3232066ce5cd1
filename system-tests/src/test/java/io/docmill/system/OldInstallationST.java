package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.MessageCodec;
import io.docmill.testing.documents.TestDocuments;
import io.docmill.testing.services.ClusterProcess;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Today's gateway and worker on what the first version left in store and queue. */
class OldInstallationST {
    private static final OldInstallation FIRST = OldInstallation.FIRST;
    private static final String REPORT = "file_01M8M1QSKTAR9ARWHR982466YP";
    private static final String ENCRYPTED = "file_01M8M1QTX6YGJPJ8FEVNMJXHTZ";
    private static final String FAILED_CONVERSION = "conv_F01M8M1QTX6YGJPJ8FEVNMJXHTZBM47TXKWPVCGNC7FT1AA02PQF1";
    private static final List<String> JOBS = List.of("jobs/plain", "jobs/with-password");

    private static Cluster cluster;
    private static ClusterProcess gateway;
    private static ClusterCaller caller;

    @BeforeAll
    static void start(@TempDir Path directory) {
        cluster = Cluster.startWith(directory, data -> {
            data.restore(FIRST.objects());
            for (String name : JOBS) {
                byte[] job = FIRST.message(name);
                data.publishJob(MessageCodec.decodeJob(job).conversion().toString(), job);
            }
        });
        gateway = cluster.gateways().getFirst();
        caller = ClusterCaller.of(cluster, OldInstallation.KEY_OF_FIRST);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static String path(ConversionJob job) {
        return "/v1/conversions/%s?attempt=%s".formatted(job.conversion(), job.attempt());
    }

    /** The result, from where its answer says that it is. */
    private static String content(JsonNode conversion) {
        String url = conversion.path("download_url").asText();
        Answer download = caller.get(gateway, url.substring(LoadBalancer.PUBLIC_URL.length()));
        assertThat(download.status()).as("%s", download).isEqualTo(200);
        return new String(download.bytes(), StandardCharsets.UTF_8);
    }

    @Test
    void convertsJobsThatWaited() {
        for (String name : JOBS) {
            // Given
            ConversionJob job = MessageCodec.decodeJob(FIRST.message(name));
            // When
            Answer ended = caller.awaitState(gateway, path(job), "succeeded");
            // Then
            assertThat(ended.json().path("attempt").asText())
                    .isEqualTo(job.attempt().toString());
            assertThat(content(ended.json())).containsIgnoringCase("document");
        }
    }

    @Test
    void answersWithArtifactsThatAreThereWithoutAConversion() {
        // When
        Answer answer = caller.convert(gateway, REPORT);
        // Then
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(answer.json().path("cached").asBoolean()).isTrue();
        assertThat(answer.json().path("attempt").asText()).isEqualTo("01M8M1RA4F28H3K60GWG1R0NNW");
        assertThat(content(answer.json())).startsWith("%PDF-");
    }

    @Test
    void tellsOfFailures() {
        // When
        Answer answer = caller.get(gateway, "/v1/conversions/" + FAILED_CONVERSION);
        // Then
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        assertThat(ClusterCaller.status(answer)).isEqualTo("failed");
        assertThat(answer.json().path("error").path("reason").asText()).isEqualTo("wrong_password");
    }

    @Test
    void listsFilesAndServesTheirContent() {
        // When
        Answer list = caller.get(gateway, "/v1/files");
        Answer original = caller.get(gateway, "/v1/files/" + REPORT + "/content");
        // Then
        assertThat(list.json().path("data").findValuesAsText("id")).contains(REPORT, ENCRYPTED);
        assertThat(content(original.json())).startsWith("PK");
    }

    @Test
    void opensForOldKeysAlone() {
        // When
        String added = caller.upload(TestDocuments.docx("A new document among old ones."));
        Answer another = ClusterCaller.of(cluster).get(gateway, "/v1/files/" + REPORT);
        Answer keys = cluster.getAsOperator(gateway, "/v1/admin/keys");
        // Then
        assertThat(caller.get(gateway, "/v1/files/" + added).status()).isEqualTo(200);
        assertThat(another.status()).isEqualTo(404);
        assertThat(keys.json().path("data").findValuesAsText("name")).contains("An old key");
    }
}
