package io.docmill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.job.ConversionJob;
import io.docmill.testing.documents.TestDocuments;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How long callers wait: the limit of this gateway is 3 s. */
class PreferIT {
    private static NeighbourProcesses neighbours;
    private static ScriptedWorker worker;
    private static RunningGateway gateway;

    private final List<ConversionJob> held = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start(@TempDir Path directory) {
        neighbours = NeighbourProcesses.start(directory);
        gateway = RunningGateway.start(
                neighbours, directory.resolve("spool"), Map.of("docmill.gateway.wait-limit", "3s"));
        worker = new ScriptedWorker(neighbours.settings(Map.of()));
    }

    @AfterAll
    static void stop() {
        worker.close();
        gateway.close();
        neighbours.close();
    }

    @BeforeEach
    void everyJobIsHeld() {
        worker.does(held::add);
    }

    private static String file() {
        return gateway.uploaded(TestDocuments.docx("A document of the waits' tests."));
    }

    private static Answer toPdf(String file, String... preferences) {
        return prefer("/v1/files/" + file + "/convert", "application/x-www-form-urlencoded", "format=pdf", preferences);
    }

    private static Answer prefer(String path, String type, String body, String... preferences) {
        HttpRequest.Builder request = gateway.request(path)
                .header("X-API-Key", gateway.userKey())
                .header("Content-Type", type)
                .POST(BodyPublishers.ofString(body));
        for (String preference : preferences) {
            request.header("Prefer", preference);
        }
        return gateway.send(request);
    }

    private static void assertComesBack(Answer answer, String applied) {
        assertThat(answer.status()).describedAs(answer.toString()).isEqualTo(202);
        assertThat(answer.header("Preference-Applied")).isEqualTo(applied);
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
        assertThat(gateway.get(answer.header("Location")).json().getString("status"))
                .isEqualTo("queued");
    }

    @Test
    void tellsWhoDoesNotWantToWaitAtOnceWhereToLook() {
        // Given
        String file = file();
        // When
        Answer answer = toPdf(file, "respond-async");
        // Then
        assertComesBack(answer, "respond-async");
        await().until(() -> !held.isEmpty());
        worker.succeed(held.getFirst());
        assertThat(gateway.get(answer.header("Location")).json().getString("status"))
                .isEqualTo("succeeded");
    }

    @Test
    void answersAtOnceWhatIsThereWhateverIsPreferred() {
        // Given
        String file = file();
        worker.does(worker::succeed);
        toPdf(file);
        // When
        Answer async = toPdf(file, "respond-async");
        Answer wait = toPdf(file, "wait=2");
        // Then
        assertThat(async.status()).isEqualTo(200);
        assertThat(async.headers().firstValue("Preference-Applied")).isEmpty();
        assertThat(wait.status()).isEqualTo(200);
        assertThat(wait.header("Preference-Applied")).isEqualTo("wait=2");
    }

    @Test
    void waitsAsLongAsPreferredWithinTheLimit() {
        assertComesBack(toPdf(file(), "wait=0"), "wait=0");
        assertComesBack(toPdf(file(), "wait=1"), "wait=1");
        assertComesBack(toPdf(file(), "wait=1000"), "wait=3");
        assertComesBack(toPdf(file(), "return=minimal", "respond-async, wait=1"), "respond-async, wait=1");
        assertComesBack(toPdf(file(), "return=minimal"), "");
    }

    @Test
    void answersWithinAPreferredWait() {
        // Given
        String file = file();
        worker.does(worker::succeed);
        // When
        Answer answer = toPdf(file, "wait=3");
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Preference-Applied")).isEqualTo("wait=3");
    }

    @Test
    void appliesToTheExportOfARunToo() {
        // Given
        String run = gateway.postJson("/v1/runs", "{\"kind\": \"word\"}").json().getString("id");
        gateway.deliver(run, TestDocuments.docx("An output."));
        // When
        Answer answer =
                prefer("/v1/runs/" + run + "/export", "application/json", "{\"format\": \"pdf\"}", "respond-async");
        // Then
        assertComesBack(answer, "respond-async");
    }

    @Test
    void refusesAWaitThatIsNone() {
        // Given
        String file = file();
        for (String preference : List.of("wait", "wait=soon", "wait=-1", "wait=1.5", "wait=1, wait=2")) {
            // When
            Answer answer = toPdf(file, preference);
            // Then
            assertThat(answer.status()).describedAs(preference).isEqualTo(400);
            assertThat(answer.json().getString("message")).contains("'Prefer'", "'wait'");
        }
        assertThat(toPdf(file, "wait=1", "wait=2").status()).isEqualTo(400);
        assertThat(worker.jobsOf(file)).isEmpty();
    }
}
