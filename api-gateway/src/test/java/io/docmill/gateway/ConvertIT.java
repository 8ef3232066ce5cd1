package io.docmill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.job.ConversionJob;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.testing.documents.BrokenDocuments;
import io.docmill.testing.documents.EncryptedDocuments;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Upload, conversion and download in one call. */
class ConvertIT {
    private static final TestDocument DOCUMENT =
            TestDocuments.docx("A document of one call.").named("Q3 report.docx");

    private static NeighbourProcesses neighbours;
    private static ScriptedWorker worker;
    private static RunningGateway gateway;

    /** A scope of its own for each test, so that what it leaves can be told. */
    private String key;

    @BeforeAll
    static void start(@TempDir Path directory) {
        neighbours = NeighbourProcesses.start(directory);
        gateway = RunningGateway.start(neighbours, directory.resolve("spool"), Map.of());
        worker = new ScriptedWorker(neighbours.settings(Map.of()));
    }

    @AfterAll
    static void stop() {
        worker.close();
        gateway.close();
        neighbours.close();
    }

    @BeforeEach
    void everyJobSucceeds() {
        worker.does(worker::succeed);
        key = gateway.createKey();
    }

    @AfterEach
    void theSpoolIsEmpty() {
        await().untilAsserted(() -> assertThat(gateway.spooled()).isEmpty());
    }

    private HttpRequest.Builder request(String query, TestDocument document, Map<String, String> fields) {
        return gateway.request("/v1/convert" + query)
                .header("X-API-Key", key)
                .header("Content-Type", RunningGateway.MULTIPART)
                .POST(BodyPublishers.ofByteArray(RunningGateway.multipart(document, fields)));
    }

    private Answer convert(Map<String, String> fields) {
        return gateway.send(request("", DOCUMENT, fields));
    }

    private Answer accepting(String accept, Map<String, String> fields) {
        return gateway.send(request("", DOCUMENT, fields).header("Accept", accept));
    }

    private JsonArray files() {
        return gateway.get("/v1/files", key).json().getJsonArray("data");
    }

