package io.docmill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.id.SourceId;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.testing.documents.BrokenDocuments;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunsIT {
    private static final TestDocument DOCUMENT =
            TestDocuments.docx("The output of a run.").named("output.docx");

    private static NeighbourProcesses neighbours;
    private static ScriptedWorker worker;
    private static RunningGateway gateway;

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
    }

    @AfterEach
    void theSpoolIsEmpty() {
        await().untilAsserted(() -> assertThat(gateway.spooled()).isEmpty());
    }

    private static String registered() {
        return registered("{\"kind\": \"word\"}");
    }

    private static String registered(String body) {
        Answer answer = gateway.postJson("/v1/runs", body);
        assertThat(answer.status()).describedAs(answer.toString()).isEqualTo(201);
        return answer.json().getString("id");
    }

    private static String completed() {
        String run = registered();
        assertThat(gateway.deliver(run, DOCUMENT).status()).isEqualTo(200);
        return run;
    }

    private static Answer export(String run, String body) {
        return gateway.postJson("/v1/runs/" + run + "/export", body);
    }

    private static Answer toPdf(String run) {
        return export(run, "{\"format\": \"pdf\"}");
    }

    private static Answer fail(String run, String message) {
        return gateway.postJson(
                "/v1/runs/" + run + "/fail", JsonObject.of("message", message).encode());
    }

    private static JsonObject look(String run) {
        return gateway.get("/v1/runs/" + run).json();
    }

    private static void assertError(Answer answer, int status, String error, String... named) {
        assertThat(answer.status()).describedAs(answer.toString()).isEqualTo(status);
        assertThat(answer.json().getString("error")).isEqualTo(error);
        assertThat(answer.json().getString("message")).isNotBlank().contains(named);
        assertThat(answer.json().getString("request_id")).isEqualTo(answer.header("X-Request-Id"));
    }

    /** The keys of all objects that have to do with a run, in any scope. */
    private static List<String> stored(String run) {
        String segment = SourceId.parse(run).orElseThrow().keySegment();
        try (ObjectStore objects = new ObjectStore(neighbours.settings(Map.of()).storage())) {
            return objects.keys("scopes/").stream()
                    .filter(key -> key.contains(segment))
                    .toList();
        }
    }

    @Test
    void registersARunThatIsQueued() {
        // When
        Answer answer =
                gateway.postJson("/v1/runs", "{\"kind\": \"word\", \"project_id\": \"P-7\", \"name\": \"Q3 report\"}");
        // Then
        assertThat(answer.status()).isEqualTo(201);
        JsonObject run = answer.json();
        assertThat(run.getString("id")).startsWith("run_");
        assertThat(run.getString("kind")).isEqualTo("word");
        assertThat(run.getString("project_id")).isEqualTo("P-7");
        assertThat(run.getString("name")).isEqualTo("Q3 report");
        assertThat(run.getString("status")).isEqualTo("queued");
        assertThat(run.getInstant("created_at")).isNotNull();
        for (String field : List.of("output", "error", "completed_at")) {
            assertThat(run.containsKey(field)).describedAs(field).isTrue();
            assertThat(run.getValue(field)).describedAs(field).isNull();
        }
        assertThat(look(run.getString("id"))).isEqualTo(run);
    }

    @Test
    void completesARunByItsOutput() {
        // Given
        String run = registered("{\"kind\": \"reports\", \"project_id\": null, \"name\": null}");
        // When
        Answer answer = gateway.deliver(run, DOCUMENT);
        // Then
        assertThat(answer.status()).describedAs(answer.toString()).isEqualTo(200);
        JsonObject body = answer.json();
        assertThat(body.getString("status")).isEqualTo("completed");
        JsonObject output = body.getJsonObject("output");
        assertThat(output.getString("name")).isEqualTo("output.docx");
        assertThat(output.getString("format")).isEqualTo("docx");
        assertThat(output.getInteger("size")).isEqualTo(DOCUMENT.size());
        assertThat(output.getJsonArray("targets")).isEqualTo(JsonArray.of("pdf", "html", "txt", "odt"));
        assertThat(body.getString("completed_at")).isEqualTo(output.getString("created_at"));
        assertThat(look(run)).isEqualTo(body);
    }

    @Test
    void exportsOnceAndAnswersEachLaterCallFromTheCache() {
        // Given
        String run = completed();
        // When
        Answer first = toPdf(run);
        Answer second = toPdf(run);
        neighbours.flushRedis();
        Answer third = toPdf(run);
        // Then
        assertThat(first.status()).describedAs(first.toString()).isEqualTo(200);
        assertThat(first.json().getJsonObject("source")).isEqualTo(JsonObject.of("type", "run", "id", run));
        assertThat(first.json().getString("id")).startsWith("conv_R");
        assertThat(first.json().getBoolean("cached")).isFalse();
        assertThat(second.json().getBoolean("cached")).isTrue();
        assertThat(third.json().getBoolean("cached")).isTrue();
        assertThat(worker.jobsOf(run)).hasSize(1);
        Answer download = gateway.download(second.json().getString("download_url"));
        assertThat(download.body())
                .isEqualTo(ScriptedWorker.artifactOf(second.json().getString("attempt")));
        assertThat(download.header("Content-Disposition")).contains("filename=\"output.pdf\"");
        assertThat(gateway.get("/v1/conversions/" + first.json().getString("id"))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Q3 report|Q3 report.pdf",
                "Q3 report.docx|Q3 report.pdf",
                "Release 1.2|Release 1.2.pdf",
                "Sales 2025/26|Sales 2025_26.pdf",
                "../../etc/passwd|.._.._etc_passwd.pdf"
            })
    void downloadsUnderTheNameOfTheRun(String name, String expected) {
        // Given
        String run = registered(JsonObject.of("kind", "word", "name", name).encode());
        gateway.deliver(run, DOCUMENT);
        // When
        Answer download = gateway.download(toPdf(run).json().getString("download_url"));
        // Then
        assertThat(download.header("Content-Disposition")).contains("filename=\"" + expected + "\"");
        assertThat(look(run).getString("name")).isEqualTo(name);
    }

    @Test
    void takesOptionsAsJsonValuesAndAsText() {
        // Given
        String run = completed();
        // When
        Answer typed = export(run, "{\"format\": \"pdf\", \"tagged\": true, \"timeout\": 90, \"refresh\": false}");
        Answer text = export(run, "{\"format\": \"pdf\", \"tagged\": \"true\", \"timeout\": \"90\"}");
        // Then
        assertThat(typed.status()).describedAs(typed.toString()).isEqualTo(200);
        assertThat(typed.json().getJsonObject("options")).isEqualTo(JsonObject.of("tagged", true));
        assertThat(text.json().getString("id")).isEqualTo(typed.json().getString("id"));
        assertThat(worker.jobsOf(run).getFirst().timeoutSeconds()).isEqualTo(90);
    }

    @Test
    void namesTheTargetsOfAnOutputThatDoesNotConvertToTheFormat() {
        // Given
        String run = completed();
        for (String body : List.of("{\"format\": \"csv\"}", "{\"format\": \"\"}", "{}")) {
            // When
            Answer answer = export(run, body);
            // Then
            assertError(answer, 400, "invalid_request", "pdf, html, txt, odt");
            assertThat(answer.json().getJsonArray("valid_targets"))
                    .isEqualTo(JsonArray.of("pdf", "html", "txt", "odt"));
        }
        assertThat(worker.jobsOf(run)).isEmpty();
    }

    @Test
    void namesTheOptionThatIsWrong() {
        // Given
        String run = completed();
        for (Map.Entry<String, String> option : Map.of(
                        "tagged", "1",
                        "timeout", "4",
                        "dpi", "100",
                        "colour", "\"red\"",
                        "refresh", "null",
                        "password", "[\"a\"]",
                        "sheet", "{\"a\": 1}")
                .entrySet()) {
            // When
            Answer answer =
                    export(run, "{\"format\": \"pdf\", \"%s\": %s}".formatted(option.getKey(), option.getValue()));
            // Then
            assertError(answer, 400, "invalid_request", option.getKey());
        }
        assertError(export(run, "{\"format\": \"pdf\", \"timeout\": 60.5}"), 400, "invalid_request", "timeout");
        assertError(export(run, "{\"format\": [\"pdf\"]}"), 400, "invalid_request", "format");
        assertThat(worker.jobsOf(run)).isEmpty();
    }

    @Test
    void doesNotExportARunThatHasNoOutputYet() {
        // Given
        String run = registered();
        // When
        Answer answer = toPdf(run);
        // Then
        assertError(answer, 409, "conflict", "completed");
        assertThat(answer.json().getBoolean("retryable")).isTrue();
        gateway.deliver(run, DOCUMENT);
        assertThat(toPdf(run).status()).isEqualTo(200);
    }

    @Test
    void doesNotExportAFailedRunAndTellsWhy() {
        // Given
        String run = registered();
        fail(run, "The template has no heading.");
        // When
        Answer answer = toPdf(run);
        // Then
        assertError(answer, 409, "conflict", "The template has no heading.");
        assertThat(answer.json().getBoolean("retryable")).isFalse();
    }

    @Test
    void tellsAFailedConversionOfARunLikeAFiles() {
        // Given
        String run = completed();
        worker.does(job -> worker.fail(job, new ConversionFailure.Corrupt()));
        // When
        Answer answer = toPdf(run);
        // Then
        assertError(answer, 422, "unprocessable_document");
        assertThat(answer.json().getString("reason")).isEqualTo("corrupt");
    }

    @Test
    void takesTheSameOutputAgainAndNoOther() {
        // Given
        String run = registered();
        JsonObject first = gateway.deliver(run, DOCUMENT).json();
        // When
        Answer same = gateway.deliver(run, DOCUMENT.named("renamed.docx"));
        Answer other = gateway.deliver(run, TestDocuments.docx("Another output."));
        // Then
        assertThat(same.status()).isEqualTo(200);
        assertThat(same.json()).isEqualTo(first);
        assertError(other, 409, "conflict", "output");
        assertThat(look(run)).isEqualTo(first);
    }

    @Test
    void takesOneOfManyOutputsThatComeAtOnce() throws Exception {
        // Given
        String run = registered();
        List<TestDocument> documents = IntStream.range(0, 8)
                .mapToObj(number -> TestDocuments.docx("Output " + number % 4))
                .toList();
        List<Integer> statuses = new ArrayList<>();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            // When
            List<Future<Answer>> answers = documents.stream()
                    .map(document -> callers.submit(() -> gateway.deliver(run, document)))
                    .toList();
            for (Future<Answer> answer : answers) {
                statuses.add(answer.get().status());
            }
        }
        // Then
        assertThat(statuses).containsOnly(200, 409);
        String kept = look(run).getJsonObject("output").getString("sha256");
        for (TestDocument document : documents) {
            Answer again = gateway.deliver(run, document);
            assertThat(again.status()).isIn(200, 409);
            if (again.status() == 200) {
                assertThat(again.json().getJsonObject("output").getString("sha256"))
                        .isEqualTo(kept);
            }
        }
    }

    @Test
    void failsARunOnce() {
        // Given
        String run = registered();
        // When
        Answer failed = fail(run, "It\nfailed \"badly\".");
        Answer same = fail(run, "It\nfailed \"badly\".");
        Answer other = fail(run, "For another reason.");
        // Then
        assertThat(failed.status()).describedAs(failed.toString()).isEqualTo(200);
        assertThat(failed.json().getString("status")).isEqualTo("failed");
        assertThat(failed.json().getJsonObject("error").getString("message")).isEqualTo("It\nfailed \"badly\".");
        assertThat(failed.json().getJsonObject("error").getBoolean("retryable")).isFalse();
        assertThat(failed.json().getInstant("completed_at")).isNotNull();
        assertThat(same.status()).isEqualTo(200);
        assertThat(same.json()).isEqualTo(failed.json());
        assertError(other, 409, "conflict", "badly");
        assertThat(look(run)).isEqualTo(failed.json());
    }

    @Test
    void takesNoOutputOfAFailedRunAndNoFailureOfACompletedOne() {
        // Given
        String failed = registered();
        fail(failed, "No data.");
        String completed = completed();
        // When
        Answer output = gateway.deliver(failed, DOCUMENT);
        Answer failure = fail(completed, "Too late.");
        // Then
        assertError(output, 409, "conflict", "No data.");
        assertError(failure, 409, "conflict");
        assertThat(look(failed).getString("status")).isEqualTo("failed");
        assertThat(look(completed).getString("status")).isEqualTo("completed");
        assertThat(stored(failed)).hasSize(2);
        assertThat(stored(completed)).hasSize(2);
    }

    @Test
    void checksAnOutputLikeAnUploadAndLeavesTheRunQueued() {
        // Given
        String run = registered();
        Map<TestDocument, Integer> documents = Map.of(
                BrokenDocuments.empty().named("empty.docx"), 422,
                BrokenDocuments.truncatedDocx().named("truncated.docx"), 422,
                BrokenDocuments.zipBomb(200).named("bomb.docx"), 422,
                TestDocuments.png().named("picture.png"), 400);
        documents.forEach((document, status) -> {
            // When
            Answer delivered = gateway.deliver(run, document);
            Answer uploaded = gateway.upload(document);
            // Then
            assertThat(delivered.status()).describedAs(document.name()).isEqualTo(status);
            assertThat(delivered.json().getString("message"))
                    .isEqualTo(uploaded.json().getString("message"));
        });
        assertThat(look(run).getString("status")).isEqualTo("queued");
        assertThat(stored(run)).hasSize(1);
        assertThat(gateway.deliver(run, TestDocuments.xlsx("Any source is taken."))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void doesNotKnowARunAnyMoreOnceItIsDeleted() {
        // Given
        String run = completed();
        JsonObject conversion = toPdf(run).json();
        String failed = registered();
        fail(failed, "No data.");
        // When
        Answer deleted = gateway.delete("/v1/runs/" + run);
        // Then
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(gateway.delete("/v1/runs/" + failed).status()).isEqualTo(204);
        for (Answer answer : List.of(
                gateway.get("/v1/runs/" + run),
                gateway.get("/v1/runs/" + failed),
                toPdf(run),
                toPdf(failed),
                gateway.deliver(run, DOCUMENT),
                gateway.deliver(failed, DOCUMENT),
                fail(run, "Too late."),
                gateway.get("/v1/conversions/" + conversion.getString("id")),
                gateway.download(conversion.getString("download_url")),
                gateway.delete("/v1/runs/" + run))) {
            assertError(answer, 404, "not_found");
        }
        assertThat(stored(run)).isEmpty();
        assertThat(stored(failed)).isEmpty();
        assertThat(gateway.get("/v1/runs?limit=100").text()).doesNotContain(run, failed);
    }

    @Test
    void leavesNothingOfAnOutputThatMeetsADelete() throws Exception {
        // Given
        List<String> runs = IntStream.range(0, 20).mapToObj(_ -> registered()).toList();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String run : runs) {
                // When
                Future<Answer> delivery = callers.submit(() -> gateway.deliver(run, DOCUMENT));
                Future<Answer> failure = callers.submit(() -> fail(run, "No data."));
                Future<Answer> delete = callers.submit(() -> gateway.delete("/v1/runs/" + run));
                // Then
                assertThat(delete.get().status()).isEqualTo(204);
                assertThat(delivery.get().status()).isIn(200, 404, 409);
                assertThat(failure.get().status()).isIn(200, 404, 409);
                await().untilAsserted(() -> assertThat(stored(run)).isEmpty());
            }
        }
    }

    @Test
    void answersWhatAnotherScopeHasAsWhatDoesNotExist() {
        // Given
        String run = completed();
        String queued = registered();
        String stranger = gateway.createKey();
        String none = SourceId.create(SourceId.Kind.RUN).toString();
        for (String body : List.of("{\"format\": \"pdf\"}", "{\"format\": \"nonsense\"}")) {
            assertSameNotFound(
                    gateway.postJson("/v1/runs/" + run + "/export", body, stranger),
                    gateway.postJson("/v1/runs/" + queued + "/export", body, stranger),
                    gateway.postJson("/v1/runs/" + none + "/export", body, stranger));
        }
        String message = "{\"message\": \"x\"}";
        // Then
        assertSameNotFound(
                gateway.get("/v1/runs/" + run, stranger),
                gateway.get("/v1/runs/" + none, stranger),
                gateway.delete("/v1/runs/" + run, stranger),
                gateway.delete("/v1/runs/" + none, stranger),
                gateway.deliver(queued, DOCUMENT, stranger),
                gateway.deliver(none, DOCUMENT, stranger),
                gateway.postJson("/v1/runs/" + queued + "/fail", message, stranger),
                gateway.postJson("/v1/runs/" + none + "/fail", message, stranger));
        assertThat(gateway.get("/v1/runs", stranger).json().getJsonArray("data"))
                .isEmpty();
        assertThat(look(run).getString("status")).isEqualTo("completed");
        assertThat(look(queued).getString("status")).isEqualTo("queued");
        assertThat(stored(none)).isEmpty();
    }

    private static void assertSameNotFound(Answer... answers) {
        for (Answer answer : answers) {
            assertError(answer, 404, "not_found");
            JsonObject body = answer.json();
            body.remove("request_id");
            JsonObject first = answers[0].json();
            first.remove("request_id");
            assertThat(body).isEqualTo(first);
        }
    }

    @Test
    void answersIdsOfOtherThingsAsWhatDoesNotExist() {
        // Given
        String file = gateway.uploaded(DOCUMENT);
        String run = completed();
        String conversion = toPdf(run).json().getString("id");
        for (String id :
                List.of(file, conversion, "run_", "run_x", run.toLowerCase(Locale.ROOT), "file_" + run.substring(4))) {
            // Then
            assertSameNotFound(
                    gateway.get("/v1/runs/" + id),
                    gateway.delete("/v1/runs/" + id),
                    toPdf(id),
                    fail(id, "x"),
                    gateway.deliver(id, DOCUMENT));
        }
        assertThat(gateway.get("/v1/files/" + run).status()).isEqualTo(404);
        assertThat(gateway.toPdf(run).status()).isEqualTo(404);
        assertThat(gateway.get("/v1/files/" + file).status()).isEqualTo(200);
    }

    @Test
    void listsRunsNewestFirstByCursor() {
        // Given
        String key = gateway.createKey();
        List<String> runs = IntStream.range(0, 5)
                .mapToObj(_ -> gateway.postJson("/v1/runs", "{\"kind\": \"word\"}", key)
                        .json()
                        .getString("id"))
                .toList();
        gateway.deliver(runs.get(3), DOCUMENT, key);
        // When
        List<String> listed = new ArrayList<>();
        for (String next = ""; next != null; ) {
            JsonObject page = gateway.get("/v1/runs?limit=2" + (next.isEmpty() ? "" : "&cursor=" + next), key)
                    .json();
            page.getJsonArray("data").forEach(run -> listed.add(((JsonObject) run).getString("id")));
            next = page.getString("next_cursor");
        }
        // Then
        assertThat(listed).isEqualTo(runs.reversed());
        assertThat(gateway.get("/v1/runs?limit=2", key).text()).contains("completed", "queued");
        for (String query : List.of("limit=0", "limit=x", "cursor=x", "cursor=" + gateway.uploaded(DOCUMENT), "a=b")) {
            assertError(gateway.get("/v1/runs?" + query), 400, "invalid_request", query.split("=", 2)[0]);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "~~|JSON",
                "{|JSON",
                "{\"kind\": \"word\"|JSON",
                "{\"kind\": 'word'}|JSON",
                "{\"kind\": \"word\"} {}|nothing behind",
                "{\"kind\": \"word\", \"kind\": \"word\"}|kind",
                "{\"kind\": \"\\ud800\"}|surrogate",
                "[]|object",
                "null|object",
                "\"text\"|object",
                "{}|kind",
                "{\"kind\": null}|kind",
                "{\"kind\": 7}|kind",
                "{\"kind\": \"\"}|kind",
                "{\"kind\": \"Word\"}|kind",
                "{\"kind\": \"a/b\"}|kind",
                "{\"kind\": \"word\\n\"}|kind",
                "{\"kind\": \"word\", \"project_id\": 7}|project_id",
                "{\"kind\": \"word\", \"project_id\": \"\"}|project_id",
                "{\"kind\": \"word\", \"project_id\": \"a\\u0000b\"}|project_id",
                "{\"kind\": \"word\", \"name\": \"\"}|name",
                "{\"kind\": \"word\", \"name\": [\"x\"]}|name",
                "{\"kind\": \"word\", \"colour\": \"red\"}|colour"
            })
    void refusesABodyThatDescribesNoRun(String body, String named) {
        // When
        Answer answer = gateway.postJson("/v1/runs", body);
        // Then
        assertError(answer, 400, "invalid_request", named);
    }

    @Test
    void refusesTextsThatAreTooLong() {
        // Given
        String run = registered();
        // Then
        assertError(
                gateway.postJson("/v1/runs", "{\"kind\": \"%s\"}".formatted("a".repeat(51))),
                400,
                "invalid_request",
                "kind");
        assertError(
                gateway.postJson("/v1/runs", "{\"kind\": \"a\", \"project_id\": \"%s\"}".formatted("a".repeat(101))),
                400,
                "invalid_request",
                "project_id");
        assertError(
                gateway.postJson("/v1/runs", "{\"kind\": \"a\", \"name\": \"%s\"}".formatted("a".repeat(256))),
                400,
                "invalid_request",
                "name");
        assertError(fail(run, "é".repeat(701)), 400, "invalid_request", "message");
        assertError(fail(run, " "), 400, "invalid_request", "message");
        assertError(gateway.postJson("/v1/runs/" + run + "/fail", "{}"), 400, "invalid_request", "message");
        assertThat(fail(run, "é".repeat(700)).status()).isEqualTo(200);
        Answer longest = gateway.postJson(
                "/v1/runs",
                JsonObject.of(
                                "kind", "k".repeat(50),
                                "project_id", "🎉".repeat(100),
                                "name", "\"日本".repeat(85))
                        .encode());
        assertThat(longest.status()).describedAs(longest.toString()).isEqualTo(201);
        assertThat(longest.json().getString("name").getBytes(StandardCharsets.UTF_8))
                .hasSizeLessThanOrEqualTo(255);
        assertThat(gateway.deliver(longest.json().getString("id"), DOCUMENT).status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/runs", "/v1/runs/{run}/fail", "/v1/runs/{run}/export"})
    void refusesJsonThatIsMadeToHarm(String template) {
        // Given
        String path = template.replace("{run}", registered());
        // When
        Answer deep = gateway.postJson(path, "{\"kind\": " + "[".repeat(200_000));
        Answer deepObjects = gateway.postJson(path, "{\"kind\": " + "{\"a\":".repeat(100_000));
        Answer large = gateway.postJson(path, "{\"kind\": \"" + "x".repeat(50_000_000) + "\"}");
        Answer number = gateway.postJson(path, "{\"kind\": " + "1".repeat(100_000) + "}");
        Answer utf8 = gateway.send(gateway.request(path)
                .header("X-API-Key", gateway.userKey())
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(BodyPublishers.ofByteArray(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'})));
        // Then
        assertError(deep, 400, "invalid_request", "nested");
        assertError(deepObjects, 400, "invalid_request", "nested");
        assertError(large, 413, "payload_too_large", "1 MB");
        assertError(number, 400, "invalid_request");
        assertError(utf8, 400, "invalid_request");
    }

    @Test
    void takesJsonOnlyAsJsonAndOnlyOfCallersWithAKey() {
        // When
        Answer form = gateway.send(gateway.request("/v1/runs")
                .header("X-API-Key", gateway.userKey())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("kind=word")));
        Answer untyped = gateway.send(gateway.request("/v1/runs")
                .header("X-API-Key", gateway.userKey())
                .POST(BodyPublishers.ofString("{\"kind\": \"word\"}")));
        Answer withoutKey = gateway.send(gateway.request("/v1/runs")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{")));
        Answer jsonOutput = gateway.send(gateway.request("/v1/runs/" + registered() + "/output")
                .header("X-API-Key", gateway.userKey())
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{}")));
        Answer method = gateway.send(gateway.request("/v1/runs")
                .header("X-API-Key", gateway.userKey())
                .method("PATCH", BodyPublishers.noBody()));
        Answer notAcceptable = gateway.send(gateway.request("/v1/runs")
                .header("X-API-Key", gateway.userKey())
                .header("Content-Type", "application/json")
                .header("Accept", "image/png")
                .POST(BodyPublishers.ofString("{\"kind\": \"word\"}")));
        // Then
        assertError(form, 415, "unsupported_media_type", "application/json");
        assertError(untyped, 415, "unsupported_media_type", "application/json");
        assertError(withoutKey, 401, "unauthorized");
        assertError(jsonOutput, 415, "unsupported_media_type", "multipart/form-data");
        assertError(method, 405, "method_not_allowed", "GET, POST");
        assertError(notAcceptable, 406, "not_acceptable");
    }

    @Test
    void keepsRunsAndFilesOfOneScopeApart() {
        // Given
        String key = gateway.createKey();
        gateway.postJson("/v1/runs", "{\"kind\": \"word\"}", key);
        gateway.uploadedBy(key, DOCUMENT);
        // Then
        assertThat(gateway.get("/v1/runs", key).json().getJsonArray("data")).hasSize(1);
        assertThat(gateway.get("/v1/files", key).json().getJsonArray("data")).hasSize(1);
    }
}
