package io.docmill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.StoredDeadLetter;
import io.docmill.model.record.FailureRecord;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.testing.documents.TestDocuments;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dead letters as operators see them. */
class DeadLetterCallsIT {
    private static final String LETTERS = "/v1/admin/dead-letters";
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int DELIVERIES = 3;

    private static NeighbourProcesses neighbours;
    private static RunningGateway gateway;
    private static ScriptedWorker worker;
    private static ObjectStore objects;
    private static DocumentStore documents;

    @BeforeAll
    static void start(@TempDir Path directory) {
        neighbours = NeighbourProcesses.start(directory);
        gateway = RunningGateway.start(neighbours, directory.resolve("spool"), Map.of());
        GatewaySettings settings = neighbours.settings(Map.of());
        worker = new ScriptedWorker(settings);
        objects = new ObjectStore(settings.storage());
        documents = new DocumentStore(objects);
    }

    @AfterAll
    static void stop() {
        objects.close();
        worker.close();
        gateway.close();
        neighbours.close();
    }

    @BeforeEach
    void everyJobIsGivenUp() {
        worker.does(job -> {
            FailureRecord failure =
                    ScriptedWorker.failureOf(job, job.attempt(), new ConversionFailure.EngineCrashed(2));
            documents.putDeadLetter(StoredDeadLetter.of(job, failure, DELIVERIES));
            worker.fail(job, new ConversionFailure.EngineCrashed(2));
        });
    }

    private static Answer get(String path) {
        return gateway.get(path, gateway.operatorKey());
    }

    private static Answer replay(String letter) {
        return gateway.send(gateway.request(LETTERS + "/" + letter + "/replay")
                .header("X-API-Key", gateway.operatorKey())
                .POST(BodyPublishers.noBody()));
    }

    /** A job that is given up, and gives the id of its letter. */
    private static String givenUp(String file, Map<String, String> form) {
        assertThat(gateway.convert(file, form).status()).isEqualTo(502);
        return worker.jobsOf(file).getLast().attempt().toString();
    }

    private static String givenUp(String file) {
        return givenUp(file, Map.of("format", "pdf", "tagged", "true", "timeout", "70"));
    }

    private static String file() {
        return gateway.uploaded(TestDocuments.docx("A document that crashes."));
    }

    @Test
    void tellsOfJobsThatWereGivenUpNewestFirst() {
        // Given
        String file = file();
        String first = givenUp(file());
        String second = givenUp(file);
        ConversionJob job = worker.jobsOf(file).getFirst();
        // When
        JsonObject newest = get(LETTERS + "?limit=1").json();
        JsonObject next = get(LETTERS + "?limit=1&cursor=" + newest.getString("next_cursor"))
                .json();
        // Then
        JsonObject letter = newest.getJsonArray("data").getJsonObject(0);
        assertThat(letter.getString("id")).isEqualTo(second);
        assertThat(next.getJsonArray("data").getJsonObject(0).getString("id")).isEqualTo(first);
        assertThat(get(LETTERS + "/" + second).json()).isEqualTo(letter);
        assertThat(letter.getString("conversion_id")).isEqualTo(job.conversion().toString());
        assertThat(letter.getString("scope_id")).isEqualTo(job.scope().toString());
        assertThat(letter.getJsonObject("source").getString("id")).isEqualTo(file);
        assertThat(letter.getString("source_format")).isEqualTo("docx");
        assertThat(letter.getString("format")).isEqualTo("pdf");
        assertThat(letter.getJsonObject("options").getBoolean("tagged")).isTrue();
        assertThat(letter.getInteger("timeout")).isEqualTo(70);
        assertThat(letter.getBoolean("had_password")).isFalse();
        assertThat(letter.getString("failure")).isEqualTo("engine_crashed");
        assertThat(letter.getJsonObject("error").getString("error")).isEqualTo("upstream_error");
        assertThat(letter.getInteger("deliveries")).isEqualTo(DELIVERIES);
        assertThat(letter.getString("request_id")).isEqualTo(job.requestId());
        assertThat(letter.getString("failed_at")).isNotEmpty();
    }

    @Test
    void replaysALetterAsANewAttemptAndForgetsIt() {
        // Given
        String file = file();
        String letter = givenUp(file);
        worker.does(worker::succeed);
        // When
        Answer replayed = replay(letter);
        // Then
        assertThat(replayed.status()).describedAs(replayed.toString()).isEqualTo(202);
        String attempt = replayed.json().getString("attempt");
        assertThat(attempt).isGreaterThan(letter);
        assertThat(get(LETTERS + "/" + letter).status()).isEqualTo(404);
        await().atMost(LIMIT)
                .until(() -> gateway.get(replayed.header("Location"))
                        .json()
                        .getString("status")
                        .equals("succeeded"));
        ConversionJob job = worker.jobsOf(file).getLast();
        assertThat(job.attempt()).hasToString(attempt);
        assertThat(job.refresh()).isTrue();
        assertThat(job.timeoutSeconds()).isEqualTo(70);
        assertThat(job.conversion()).isEqualTo(worker.jobsOf(file).getFirst().conversion());
    }

    @Test
    void aReplayThatIsGivenUpAgainLeavesALetterOfItsOwn() {
        // Given
        String letter = givenUp(file());
        // When
        String attempt = replay(letter).json().getString("attempt");
        // Then
        await().atMost(LIMIT).until(() -> get(LETTERS + "/" + attempt).status() == 200);
        assertThat(get(LETTERS + "/" + letter).status()).isEqualTo(404);
    }

    @Test
    void doesNotReplayAJobThatCameWithAPassword() {
        // Given
        String letter = givenUp(file(), Map.of("format", "pdf", "password", "open sesame"));
        // When
        Answer replayed = replay(letter);
        // Then
        assertThat(replayed.status()).isEqualTo(409);
        assertThat(replayed.json().getString("error")).isEqualTo("conflict");
        assertThat(replayed.json().getString("message")).contains("password");
        Answer kept = get(LETTERS + "/" + letter);
        assertThat(kept.json().getBoolean("had_password")).isTrue();
        assertThat(kept.text()).doesNotContain("open sesame").doesNotContain("sealed");
    }

    @Test
    void dropsALetterThatCanNotBeReplayed() {
        // Given
        String file = file();
        String letter = givenUp(file);
        gateway.delete("/v1/files/" + file);
        // When
        Answer replayed = replay(letter);
        Answer dropped = gateway.delete(LETTERS + "/" + letter, gateway.operatorKey());
        // Then
        assertThat(replayed.status()).isEqualTo(409);
        assertThat(replayed.json().getString("message")).contains("deleted");
        assertThat(dropped.status()).isEqualTo(204);
        assertThat(gateway.delete(LETTERS + "/" + letter, gateway.operatorKey()).status())
                .isEqualTo(404);
        assertThat(replay(letter).status()).isEqualTo(404);
        assertThat(replay("no-letter").status()).isEqualTo(404);
    }

    @Test
    void showsLettersToOperatorsAlone() {
        // Given
        String letter = givenUp(file());
        for (Answer answer : List.of(
                gateway.get(LETTERS),
                gateway.get(LETTERS + "/" + letter),
                gateway.delete(LETTERS + "/" + letter),
                gateway.postJson(LETTERS + "/" + letter + "/replay", "{}"))) {
            // Then
            assertThat(answer.status()).isEqualTo(403);
        }
        assertThat(get(LETTERS + "/" + letter).status()).isEqualTo(200);
    }
}
