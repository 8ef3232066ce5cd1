package io.docmill.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.id.SourceId;
import io.docmill.model.job.JobReply;
import io.docmill.model.job.StoredDeadLetter;
import io.docmill.model.security.ApiKey;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.testing.contract.ApiAnswer;
import io.docmill.testing.contract.ContractCheck;
import io.docmill.testing.contract.ContractCheck.DocumentedAnswer;
import io.docmill.testing.documents.BrokenDocuments;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Drives every operation of the contract into every answer that it documents, but for the one that would take a defect. An
 * operation or answer that is added to the contract fails here until it is driven too.
 */
class ContractIT {
    private static final ContractCheck CONTRACT = ContractCheck.of(ContractCheck.CONTRACT);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final String JSON = "application/json";
    private static final String URL_ENCODED = "application/x-www-form-urlencoded";
    private static final int MOST_UPLOAD = 1_000_000;
    private static final int DEFECT = 500;
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final Buffer NOTHING = Buffer.buffer();

    private static NeighbourProcesses neighbours;
    private static ScriptedWorker worker;
    private static RunningGateway gateway;
    private static GatewayApplication withoutStore;
    private static ObjectStore objects;
    private static DocumentStore documents;

    @BeforeAll
    static void start(@TempDir Path directory) throws InterruptedException {
        neighbours = NeighbourProcesses.start(directory);
        gateway = RunningGateway.start(
                neighbours,
                directory.resolve("spool"),
                Map.of(
                        "docmill.gateway.max-upload",
                        String.valueOf(MOST_UPLOAD),
                        "docmill.gateway.body-patience",
                        "1s"));
        worker = new ScriptedWorker(neighbours.settings(Map.of()));
        objects = new ObjectStore(neighbours.settings(Map.of()).storage());
        documents = new DocumentStore(objects);
        withoutStore = new GatewayApplication(
                neighbours.settings(Map.of(
                        "docmill.storage.endpoint",
                        "http://127.0.0.1:1",
                        "docmill.gateway.spool-directory",
                        directory.resolve("without-store").toString())),
                new SimpleMeterRegistry());
        withoutStore.start();
    }

    @AfterAll
    static void stop() {
        withoutStore.close();
        objects.close();
        worker.close();
        gateway.close();
        neighbours.close();
    }

    /**
     * A request of an operation that would succeed.
     *
     * @param type of the body; empty without one
     */
    private record Call(String method, String path, String key, String type, Buffer content) {
        static Call get(String path) {
            return new Call("GET", path, gateway.userKey(), "", NOTHING);
        }

        static Call delete(String path) {
            return new Call("DELETE", path, gateway.userKey(), "", NOTHING);
        }

        static Call json(String path, String body) {
            return new Call("POST", path, gateway.userKey(), JSON, Buffer.buffer(body));
        }

        static Call form(String method, String path, TestDocument document, Map<String, String> fields) {
            return new Call(
                    method,
                    path,
                    gateway.userKey(),
                    RunningGateway.MULTIPART,
                    Buffer.buffer(RunningGateway.multipart(document, fields)));
        }

        static Call fields(String path, String fields) {
            return new Call("POST", path, gateway.userKey(), URL_ENCODED, Buffer.buffer(fields));
        }

        Call byOperator() {
            return by(gateway.operatorKey());
        }

        Call by(String otherKey) {
            return new Call(method, path, otherKey, type, content);
        }

        Call to(String otherPath) {
            return new Call(method, otherPath, key, type, content);
        }

        Call with(String otherType, Buffer otherContent) {
            return new Call(method, path, key, otherType, otherContent);
        }

        HttpResponse<byte[]> send(String... headers) {
            return sendTo(gateway.port(), BodyPublishers.ofByteArray(content.getBytes()), headers);
        }

