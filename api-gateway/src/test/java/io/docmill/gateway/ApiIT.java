package io.docmill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.gateway.download.DownloadUrls;
import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionFailure.TooComplex.Limit;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.SourceId;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply;
import io.docmill.model.security.ApiKey;
import io.docmill.model.security.ServiceKey;
import io.docmill.model.storage.ObjectKeys;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.testing.documents.BrokenDocuments;
import io.docmill.testing.documents.EncryptedDocuments;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ApiIT {
    private static NeighbourProcesses neighbours;
    private static ScriptedWorker worker;
    private static RunningGateway gateway;

    /** Another gateway beside the same neighbours, which has callers come back after 2 s. */
    private static RunningGateway impatient;

    @BeforeAll
    static void start(@TempDir Path directory) {
        neighbours = NeighbourProcesses.start(directory);
        gateway = RunningGateway.start(neighbours, directory.resolve("spool"), Map.of());
        impatient = RunningGateway.start(
                neighbours, directory.resolve("impatient"), Map.of("docmill.gateway.wait-limit", "2s"));
        worker = new ScriptedWorker(neighbours.settings(Map.of()));
    }

    @AfterAll
    static void stop() {
        worker.close();
        impatient.close();
        gateway.close();
        neighbours.close();
    }

    @BeforeEach
    void everyJobSucceeds() {
        worker.does(worker::succeed);
    }

    private static TestDocument document() {
        return TestDocuments.docx("A document of the API's tests.").named("Q3 report.docx");
    }

    private static String error(Answer answer) {
        return answer.json().getString("error");
    }

    /** An error's body without what differs from request to request. */
    private static JsonObject withoutRequestId(Answer answer) {
        JsonObject body = answer.json();
        assertThat(body.remove("request_id")).isNotNull();
        return body;
    }

    private static String withForeignUlid(String id) {
        SourceId other = SourceId.create(SourceId.Kind.FILE);
        return id.startsWith("file_") ? other.toString() : "conv_F" + other.ulid() + id.substring(id.length() - 26);
    }

    @Test
    void keepsAnUploadedFileAndTellsWhatItConvertsTo() {
        // When
        Answer answer = gateway.upload(document());
        // Then
        assertThat(answer.status()).isEqualTo(201);
        JsonObject file = answer.json();
        assertThat(file.getString("id")).startsWith("file_");
        assertThat(file.getString("name")).isEqualTo("Q3 report.docx");
        assertThat(file.getString("format")).isEqualTo("docx");
        assertThat(file.getInteger("size")).isEqualTo(document().size());
        assertThat(file.getString("sha256")).matches("[0-9a-f]{64}");
        assertThat(file.getJsonArray("targets")).isEqualTo(JsonArray.of("pdf", "html", "txt", "odt"));
        assertThat(gateway.get("/v1/files/" + file.getString("id")).json()).isEqualTo(file);
    }

    @Test
    void convertsOnceAndAnswersEachLaterCallFromTheCache() {
        // Given
        String file = gateway.uploaded(document());
        // When
        Answer first = gateway.toPdf(file);
        Answer second = gateway.toPdf(file);
        // Then
        assertThat(first.status()).isEqualTo(200);
        assertThat(first.json().getString("status")).isEqualTo("succeeded");
        assertThat(first.json().getBoolean("cached")).isFalse();
        assertThat(second.status()).isEqualTo(200);
        assertThat(second.json().getBoolean("cached")).isTrue();
        assertThat(second.json().getString("attempt")).isEqualTo(first.json().getString("attempt"));
        assertThat(worker.jobsOf(file)).hasSize(1);
        byte[] artifact =
                gateway.download(second.json().getString("download_url")).body();
        assertThat(artifact).isEqualTo(ScriptedWorker.artifactOf(second.json().getString("attempt")));
    }

    @Test
    void tellsEverythingOfASucceededConversion() {
        // Given
        String file = gateway.uploaded(document());
        // When
        JsonObject conversion = gateway.toPdf(file).json();
        // Then
        assertThat(conversion.getString("id")).startsWith("conv_F");
        assertThat(conversion.getJsonObject("source")).isEqualTo(JsonObject.of("type", "file", "id", file));
        assertThat(conversion.getString("format")).isEqualTo("pdf");
        assertThat(conversion.getJsonObject("options")).isEqualTo(new JsonObject());
        assertThat(conversion.getString("content_type")).isEqualTo("application/pdf");
        assertThat(conversion.getInteger("pages")).isEqualTo(3);
        assertThat(conversion.getString("engine")).isEqualTo("scripted");
        assertThat(conversion.getInteger("size")).isPositive();
        for (String time : List.of("created_at", "started_at", "completed_at")) {
            assertThat(conversion.getInstant(time)).isBefore(Instant.now().plusSeconds(1));
        }
        assertThat(conversion.getInstant("expires_at"))
                .isBetween(
                        Instant.now().plus(Duration.ofMinutes(54)),
                        Instant.now().plus(Duration.ofMinutes(61)));
    }

    @Test
    void keepsConversionsWithOtherOptionsApart() {
        // Given
        String file = gateway.uploaded(document());
        // When
        JsonObject plain = gateway.toPdf(file).json();
        JsonObject tagged =
                gateway.convert(file, Map.of("format", "pdf", "tagged", "true")).json();
        JsonObject plainAgain = gateway.convert(file, Map.of("format", "pdf", "tagged", "false", "timeout", "90"))
                .json();
        // Then
        assertThat(tagged.getString("id")).isNotEqualTo(plain.getString("id"));
        assertThat(tagged.getJsonObject("options")).isEqualTo(JsonObject.of("tagged", true));
        assertThat(plainAgain.getString("id")).isEqualTo(plain.getString("id"));
        assertThat(worker.jobsOf(file)).hasSize(2);
    }

    @Test
    void publishesOneJobForManyEqualRequestsAtOnce() throws Exception {
        // Given
        String file = gateway.uploaded(document());
        List<ConversionJob> held = new CopyOnWriteArrayList<>();
        worker.does(held::add);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            // When
            List<Future<Answer>> answers = IntStream.range(0, 50)
                    .mapToObj(_ -> callers.submit(() -> gateway.toPdf(file)))
                    .toList();
            await().until(() -> !held.isEmpty());
            worker.does(worker::succeed);
            worker.succeed(held.getFirst());
            // Then
            for (Future<Answer> answer : answers) {
                assertThat(answer.get().status()).isEqualTo(200);
                assertThat(answer.get().json().getString("attempt"))
                        .isEqualTo(held.getFirst().attempt().toString());
            }
        }
        assertThat(worker.jobsOf(file)).hasSize(1);
    }

    @Test
    void answersAlsoWhenTheReplyIsLost() {
        // Given
        String file = gateway.uploaded(document());
        worker.does(worker::writeArtifact);
        // When
        Answer answer = gateway.toPdf(file);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().getString("status")).isEqualTo("succeeded");
        assertThat(worker.jobsOf(file)).hasSize(1);
    }

    @Test
    void answersAlsoWhenTheReplyOfAFailureIsLost() {
        // Given
        String file = gateway.uploaded(document());
        worker.does(job -> worker.writeFailure(job, job.attempt(), new ConversionFailure.Corrupt()));
        // When
        Answer answer = gateway.toPdf(file);
        // Then
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.json().getString("reason")).isEqualTo("corrupt");
    }

    @Test
    void passesOverRepliesThatNobodyCanRead() {
        // Given
        String file = gateway.uploaded(document());
        worker.does(job -> {
            worker.send("not a reply".getBytes(StandardCharsets.UTF_8));
            worker.send("{\"v\": 99}".getBytes(StandardCharsets.UTF_8));
            worker.succeed(job);
        });
        // When
        Answer answer = gateway.toPdf(file);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(gateway.application().report().ready()).isTrue();
    }

    @Test
    void hasTheCallerComeBackPastTheWaitLimit() {
        // Given
        String file = impatient.uploaded(document());
        List<ConversionJob> held = new CopyOnWriteArrayList<>();
        worker.does(held::add);
        // When
        Answer answer = impatient.toPdf(file);
        // Then
        assertThat(answer.status()).isEqualTo(202);
        assertThat(answer.json().getString("status")).isEqualTo("queued");
        assertThat(answer.json().getBoolean("cached")).isFalse();
        assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
        String location = answer.header("Location");
        assertThat(location)
                .isEqualTo("/v1/conversions/%s?attempt=%s"
                        .formatted(answer.json().getString("id"), answer.json().getString("attempt")));
        assertThat(impatient.get(location).json().getString("status")).isEqualTo("queued");
        // When
        worker.succeed(held.getFirst());
        // Then
        JsonObject ended = impatient.get(location).json();
        assertThat(ended.getString("status")).isEqualTo("succeeded");
        assertThat(impatient.download(ended.getString("download_url")).status()).isEqualTo(200);
        assertThat(impatient.toPdf(file).status()).isEqualTo(200);
        assertThat(worker.jobsOf(file)).hasSize(1);
    }

    @Test
    void joinsTheAttemptThatAnEarlierCallerWasToldToComeBackFor() {
        // Given
        String file = impatient.uploaded(document());
        List<ConversionJob> held = new CopyOnWriteArrayList<>();
        worker.does(held::add);
        // When
        Answer first = impatient.toPdf(file);
        Answer second = impatient.toPdf(file);
        // Then
        assertThat(first.status()).isEqualTo(202);
        assertThat(second.status()).isEqualTo(202);
        assertThat(second.header("Location")).isEqualTo(first.header("Location"));
        assertThat(held).hasSize(1);
    }

    @Test
    void tellsAFailureToWhoComesBackForIt() {
        // Given
        String file = impatient.uploaded(document());
        List<ConversionJob> held = new CopyOnWriteArrayList<>();
        worker.does(held::add);
        String location = impatient.toPdf(file).header("Location");
        // When
        worker.fail(held.getFirst(), new ConversionFailure.Corrupt());
        // Then
        Answer answer = impatient.get(location);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().getString("status")).isEqualTo("failed");
        JsonObject error = answer.json().getJsonObject("error");
        assertThat(error.getString("error")).isEqualTo("unprocessable_document");
        assertThat(error.getString("reason")).isEqualTo("corrupt");
        assertThat(error.getString("message")).isNotBlank();
        assertThat(error.containsKey("request_id")).isFalse();
    }

    @Test
    void refusesAnAttemptThatIsNone() {
        // Given
        String conversion = gateway.toPdf(gateway.uploaded(document())).json().getString("id");
        // When
        Answer answer = gateway.get("/v1/conversions/" + conversion + "?attempt=latest");
        // Then
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().getString("message")).contains("'attempt'");
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                failure(new ConversionFailure.SourceMissing(), 404, "not_found", null, null),
                failure(
                        new ConversionFailure.PasswordRequired(),
                        422,
                        "unprocessable_document",
                        "password_required",
                        false),
                failure(new ConversionFailure.WrongPassword(), 422, "unprocessable_document", "wrong_password", false),
                failure(new ConversionFailure.Corrupt(), 422, "unprocessable_document", "corrupt", false),
                failure(new ConversionFailure.Suspicious(), 422, "unprocessable_document", "suspicious", false),
                failure(
                        new ConversionFailure.OtherFormat(DocumentFormat.PPTX, DocumentFormat.TXT),
                        400,
                        "invalid_request",
                        null,
                        null),
                failure(
                        new ConversionFailure.TooComplex(Limit.TIME, 60),
                        422,
                        "unprocessable_document",
                        "too_complex",
                        false),
                failure(
                        new ConversionFailure.TooComplex(Limit.MEMORY, 60),
                        422,
                        "unprocessable_document",
                        "too_complex",
                        false),
                failure(
                        new ConversionFailure.TooComplex(Limit.OUTPUT_SIZE, 60),
                        422,
                        "unprocessable_document",
                        "too_complex",
                        false),
                failure(new ConversionFailure.EngineCrashed(2), 502, "upstream_error", null, false),
                failure(new ConversionFailure.WorkersLost(4), 502, "upstream_error", null, false),
                failure(new ConversionFailure.Interrupted(), 502, "upstream_error", null, true));
    }

    private static Arguments failure(
            ConversionFailure failure, int status, String error, @Nullable String reason, @Nullable Boolean retryable) {
        return Arguments.of(failure, status, error, reason, retryable);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void tellsEachFailureInItsOwnWay(
            ConversionFailure failure, int status, String error, @Nullable String reason, @Nullable Boolean retryable) {
        // Given
        String file = gateway.uploaded(document());
        worker.does(job -> worker.fail(job, failure));
        // When
        Answer answer = gateway.toPdf(file);
        // Then
        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.json().getString("error")).isEqualTo(error);
        assertThat(answer.json().getString("reason")).isEqualTo(reason);
        assertThat(answer.json().getBoolean("retryable")).isEqualTo(retryable);
        assertThat(answer.json().getString("message")).isNotBlank();
        assertThat(answer.json().getString("request_id")).isEqualTo(answer.header("X-Request-Id"));
    }

    @Test
    void remembersAFailureThatWouldRepeat() {
        // Given
        String file = gateway.uploaded(document());
        worker.does(job -> worker.fail(job, new ConversionFailure.Corrupt()));
        gateway.toPdf(file);
        worker.does(worker::succeed);
        // When
        Answer remembered = gateway.toPdf(file);
        neighbours.flushRedis();
        Answer rememberedByStorage = gateway.toPdf(file);
        // Then
        assertThat(remembered.status()).isEqualTo(422);
        assertThat(rememberedByStorage.status()).isEqualTo(422);
        assertThat(worker.jobsOf(file)).hasSize(1);
    }

    @Test
    void triesARememberedFailureAgainForARefresh() {
        // Given
        String file = gateway.uploaded(document());
        worker.does(job -> worker.fail(job, new ConversionFailure.Corrupt()));
        gateway.toPdf(file);
        worker.does(worker::succeed);
        // When
        Answer refreshed = gateway.convert(file, Map.of("format", "pdf", "refresh", "true"));
        Answer later = gateway.toPdf(file);
        // Then
        assertThat(refreshed.status()).isEqualTo(200);
        assertThat(refreshed.json().getBoolean("cached")).isFalse();
        assertThat(later.status()).isEqualTo(200);
        assertThat(later.json().getBoolean("cached")).isTrue();
        assertThat(worker.jobsOf(file)).hasSize(2);
    }

    @Test
    void triesAgainAfterATimeOutOnlyForWhoAllowsMoreTime() {
        // Given
        String file = gateway.uploaded(document());
        worker.does(job -> worker.fail(job, new ConversionFailure.TooComplex(Limit.TIME, job.timeoutSeconds())));
        gateway.convert(file, Map.of("format", "pdf", "timeout", "30"));
        worker.does(worker::succeed);
        // When
        Answer less = gateway.convert(file, Map.of("format", "pdf", "timeout", "20"));
        Answer more = gateway.convert(file, Map.of("format", "pdf", "timeout", "90"));
        // Then
        assertThat(less.status()).isEqualTo(422);
        assertThat(more.status()).isEqualTo(200);
        assertThat(worker.jobsOf(file)).hasSize(2);
    }

    @Test
    void triesAgainAfterAFailureThatPasses() {
        // Given
        String file = gateway.uploaded(document());
        worker.does(job -> worker.fail(job, new ConversionFailure.Interrupted()));
        gateway.toPdf(file);
        worker.does(worker::succeed);
        // When
        Answer again = gateway.toPdf(file);
        // Then
        assertThat(again.status()).isEqualTo(200);
        List<ConversionJob> jobs = worker.jobsOf(file);
        assertThat(jobs).hasSize(2);
        assertThat(jobs.get(1).attempt()).isGreaterThan(jobs.get(0).attempt());
    }

    @Test
    void opensAnAttemptThatIsLaterThanWhatStorageHolds() {
        // Given
        String file = gateway.uploaded(document());
        AttemptId ahead = new AttemptId("7" + "0".repeat(25));
        worker.does(job -> {
            worker.writeFailure(job, ahead, new ConversionFailure.Interrupted());
            worker.reply(
                    job, new JobReply.Failed(worker.writeFailure(job, ahead, new ConversionFailure.Interrupted())));
        });
        gateway.toPdf(file);
        worker.does(worker::succeed);
        // When
        Answer again = gateway.toPdf(file);
        // Then
        assertThat(again.status()).isEqualTo(200);
        assertThat(worker.jobsOf(file).getLast().attempt()).isGreaterThan(ahead);
    }

    @Test
    void convertsAnewForARefreshAndAnswersItsArtifactFromThenOn() {
        // Given
        String file = gateway.uploaded(document());
        String first = gateway.toPdf(file).json().getString("attempt");
        // When
        Answer refreshed = gateway.convert(file, Map.of("format", "pdf", "refresh", "true"));
        Answer later = gateway.toPdf(file);
        // Then
        String second = refreshed.json().getString("attempt");
        assertThat(second).isGreaterThan(first);
        assertThat(refreshed.json().getString("id")).isEqualTo(later.json().getString("id"));
        assertThat(later.json().getString("attempt")).isEqualTo(second);
        assertThat(gateway.download(later.json().getString("download_url")).body())
                .isEqualTo(ScriptedWorker.artifactOf(second));
    }

    @Test
    void doesNotAnswerARefreshWithAnOlderArtifact() {
        // Given
        String file = gateway.uploaded(document());
        gateway.toPdf(file);
        ConversionJob first = worker.jobsOf(file).getFirst();
        worker.does(job -> {
            worker.succeed(first);
            worker.succeed(job);
        });
        // When
        Answer refreshed = gateway.convert(file, Map.of("format", "pdf", "refresh", "true"));
        // Then
        assertThat(refreshed.json().getString("attempt"))
                .isEqualTo(worker.jobsOf(file).getLast().attempt().toString())
                .isGreaterThan(first.attempt().toString());
    }

    @Test
    void asksForThePasswordWithoutAJobAndLeavesATraceOfIt() {
        // Given
        String file = gateway.uploaded(EncryptedDocuments.docx("secret"));
        // When
        Answer waiting = gateway.toPdf(file);
        Answer again = gateway.toPdf(file);
        Answer refresh = gateway.convert(file, Map.of("format", "pdf", "refresh", "true"));
        // Then
        for (Answer answer : List.of(waiting, again, refresh)) {
            assertThat(answer.status()).isEqualTo(422);
            assertThat(answer.json().getString("reason")).isEqualTo("password_required");
        }
        assertThat(worker.jobsOf(file)).isEmpty();
    }

    @Test
    void convertsAWorkbookWithExcelsDefaultPasswordLikeAnyOther() {
        // Given
        String file = gateway.uploaded(EncryptedDocuments.xlsxWithDefaultPassword("open"));
        // When
        Answer answer = gateway.toPdf(file);
        // Then
        assertThat(answer.json().getString("status")).isEqualTo("succeeded");
    }

    @Test
    void keepsAnEncryptedFileAndGivesWhatItsPasswordOpensToNobodyElse() {
        // Given
        String file = gateway.uploaded(EncryptedDocuments.docx("secret"));
        // When
        JsonObject with = gateway.convert(file, Map.of("format", "pdf", "password", "open sesame"))
                .json();
        Answer without = gateway.toPdf(file);
        worker.does(job -> worker.fail(job, new ConversionFailure.WrongPassword()));
        Answer wrong = gateway.convert(file, Map.of("format", "pdf", "password", "123456"));
        // Then
        assertThat(with.getString("status")).isEqualTo("succeeded");
        assertThat(without.json().getString("reason")).isEqualTo("password_required");
        assertThat(wrong.json().getString("reason")).isEqualTo("wrong_password");
        List<ConversionJob> jobs = worker.jobsOf(file);
        assertThat(jobs.getFirst().sealedPassword()).isNotNull().doesNotContain("sesame");
        assertThat(ServiceKey.of(NeighbourProcesses.SERVICE_KEY)
                        .openPassword(
                                String.valueOf(jobs.getFirst().sealedPassword()),
                                jobs.getFirst().attempt().toString()))
                .contains("open sesame");
        assertThat(jobs).hasSize(2);
    }

    @Test
    void answersFromStorageWhatRedisHasLost() {
        // Given
        String file = gateway.uploaded(document());
        gateway.toPdf(file);
        neighbours.flushRedis();
        // When
        Answer answer = gateway.toPdf(file);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().getBoolean("cached")).isTrue();
        assertThat(worker.jobsOf(file)).hasSize(1);
    }

    @Test
    void answersAtOneGatewayWhatAnotherHadConverted() {
        // Given
        String file = gateway.uploaded(document());
        gateway.toPdf(file);
        // When
        Answer answer = impatient.convert(file, Map.of("format", "pdf"), gateway.userKey());
        // Then
        assertThat(answer.json().getBoolean("cached")).isTrue();
        assertThat(impatient.download(answer.json().getString("download_url")).status())
                .isEqualTo(200);
        assertThat(answer.json().getString("download_url")).startsWith("http://127.0.0.1:" + impatient.port() + "/");
    }

    @Test
    void doesNotKnowAFileAnyMoreOnceItIsDeleted() {
        // Given
        String file = gateway.uploaded(document());
        JsonObject conversion = gateway.toPdf(file).json();
        String original = gateway.get("/v1/files/" + file + "/content").json().getString("download_url");
        // When
        Answer deleted = gateway.delete("/v1/files/" + file);
        // Then
        assertThat(deleted.status()).isEqualTo(204);
        assertThat(deleted.body()).isEmpty();
        String conversionPath = "/v1/conversions/" + conversion.getString("id");
        for (Answer answer : List.of(
                gateway.get("/v1/files/" + file),
                gateway.get("/v1/files/" + file + "/content"),
                gateway.toPdf(file),
                gateway.get(conversionPath),
                gateway.get(conversionPath + "?attempt=" + conversion.getString("attempt")),
                gateway.download(conversion.getString("download_url")),
                gateway.download(original),
                gateway.delete("/v1/files/" + file))) {
            assertThat(answer.status()).isEqualTo(404);
            assertThat(error(answer)).isEqualTo("not_found");
        }
        assertThat(worker.jobsOf(file)).hasSize(1);
        assertThat(gateway.get("/v1/files?limit=100").text()).doesNotContain(file);
    }

    @Test
    void leavesNothingOfADeletedFileInStorage() {
        // Given
        String file = gateway.uploaded(document());
        gateway.toPdf(file);
        ConversionJob job = worker.jobsOf(file).getFirst();
        worker.writeFailure(job, job.attempt(), new ConversionFailure.Canceled());
        // When
        gateway.delete("/v1/files/" + file);
        // Then
        try (ObjectStore objects = new ObjectStore(neighbours.settings(Map.of()).storage())) {
            assertThat(objects.keys(ObjectKeys.sourcePrefix(
                            job.scope(), job.conversion().source())))
                    .isEmpty();
        }
    }

    @Test
    void downloadsUnderTheSourcesNameWithTheNewExtension() {
        // Given
        String file = gateway.uploaded(TestDocuments.docx("x").named("Отчёт 三 “Q3”.docx"));
        String url = gateway.toPdf(file).json().getString("download_url");
        // When
        Answer answer = gateway.download(url);
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/pdf");
        assertThat(answer.header("Content-Disposition"))
                .startsWith("attachment; ")
                .endsWith("filename*=UTF-8''%D0%9E%D1%82%D1%87%D1%91%D1%82%20%E4%B8%89%20%E2%80%9CQ3%E2%80%9D.pdf");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
        assertThat(answer.header("X-Request-Id")).isNotBlank();
    }

    @Test
    void downloadsPartsOfAnArtifact() {
        // Given
        JsonObject conversion = gateway.toPdf(gateway.uploaded(document())).json();
        String url = conversion.getString("download_url");
        byte[] whole = ScriptedWorker.artifactOf(conversion.getString("attempt"));
        int size = whole.length;
        // When
        Answer beginning = gateway.send(gateway.request(url).header("Range", "bytes=0-4"));
        Answer rest = gateway.send(gateway.request(url).header("Range", "bytes=5-"));
        Answer end = gateway.send(gateway.request(url).header("Range", "bytes=-3"));
        Answer more = gateway.send(gateway.request(url).header("Range", "bytes=5-99999"));
        Answer beyond = gateway.send(gateway.request(url).header("Range", "bytes=" + size + "-"));
        Answer several = gateway.send(gateway.request(url).header("Range", "bytes=0-1,3-4"));
        Answer nonsense = gateway.send(gateway.request(url).header("Range", "pages=1"));
        // Then
        assertThat(beginning.status()).isEqualTo(206);
        assertThat(beginning.body()).isEqualTo(Arrays.copyOf(whole, 5));
        assertThat(beginning.header("Content-Range")).isEqualTo("bytes 0-4/" + size);
        assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(whole, 5, size));
        assertThat(end.body()).isEqualTo(Arrays.copyOfRange(whole, size - 3, size));
        assertThat(more.body()).isEqualTo(rest.body());
        assertThat(beyond.status()).isEqualTo(416);
        assertThat(beyond.header("Content-Range")).isEqualTo("bytes */" + size);
        assertThat(several.status()).isEqualTo(200);
        assertThat(several.body()).isEqualTo(whole);
        assertThat(nonsense.status()).isEqualTo(200);
    }

    @Test
    void tellsOfADownloadWithoutItsBody() {
        // Given
        JsonObject conversion = gateway.toPdf(gateway.uploaded(document())).json();
        // When
        Answer answer = gateway.send(
                gateway.request(conversion.getString("download_url")).HEAD());
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Length"))
                .isEqualTo(conversion.getInteger("size").toString());
        assertThat(answer.header("Accept-Ranges")).isEqualTo("bytes");
        assertThat(answer.body()).isEmpty();
    }

    @Test
    void refusesADownloadThatWasChangedOrHasExpired() {
        // Given
        String url = gateway.toPdf(gateway.uploaded(document())).json().getString("download_url");
        String otherSignature = url.substring(0, url.length() - 4) + "AAAA";
        String otherPayload = url.replace(DownloadUrls.PATH + "e", DownloadUrls.PATH + "f");
        String without = url.substring(0, url.indexOf('.', url.indexOf(DownloadUrls.PATH)));
        String expired;
        try (ObjectStore objects = new ObjectStore(neighbours.settings(Map.of()).storage())) {
            Clock twoHoursAgo = Clock.fixed(Instant.now().minus(Duration.ofHours(2)), ZoneOffset.UTC);
            expired = new DownloadUrls(objects, ServiceKey.of(NeighbourProcesses.SERVICE_KEY), twoHoursAgo)
                    .sign("any", "any.pdf", "application/pdf")
                    .location();
        }
        for (String refused : List.of(otherSignature, otherPayload, without, expired, DownloadUrls.PATH + "x.y")) {
            // When
            Answer answer = gateway.download(refused);
            // Then
            assertThat(answer.status()).describedAs(refused).isEqualTo(403);
            assertThat(error(answer)).isEqualTo("forbidden");
        }
    }

    @Test
    void givesTheOriginalBySignedUrlAndByItsBytes() {
        // Given
        TestDocument document = document();
        String file = gateway.uploaded(document);
        // When
        Answer told = gateway.get("/v1/files/" + file + "/content");
        Answer bytes = gateway.send(gateway.request("/v1/files/" + file + "/content")
                .header("X-API-Key", gateway.userKey())
                .header("Accept", "application/octet-stream"));
        // Then
        assertThat(told.status()).isEqualTo(200);
        Answer original = gateway.download(told.json().getString("download_url"));
        assertThat(original.body()).isEqualTo(document.bytes());
        assertThat(bytes.body()).isEqualTo(document.bytes());
        assertThat(bytes.header("Content-Disposition")).contains("filename=\"Q3 report.docx\"");
    }

    @Test
    void answersWhatAnotherScopeHasAsWhatDoesNotExist() {
        // Given
        String file = gateway.uploaded(document());
        String conversion = gateway.toPdf(file).json().getString("id");
        String stranger = gateway.createKey();
        for (List<Answer> pair : List.of(
                List.of(
                        gateway.get("/v1/files/" + file, stranger),
                        gateway.get("/v1/files/" + withForeignUlid(file), stranger)),
                List.of(
                        gateway.get("/v1/files/" + file + "/content", stranger),
                        gateway.get("/v1/files/" + withForeignUlid(file) + "/content", stranger)),
                List.of(
                        gateway.delete("/v1/files/" + file, stranger),
                        gateway.delete("/v1/files/" + withForeignUlid(file), stranger)),
                List.of(
                        gateway.convert(file, Map.of("format", "pdf"), stranger),
                        gateway.convert(withForeignUlid(file), Map.of("format", "pdf"), stranger)),
                List.of(
                        gateway.convert(file, Map.of("format", "nonsense"), stranger),
                        gateway.convert(withForeignUlid(file), Map.of("format", "nonsense"), stranger)),
                List.of(
                        gateway.get("/v1/conversions/" + conversion, stranger),
                        gateway.get("/v1/conversions/" + withForeignUlid(conversion), stranger)),
                List.of(gateway.get("/v1/files/file_x", stranger), gateway.get("/v1/conversions/x", stranger)))) {
            // Then
            assertThat(pair).extracting(Answer::status).containsOnly(404);
            assertThat(withoutRequestId(pair.get(0))).isEqualTo(withoutRequestId(pair.get(1)));
        }
        assertThat(gateway.get("/v1/files", stranger).json().getJsonArray("data"))
                .isEmpty();
        assertThat(gateway.get("/v1/files/" + file).status()).isEqualTo(200);
    }

    @Test
    void listsFilesNewestFirstByCursor() {
        // Given
        String key = gateway.createKey();
        List<String> files = IntStream.range(0, 5)
                .mapToObj(_ -> gateway.uploadedBy(key, document()))
                .toList();
        // When
        List<String> listed = new CopyOnWriteArrayList<>();
        String path = "/v1/files?limit=2";
        for (String next = ""; next != null; ) {
            JsonObject page = gateway.get(next.isEmpty() ? path : path + "&cursor=" + next, key)
                    .json();
            page.getJsonArray("data").forEach(file -> listed.add(((JsonObject) file).getString("id")));
            next = page.getString("next_cursor");
        }
        // Then
        assertThat(listed).isEqualTo(files.reversed());
    }

    @Test
    void takesKeysInBothHeaders() {
        // When
        Answer byKey = gateway.send(gateway.request("/v1/files").header("X-API-Key", gateway.userKey()));
        Answer byBearer =
                gateway.send(gateway.request("/v1/files").header("Authorization", "Bearer " + gateway.userKey()));
        Answer byLowerCase =
                gateway.send(gateway.request("/v1/files").header("authorization", "bearer " + gateway.userKey()));
        // Then
        assertThat(List.of(byKey, byBearer, byLowerCase))
                .extracting(Answer::status)
                .containsOnly(200);
    }

    @Test
    void refusesWhoHasNoKey() {
        // Given
        String unknown = ApiKey.generate(new SecureRandom()).text();
        String mistyped = gateway.userKey().substring(0, gateway.userKey().length() - 1) + "_";
        for (Answer answer : List.of(
                gateway.send(gateway.request("/v1/files")),
                gateway.get("/v1/files", unknown),
                gateway.get("/v1/files", mistyped),
                gateway.send(gateway.request("/v1/files").header("Authorization", "Basic abc")),
                gateway.convert("file_x", Map.of("format", "pdf"), unknown))) {
            // Then
            assertThat(answer.status()).isEqualTo(401);
            assertThat(error(answer)).isEqualTo("unauthorized");
            assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer");
        }
    }

    @Test
    void makesKeysForOperatorsAlone() {
        // Given
        String body = "{\"name\": \"Finance\", \"scope\": \"workspace\"}";
        // When
        Answer made = adminKeys(gateway.operatorKey(), body);
        Answer refused = adminKeys(gateway.userKey(), body);
        Answer sameScope = adminKeys(
                gateway.operatorKey(),
                "{\"name\": \"Finance 2\", \"scope\": \"workspace\", \"scope_id\": \"%s\"}"
                        .formatted(made.json().getString("scope_id")));
        // Then
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.json().getString("key")).startsWith("sk_live_");
        assertThat(made.json().getString("role")).isEqualTo("user");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(error(refused)).isEqualTo("forbidden");
        String file = gateway.uploadedBy(made.json().getString("key"), document());
        assertThat(gateway.get("/v1/files/" + file, sameScope.json().getString("key"))
                        .status())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "null",
                "\"text\"",
                "{}",
                "{\"name\": \"x\"}",
                "{\"name\": 1, \"scope\": \"personal\"}",
                "{\"name\": \"\", \"scope\": \"personal\"}",
                "{\"name\": \"x\", \"scope\": \"everything\"}",
                "{\"name\": \"x\", \"scope\": \"personal\", \"role\": \"god\"}",
                "{\"name\": \"x\", \"scope\": \"personal\", \"scope_id\": \"../../keys\"}",
                "{\"name\": \"x\", \"scope\": \"personal\", \"unknown\": 1}"
            })
    void refusesABodyThatDescribesNoKey(String body) {
        // When
        Answer answer = adminKeys(gateway.operatorKey(), body);
        // Then
        assertThat(answer.status()).describedAs(answer.text()).isEqualTo(400);
        assertThat(error(answer)).isEqualTo("invalid_request");
        assertThat(answer.json().getString("message")).isNotBlank();
    }

    @Test
    void refusesAJsonBodyThatIsTooLong() {
        // When
        Answer answer = adminKeys(
                gateway.operatorKey(), "{\"name\": \"%s\", \"scope\": \"personal\"}".formatted("x".repeat(2_000_000)));
        // Then
        assertThat(answer.status()).isEqualTo(413);
        assertThat(error(answer)).isEqualTo("payload_too_large");
        assertThat(answer.json().getString("message")).contains("1 MB");
    }

    private static Answer adminKeys(String key, String body) {
        return gateway.send(gateway.request("/v1/admin/keys")
                .header("X-API-Key", key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    @Test
    void repeatsTheCallersRequestIdWhenItIsSane() {
        // When
        Answer sane = gateway.send(gateway.request("/v1/files/file_x")
                .header("X-API-Key", gateway.userKey())
                .header("X-Request-Id", "order-17/a.b"));
        Answer insane = gateway.send(gateway.request("/v1/files/file_x")
                .header("X-API-Key", gateway.userKey())
                .header("X-Request-Id", "<script> " + "x".repeat(200)));
        // Then
        assertThat(sane.header("X-Request-Id")).isEqualTo("order-17/a.b");
        assertThat(sane.json().getString("request_id")).isEqualTo("order-17/a.b");
        assertThat(insane.header("X-Request-Id")).matches("[0-9A-Z]{26}");
    }

    @Test
    void namesTheTargetsOfASourceThatDoesNotConvertToTheFormat() {
        // Given
        String file = gateway.uploaded(document());
        for (Map<String, String> fields : List.of(
                Map.of("format", "csv"),
                Map.of("format", "docx"),
                Map.of("format", "PDF\u0000\u202e"),
                Map.of("format", ""),
                Map.<String, String>of())) {
            // When
            Answer answer = gateway.convert(file, fields);
            // Then
            assertThat(answer.status()).isEqualTo(400);
            assertThat(error(answer)).isEqualTo("invalid_request");
            assertThat(answer.json().getString("message")).contains("pdf, html, txt, odt");
            assertThat(answer.json().getJsonArray("valid_targets"))
                    .isEqualTo(JsonArray.of("pdf", "html", "txt", "odt"));
        }
        assertThat(worker.jobsOf(file)).isEmpty();
    }

    @Test
    void namesTheOptionThatIsWrong() {
        // Given
        String file = gateway.uploaded(document());
        for (Map.Entry<String, String> option : Map.of(
                        "tagged", "0", "timeout", "1000000", "dpi", "100", "colour", "red", "refresh", "perhaps")
                .entrySet()) {
            // When
            Answer answer = gateway.convert(file, Map.of("format", "pdf", option.getKey(), option.getValue()));
            // Then
            assertThat(answer.status()).describedAs(option.toString()).isEqualTo(400);
            assertThat(answer.json().getString("message")).contains(option.getKey());
        }
    }

    @Test
    void refusesWhatCanNeverConvert() {
        // Given
        Map<TestDocument, Integer> documents = Map.of(
                BrokenDocuments.empty().named("empty.docx"), 422,
                BrokenDocuments.truncatedDocx().named("truncated.docx"), 422,
                BrokenDocuments.zipBomb(200).named("bomb.docx"), 422,
                TestDocuments.png().named("picture.png"), 400);
        documents.forEach((document, status) -> {
            // When
            Answer answer = gateway.upload(document);
            // Then
            assertThat(answer.status()).describedAs(document.name()).isEqualTo(status);
        });
        await().untilAsserted(() -> assertThat(gateway.spooled()).isEmpty());
    }

    @Test
    void tellsWrongPathsMethodsParametersAndTypesApart() {
        // Given
        String key = gateway.userKey();
        // When
        Answer noPath = gateway.get("/v2/files");
        Answer noMethod = gateway.send(
                gateway.request("/v1/files").header("X-API-Key", key).method("PATCH", BodyPublishers.noBody()));
        Answer noParameter = gateway.get("/v1/files?page=2");
        Answer badNumber = gateway.get("/v1/files?limit=0");
        Answer badCursor = gateway.get("/v1/files?cursor=x");
        Answer twice = gateway.get("/v1/files?limit=1&limit=2");
        Answer notAcceptable = gateway.send(
                gateway.request("/v1/files").header("X-API-Key", key).header("Accept", "image/png"));
        Answer json = gateway.send(gateway.request("/v1/files/" + SourceId.create(SourceId.Kind.FILE) + "/convert")
                .header("X-API-Key", key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"format\": \"pdf\"}")));
        // Then
        assertThat(noPath.status()).isEqualTo(404);
        assertThat(noMethod.status()).isEqualTo(405);
        assertThat(noMethod.header("Allow")).contains("GET").contains("POST");
        assertThat(List.of(noParameter, badNumber, badCursor, twice))
                .extracting(Answer::status)
                .containsOnly(400);
        assertThat(notAcceptable.status()).isEqualTo(406);
        assertThat(json.status()).isEqualTo(415);
        assertThat(List.of(noPath, noMethod, noParameter, notAcceptable, json))
                .allSatisfy(
                        answer -> assertThat(answer.json().getString("message")).isNotBlank());
    }

    @Test
    void listsTheFormatsAndTheContractToAnyKey() {
        // When
        Answer formats = gateway.get("/v1/formats");
        Answer contract = gateway.send(gateway.request("/openapi.yaml"));
        // Then
        assertThat(formats.json().getJsonArray("data")).hasSize(6);
        assertThat(contract.text()).startsWith("openapi: 3.1");
    }

    @Test
    void keepsTheDigestOfWhatWasUploaded() throws Exception {
        // Given
        TestDocument document = document();
        // When
        String told = gateway.upload(document).json().getString("sha256");
        // Then
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(document.bytes());
        assertThat(told).isEqualTo(HexFormat.of().formatHex(digest));
    }
}