    private static void assertBytes(Answer answer) {
        assertThat(answer.status()).describedAs(answer.toString()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/pdf");
        assertThat(answer.header("Content-Disposition")).contains("filename=\"Q3 report.pdf\"");
        assertThat(answer.header("X-Conversion-Id")).startsWith("conv_F");
        assertThat(answer.text()).startsWith(ScriptedWorker.ARTIFACT_BEGINNING);
        assertThat(answer.header("Content-Length")).isEqualTo(String.valueOf(answer.body().length));
    }

    @Test
    void tellsOfAMissingPasswordAlsoWhereTheConversionIsLookedAt() {
        // When
        Answer answer = gateway.send(request("", EncryptedDocuments.xls("secret"), Map.of("format", "pdf"))
                .header("Prefer", "respond-async"));
        // Then
        assertThat(answer.status()).describedAs(answer.toString()).isEqualTo(422);
        JsonObject conversion = gateway.get("/v1/conversions/" + answer.header("X-Conversion-Id"), key)
                .json();
        assertThat(conversion.getString("status")).isEqualTo("failed");
        assertThat(conversion.getString("attempt")).isNotBlank();
        assertThat(conversion.getJsonObject("error").getString("reason")).isEqualTo("password_required");
    }

    @Test
    void answersLikeTheConversionOfAFile() {
        // When
        Answer answer = convert(Map.of("format", "pdf", "tagged", "true"));
        // Then
        assertThat(answer.status()).describedAs(answer.toString()).isEqualTo(200);
        JsonObject conversion = answer.json();
        assertThat(conversion.getString("status")).isEqualTo("succeeded");
        assertThat(conversion.getJsonObject("options")).isEqualTo(JsonObject.of("tagged", true));
        assertThat(answer.header("X-Conversion-Id")).isEqualTo(conversion.getString("id"));
        assertThat(gateway.download(conversion.getString("download_url")).body())
                .isEqualTo(ScriptedWorker.artifactOf(conversion.getString("attempt")));
        String file = conversion.getJsonObject("source").getString("id");
        assertThat(gateway.get("/v1/files/" + file, key).json().getString("name"))
                .isEqualTo("Q3 report.docx");
        Answer again = gateway.convert(file, Map.of("format", "pdf", "tagged", "true"), key);
        assertThat(again.json().getBoolean("cached")).isTrue();
    }

    @Test
    void answersWithTheBytesWhereTheyAreWanted() {
        assertBytes(gateway.send(request("?download=true", DOCUMENT, Map.of("format", "pdf"))));
        assertBytes(convert(Map.of("format", "pdf", "download", "true")));
        assertBytes(accepting("application/pdf", Map.of("format", "pdf")));
        assertBytes(accepting("application/pdf, application/json;q=0.5", Map.of("format", "PDF")));
        assertBytes(accepting("application/*", Map.of("format", "pdf", "download", "true")));
        assertThat(files()).hasSize(5);
    }

    @Test
    void answersWithJsonOtherwise() {
        for (Answer answer : List.of(
                convert(Map.of("format", "pdf")),
                accepting("*/*", Map.of("format", "pdf")),
                accepting("application/json, application/pdf;q=0.5", Map.of("format", "pdf")),
                accepting("application/pdf", Map.of("format", "pdf", "download", "false")),
                gateway.send(request("?download=false", DOCUMENT, Map.of("format", "pdf"))))) {
            assertThat(answer.status()).describedAs(answer.toString()).isEqualTo(200);
            assertThat(answer.json().getString("status")).isEqualTo("succeeded");
        }
    }

    @Test
    void answersWithATextTargetByItsTypeWithoutItsCharset() {
        // When
        Answer answer = accepting("text/plain", Map.of("format", "txt"));
        // Then
        assertThat(answer.status()).describedAs(answer.toString()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
        assertThat(answer.header("Content-Disposition")).contains("Q3 report.txt");
    }

    @Test
    void keepsNothingOfACallThatIsWrong() {
        // Given
        Map<String, Answer> wrong = Map.of(
                "valid targets",
                convert(Map.of("format", "csv")),
                "pdf, html, txt, odt",
                convert(Map.of()),
                "'timeout'",
                convert(Map.of("format", "pdf", "timeout", "1")),
                "'colour'",
                convert(Map.of("format", "pdf", "colour", "red")),
                "'keep'",
                convert(Map.of("format", "pdf", "keep", "no")),
                "'download'",
                gateway.send(request("?download=yes", DOCUMENT, Map.of("format", "pdf"))),
                "differs",
                gateway.send(request("?download=true", DOCUMENT, Map.of("format", "pdf", "download", "false"))),
                "'format' is not a query parameter",
                gateway.send(request("?format=pdf", DOCUMENT, Map.of("format", "pdf"))));
        wrong.forEach((named, answer) -> {
            // Then
            assertThat(answer.status()).describedAs(named).isEqualTo(400);
            assertThat(answer.json().getString("error")).isEqualTo("invalid_request");
            if (!named.equals("valid targets")) {
                assertThat(answer.json().getString("message")).contains(named);
            } else {
                assertThat(answer.json().getJsonArray("valid_targets"))
                        .isEqualTo(JsonArray.of("pdf", "html", "txt", "odt"));
            }
        });
        Answer notAcceptable = accepting("image/png", Map.of("format", "pdf"));
        assertThat(notAcceptable.status()).isEqualTo(406);
        assertThat(notAcceptable.json().getString("message")).contains("application/pdf");
        assertThat(gateway.send(request("", DOCUMENT, Map.of("format", "pdf")).header("Prefer", "wait=x"))
                        .status())
                .isEqualTo(400);
        assertThat(files()).isEmpty();
    }

    @Test
    void refusesADocumentLikeAnUpload() {
        for (TestDocument document : List.of(
                BrokenDocuments.empty().named("empty.docx"),
                BrokenDocuments.truncatedDocx().named("truncated.docx"),
                BrokenDocuments.zipBomb(200).named("bomb.docx"),
                TestDocuments.png().named("picture.png"))) {
            // When
            Answer answer =
                    gateway.send(request("", document, Map.of("format", "pdf")).header("Accept", "application/pdf"));
            Answer uploaded = gateway.upload(document, key);
            // Then
            assertThat(answer.status()).describedAs(document.name()).isEqualTo(uploaded.status());
            assertThat(answer.header("Content-Type")).isEqualTo("application/json");
            assertThat(answer.json().getString("message"))
                    .isEqualTo(uploaded.json().getString("message"));
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void refusesWhatIsNoFormWithADocument() {
        // When
        Answer form = gateway.send(gateway.request("/v1/convert")
                .header("X-API-Key", key)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("format=pdf")));
        Answer withoutKey = gateway.send(gateway.request("/v1/convert")
                .header("Content-Type", RunningGateway.MULTIPART)
                .POST(BodyPublishers.ofByteArray(RunningGateway.multipart(DOCUMENT, Map.of("format", "pdf")))));
        // Then
        assertThat(form.status()).isEqualTo(415);
        assertThat(withoutKey.status()).isEqualTo(401);
    }

    @Test
    void answersAFailedConversionAsJson() {
        // Given
        worker.does(job -> worker.fail(job, new ConversionFailure.Corrupt()));
        // When
        Answer answer = accepting("application/pdf", Map.of("format", "pdf"));
        // Then
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.json().getString("reason")).isEqualTo("corrupt");
        assertThat(answer.header("X-Conversion-Id")).startsWith("conv_F");
        assertThat(files()).hasSize(1);
    }

    @Test
    void tellsWhereToLookWhenTheWaitIsOver() {
        // Given
        List<ConversionJob> held = new CopyOnWriteArrayList<>();
        worker.does(held::add);
        // When
        Answer answer = gateway.send(request("?download=true", DOCUMENT, Map.of("format", "pdf", "keep", "false"))
                .header("Prefer", "respond-async"));
        // Then
        assertThat(answer.status()).describedAs(answer.toString()).isEqualTo(202);
        assertThat(answer.header("Preference-Applied")).isEqualTo("respond-async");
        await().until(() -> !held.isEmpty());
        worker.succeed(held.getFirst());
        JsonObject ended = gateway.get(answer.header("Location"), key).json();
        assertThat(ended.getString("status")).isEqualTo("succeeded");
        assertThat(gateway.download(ended.getString("download_url")).status()).isEqualTo(200);
        assertThat(due("expire")).hasSize(1);
    }

    /** The markers of what is due that name the only file of this test's scope. */
    private List<String> due(String what) {
        String scope = scopeOf(files().getJsonObject(0).getString("id"));
        try (ObjectStore objects = new ObjectStore(neighbours.settings(Map.of()).storage())) {
            return objects.keys("due/").stream()
                    .filter(marker -> marker.contains(what) && marker.contains(scope))
                    .toList();
        }
    }

    private static String scopeOf(String file) {
        return worker.jobsOf(file).getFirst().scope().toString();
    }

    @Test
    void leavesNothingOfWhatIsNotKeptOnceItsBytesAreSent() {
        // Given
        Map<String, String> fields = Map.of("format", "pdf", "download", "true", "keep", "false");
        // When
        Answer answer = convert(fields);
        // Then
        assertBytes(answer);
        String conversion = answer.header("X-Conversion-Id");
        await().untilAsserted(() -> assertThat(files()).isEmpty());
        await().untilAsserted(() -> assertThat(
                        gateway.get("/v1/conversions/" + conversion, key).status())
                .isEqualTo(404));
        ConversionJob job = worker.jobsOf("file_" + conversion.substring(6, 32)).getFirst();
        await().untilAsserted(() -> {
            try (ObjectStore objects =
                    new ObjectStore(neighbours.settings(Map.of()).storage())) {
                assertThat(objects.keys("scopes/" + job.scope() + "/")).isEmpty();
            }
        });
    }

    @Test
    void leavesNothingOfWhatIsNotKeptWhenItsConversionFails() {
        // Given
        worker.does(job -> worker.fail(job, new ConversionFailure.Corrupt()));
        // When
        Answer answer = convert(Map.of("format", "pdf", "keep", "false"));
        // Then
        assertThat(answer.status()).isEqualTo(422);
        await().untilAsserted(() -> assertThat(files()).isEmpty());
    }

    @Test
    void keepsTheResultForAnHourWhereAUrlIsAnswered() {
        // When
        Answer answer = convert(Map.of("format", "pdf", "keep", "false"));
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(gateway.download(answer.json().getString("download_url")).status())
                .isEqualTo(200);
        assertThat(due("expire")).hasSize(1);
    }

    @Test
    void keepsFilesWithoutAnEndOtherwise() {
        // When
        convert(Map.of("format", "pdf", "keep", "true"));
        // Then
        assertThat(files()).hasSize(1);
        assertThat(due("expire")).isEmpty();
    }

    @Test
    void deletesWhatIsNotKeptAlsoWhenTheCallerLeavesInTheMiddle() throws Exception {
        // Given
        byte[] large = "x".repeat(8_000_000).getBytes(StandardCharsets.UTF_8);
        worker.does(job -> worker.succeed(job, large));
        byte[] form = RunningGateway.multipart(DOCUMENT, Map.of("format", "pdf", "download", "true", "keep", "false"));
        // When
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send(
                    "POST /v1/convert HTTP/1.1\nHost: docmill\nX-API-Key: %s\nContent-Type: %s\nContent-Length: %d\n\n"
                            .formatted(key, RunningGateway.MULTIPART, form.length));
            connection.send(form);
            await().until(() -> !files().isEmpty());
            assertThat(connection.statusLine()).contains("200");
        }
        // Then
        await().untilAsserted(() -> assertThat(files()).isEmpty());
    }
}