        HttpResponse<byte[]> sendTo(int port, BodyPublisher body, String... headers) {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .timeout(LIMIT)
                    .method(method, type.isEmpty() ? BodyPublishers.noBody() : body);
            if (!key.isEmpty()) {
                request.header("X-API-Key", key);
            }
            if (!type.isEmpty()) {
                request.header("Content-Type", type);
            }
            if (headers.length > 0) {
                request.headers(headers);
            }
            try {
                HttpResponse<byte[]> response = HTTP.send(request.build(), BodyHandlers.ofByteArray());
                CONTRACT.check(response);
                return response;
            } catch (IOException e) {
                throw new UncheckedIOException(method + " " + path, e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static JsonObject expect(int status, HttpResponse<byte[]> answer) {
        String text = new String(answer.body(), UTF_8);
        assertThat(answer.statusCode()).as("%s: %s", answer.request(), text).isEqualTo(status);
        return text.startsWith("{") ? new JsonObject(text) : new JsonObject();
    }

    private static String file() {
        return gateway.uploaded(TestDocuments.docx("Of the contract."));
    }

    private static String run() {
        return expect(201, Call.json("/v1/runs", "{\"kind\": \"word\"}").send()).getString("id");
    }

    private static String completedRun() {
        String run = run();
        gateway.deliver(run, TestDocuments.docx("Of a run of the contract."));
        return run;
    }

    private static JsonObject conversion(String file) {
        worker.does(worker::succeed);
        return expect(
                200, Call.fields("/v1/files/" + file + "/convert", "format=pdf").send());
    }

    private static String token() {
        return URI.create(conversion(file()).getString("download_url")).getPath();
    }

    private static String letter(Map<String, String> fields) {
        worker.does(job -> {
            var failure = ScriptedWorker.failureOf(job, job.attempt(), new ConversionFailure.EngineCrashed(2));
            documents.putDeadLetter(StoredDeadLetter.of(job, failure, 1));
            worker.fail(job, new ConversionFailure.EngineCrashed(2));
        });
        String file = file();
        gateway.convert(file, fields);
        worker.does(worker::succeed);
        return "/v1/admin/dead-letters/" + worker.jobsOf(file).getLast().attempt();
    }

    private static String newKey(String role) {
        return expect(
                        201,
                        Call.json(
                                        "/v1/admin/keys",
                                        "{\"name\": \"one\", \"scope\": \"personal\", \"role\": \"%s\"}"
                                                .formatted(role))
                                .byOperator()
                                .send())
                .getString("id");
    }

    /** A request of each operation that succeeds, with what it needs. */
    private static Map<String, Call> calls() {
        String file = file();
        String conversion = "/v1/conversions/" + conversion(file).getString("id");
        Map<String, Call> calls = new LinkedHashMap<>();
        calls.put("listFiles", Call.get("/v1/files"));
        calls.put("createFile", Call.form("POST", "/v1/files", TestDocuments.docx("New."), Map.of()));
        calls.put("getFile", Call.get("/v1/files/" + file));
        calls.put("getFileContent", Call.get("/v1/files/" + file + "/content"));
        calls.put("convertFile", Call.fields("/v1/files/" + file + "/convert", "format=pdf"));
        calls.put("convert", Call.form("POST", "/v1/convert", TestDocuments.docx("At once."), Map.of("format", "pdf")));
        calls.put("deleteFile", Call.delete("/v1/files/" + file()));
        calls.put("listRuns", Call.get("/v1/runs"));
        calls.put("createRun", Call.json("/v1/runs", "{\"kind\": \"word\", \"name\": \"Q3 report\"}"));
        calls.put("getRun", Call.get("/v1/runs/" + run()));
        calls.put(
                "putRunOutput",
                Call.form("PUT", "/v1/runs/" + run() + "/output", TestDocuments.docx("Out."), Map.of()));
        calls.put("failRun", Call.json("/v1/runs/" + run() + "/fail", "{\"message\": \"No template.\"}"));
        calls.put("exportRun", Call.json("/v1/runs/" + completedRun() + "/export", "{\"format\": \"pdf\"}"));
        calls.put("deleteRun", Call.delete("/v1/runs/" + run()));
        calls.put("getConversion", Call.get(conversion));
        calls.put("cancelConversion", Call.delete(conversion));
        calls.put("listFormats", Call.get("/v1/formats"));
        calls.put("download", Call.get(token()).by(""));
        calls.put("headDownload", new Call("HEAD", token(), "", "", NOTHING));
        calls.put(
                "createKey",
                Call.json("/v1/admin/keys", "{\"name\": \"one\", \"scope\": \"personal\"}")
                        .byOperator());
        calls.put("listKeys", Call.get("/v1/admin/keys").byOperator());
        calls.put("revokeKey", Call.delete("/v1/admin/keys/" + newKey("user")).byOperator());
        String letter = letter(Map.of("format", "pdf"));
        calls.put("listDeadLetters", Call.get("/v1/admin/dead-letters").byOperator());
        calls.put("getDeadLetter", Call.get(letter).byOperator());
        calls.put("replayDeadLetter", new Call("POST", letter + "/replay", gateway.operatorKey(), "", NOTHING));
        calls.put("dropDeadLetter", Call.delete(letter(Map.of("format", "pdf"))).byOperator());
        calls.put("getStatus", Call.get("/v1/admin/status").byOperator());
        return calls;
    }

    private static boolean documents(String operation, int status) {
        return CONTRACT.documented().contains(new DocumentedAnswer(operation, status));
    }

    @Test
    void everyOperationGivesEveryAnswerThatItDocuments() {
        Map<String, Call> calls = calls();
        assertThat(calls.keySet())
                .containsExactlyInAnyOrderElementsOf(CONTRACT.contract().operations().stream()
                        .map(operation -> operation.getOperationId())
                        .toList());
        calls.forEach(ContractIT::driveIntoWhatAnyCallCanMeet);
        calls.values()
                .forEach(call ->
                        assertThat(call.send().statusCode()).as("%s", call).isBetween(200, 204));
        driveIntoRanges();
        driveIntoWaits();
        driveIntoConflicts();
        driveIntoBadDocuments();
        driveIntoFailures();
        assertThat(CONTRACT.seen())
                .containsAll(CONTRACT.documented().stream()
                        .filter(answer -> answer.status() != DEFECT)
                        .toList());
    }

    @Test
    void aBodyThatNobodyReadsDoesNotHoldItsConnection() throws IOException {
        // Given
        try (RawConnection connection = new RawConnection(gateway.port())) {
            connection.send("""
                    GET /v1/formats HTTP/1.1
                    Host: localhost
                    X-API-Key: %s
                    Content-Length: 1000

                    {""".formatted(gateway.userKey()));
            // When
            Answer answer = connection.answer();
            // Then
            assertThat(answer.status()).isEqualTo(200);
            assertThat(connection.isClosedByPeer()).isTrue();
        }
    }

    /** What goes wrong with calls of whatever kind, before they have an effect. */
    private static void driveIntoWhatAnyCallCanMeet(String operation, Call call) {
        boolean keyless = call.key().isEmpty();
        String junk = "?no_such_parameter=1";
        expect(400, call.to(call.path() + junk).send());
        if (documents(operation, 401)) {
            expect(401, call.by("").send());
            expect(406, call.send("Accept", "application/xml"));
        }
        if (documents(operation, 403)) {
            expect(
                    403,
                    call.by(keyless ? "" : gateway.userKey())
                            .to(keyless ? call.path() + "x" : call.path())
                            .send());
        }
        if (documents(operation, 404) && call.path().matches(".*/(file|run|conv|key)_.*|.*dead-letters/.*")) {
            expect(404, call.to(elsewhere(call.path())).send());
        }
        if (documents(operation, 415)) {
            expect(415, call.with("text/plain", Buffer.buffer("a")).send());
            expect(413, tooLarge(call).send());
            stall(call);
        }
        expect(
                503,
                call.by(keyless ? "" : ApiKey.generate(new SecureRandom()).text())
                        .sendTo(
                                withoutStore.port(),
                                BodyPublishers.ofByteArray(call.content().getBytes())));
    }

    /** Begins the body and does not go on. */
    private static void stall(Call call) {
        try (RawConnection connection = new RawConnection(gateway.port())) {
            Answer answer = connection
                    .send("""
                            %s %s HTTP/1.1
                            Host: localhost
                            X-API-Key: %s
                            Content-Type: %s
                            Content-Length: 1000

                            {""".formatted(call.method(), call.path(), call.key(), call.type()))
                    .answer();
            CONTRACT.check(
                    new ApiAnswer(call.method(), call.path(), answer.status(), answer.headers(), answer.content()));
            assertThat(answer.status()).as("%s: %s", call.path(), answer).isEqualTo(408);
            assertThat(connection.isClosedByPeer()).isTrue();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same place of something that does not exist. */
    private static String elsewhere(String path) {
        return path.replaceAll(
                        "(file|run)_[0-9A-Z]{26}",
                        "$1_" + SourceId.create(SourceId.Kind.FILE).ulid())
                .replaceAll(
                        "conv_F[0-9A-Z]{26}",
                        "conv_F" + SourceId.create(SourceId.Kind.FILE).ulid())
                .replaceAll("key_[0-9a-f]{4}", "key_0000")
                .replaceAll(
                        "dead-letters/[0-9A-Z]{26}",
                        "dead-letters/" + SourceId.create(SourceId.Kind.FILE).ulid());
    }

    private static Call tooLarge(Call call) {
        byte[] content = new byte[MOST_UPLOAD + 200_000];
        Arrays.fill(content, (byte) 'a');
        return call.type().startsWith("multipart")
                ? call.with(
                        RunningGateway.MULTIPART,
                        Buffer.buffer(RunningGateway.multipart(
                                TestDocument.of("large.docx", content), Map.of("format", "pdf"))))
                : call.with(call.type(), Buffer.buffer(content));
    }

    private static void driveIntoRanges() {
        Call content = Call.get("/v1/files/" + file() + "/content");
        Call download = Call.get(token()).by("");
        expect(200, content.send("Accept", "application/octet-stream"));
        for (Call call : List.of(download, content)) {
            expect(206, call.send("Accept", "application/octet-stream", "Range", "bytes=0-3"));
            expect(416, call.send("Accept", "application/octet-stream", "Range", "bytes=99999999-"));
        }
        Call gone = download.to(goneArtifact());
        expect(404, gone.send());
        expect(404, new Call("HEAD", gone.path(), "", "", NOTHING).send());
    }

    /** A signed URL whose object is gone. */
    private static String goneArtifact() {
        String file = file();
        String path = URI.create(conversion(file).getString("download_url")).getPath();
        gateway.delete("/v1/files/" + file);
        return path;
    }

    private static void driveIntoWaits() {
        worker.does(_ -> {});
        Call atOnce = Call.form("POST", "/v1/convert", TestDocuments.docx("Later."), Map.of("format", "pdf"));
        for (Call call : List.of(
                Call.fields("/v1/files/" + file() + "/convert", "format=pdf"),
                atOnce,
                Call.json("/v1/runs/" + completedRun() + "/export", "{\"format\": \"pdf\"}"))) {
            expect(202, call.send("Prefer", "respond-async"));
        }
        worker.does(worker::succeed);
        assertThat(atOnce.send("Accept", "application/pdf").headers().firstValue("Content-Type"))
                .contains("application/pdf");
    }

    private static void driveIntoConflicts() {
        String run = completedRun();
        expect(
                409,
                Call.form("PUT", "/v1/runs/" + run + "/output", TestDocuments.docx("Another."), Map.of())
                        .send());
        expect(
                409,
                Call.json("/v1/runs/" + run + "/fail", "{\"message\": \"Late.\"}")
                        .send());
        expect(
                409,
                Call.json("/v1/runs/" + run() + "/export", "{\"format\": \"pdf\"}")
                        .send());
        String own = "key_" + new ApiKey(gateway.operatorKey()).sha256();
        expect(409, Call.delete("/v1/admin/keys/" + own).byOperator().send());
        String letter = letter(Map.of("format", "pdf", "password", "open sesame"));
        expect(409, new Call("POST", letter + "/replay", gateway.operatorKey(), "", NOTHING).send());
    }

    private static void driveIntoBadDocuments() {
        TestDocument broken = BrokenDocuments.truncatedDocx();
        expect(422, Call.form("POST", "/v1/files", broken, Map.of()).send());
        expect(
                422,
                Call.form("POST", "/v1/convert", broken, Map.of("format", "pdf"))
                        .send());
        expect(
                422,
                Call.form("PUT", "/v1/runs/" + run() + "/output", broken, Map.of())
                        .send());
    }

    private static void driveIntoFailures() {
        failing(new ConversionFailure.Corrupt(), 422);
        failing(new ConversionFailure.Interrupted(), 502);
        worker.does(job -> worker.reply(
                job,
                new JobReply.Failed(
                        ScriptedWorker.failureOf(job, job.attempt(), new ConversionFailure.SourceMissing()))));
        expect(
                404,
                Call.form("POST", "/v1/convert", TestDocuments.docx("Gone."), Map.of("format", "pdf"))
                        .send());
    }

    private static void failing(ConversionFailure failure, int status) {
        worker.does(job -> worker.fail(job, failure));
        expect(
                status,
                Call.fields("/v1/files/" + file() + "/convert", "format=pdf").send());
        expect(
                status,
                Call.json("/v1/runs/" + completedRun() + "/export", "{\"format\": \"pdf\"}")
                        .send());
        expect(
                status,
                Call.form("POST", "/v1/convert", TestDocuments.docx("It fails."), Map.of("format", "pdf"))
                        .send());
    }
}
