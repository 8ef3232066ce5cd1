package io.docmill.gateway;

import io.docmill.model.security.ApiKey;
import io.docmill.testing.contract.ContractCheck;
import io.docmill.testing.documents.TestDocument;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A gateway in this process, and its API as a caller sees it. Thread-safe. */
final class RunningGateway implements AutoCloseable {
    private static final ApiKey OPERATOR = ApiKey.generate(new SecureRandom());
    /** What every answer that a test gets here is held to. */
    static final ContractCheck CONTRACT = ContractCheck.of(ContractCheck.CONTRACT);

    private static final String BOUNDARY = "a-boundary-of-tests";

    /** The content type of {@link #multipart}. */
    static final String MULTIPART = "multipart/form-data; boundary=" + BOUNDARY;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Path spool;
    private final GatewayApplication application;
    private final String userKey;

    private RunningGateway(Path spool, GatewayApplication application) {
        this.spool = spool;
        this.application = application;
        userKey = createKey();
    }

    /** Starts one that spools below a directory, and makes a key of a user. */
    static RunningGateway start(NeighbourProcesses neighbours, Path spool, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("docmill.gateway.spool-directory", spool.toString());
        settings.putIfAbsent("docmill.gateway.bootstrap-operator-key", OPERATOR.text());
        GatewayApplication application =
                new GatewayApplication(neighbours.settings(settings), new SimpleMeterRegistry());
        try {
            application.start();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return new RunningGateway(spool, application);
    }

    GatewayApplication application() {
        return application;
    }

    int port() {
        return application.port();
    }

    /** The key of the user as whom all calls are made that name no other. */
    String userKey() {
        return userKey;
    }

    String operatorKey() {
        return OPERATOR.text();
    }

    /** What lies in the spool. */
    List<Path> spooled() {
        try (Stream<Path> files = Files.list(spool)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a key with a scope of its own. */
    String createKey() {
        Answer answer = send(request("/v1/admin/keys")
                .header("X-API-Key", OPERATOR.text())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"name\": \"a user\", \"scope\": \"personal\"}")));
        return answer.json().getString("key");
    }

    HttpRequest.Builder request(String pathOrUrl) {
        return HttpRequest.newBuilder(
                URI.create(pathOrUrl.startsWith("/") ? "http://127.0.0.1:" + port() + pathOrUrl : pathOrUrl));
    }

    Answer send(HttpRequest.Builder request) {
        try {
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            CONTRACT.check(response);
            return new Answer(response.statusCode(), response.headers(), Buffer.buffer(response.body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    Answer get(String path) {
        return get(path, userKey);
    }

    Answer get(String path, String key) {
        return send(request(path).header("X-API-Key", key));
    }

    Answer delete(String path) {
        return delete(path, userKey);
    }

    Answer delete(String path, String key) {
        return send(request(path).header("X-API-Key", key).DELETE());
    }

    /** Fetches a signed URL, as anyone can. */
    Answer download(String url) {
        return send(request(url));
    }

    Answer upload(TestDocument document) {
        return upload(document, userKey);
    }

    Answer upload(TestDocument document, String key) {
        return send(request("/v1/files")
                .header("X-API-Key", key)
                .header("Content-Type", MULTIPART)
                .POST(BodyPublishers.ofByteArray(multipart(document, Map.of()))));
    }

    /** A form with a document in the part {@code file}, and text fields before it. */
    static byte[] multipart(TestDocument document, Map<String, String> fields) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        fields.forEach((name, value) ->
                body.writeBytes("""
                --%s\r
                Content-Disposition: form-data; name="%s"\r
                \r
                %s\r
                """.formatted(BOUNDARY, name, value).getBytes(StandardCharsets.UTF_8)));
        body.writeBytes("""
                --%s\r
                Content-Disposition: form-data; name="file"; filename="%s"\r
                Content-Type: application/octet-stream\r
                \r
                """.formatted(BOUNDARY, document.name()).getBytes(StandardCharsets.UTF_8));
        body.writeBytes(document.bytes());
        body.writeBytes("\r\n--%s--\r\n".formatted(BOUNDARY).getBytes(StandardCharsets.UTF_8));
        return body.toByteArray();
    }

    Answer postJson(String path, String body) {
        return postJson(path, body, userKey);
    }

    Answer postJson(String path, String body, String key) {
        return send(request(path)
                .header("X-API-Key", key)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body)));
    }

    /** Delivers a document as the output of a run. */
    Answer deliver(String runId, TestDocument document) {
        return deliver(runId, document, userKey);
    }

    Answer deliver(String runId, TestDocument document, String key) {
        return send(request("/v1/runs/" + runId + "/output")
                .header("X-API-Key", key)
                .header("Content-Type", MULTIPART)
                .PUT(BodyPublishers.ofByteArray(multipart(document, Map.of()))));
    }

    /** Uploads a document, which must work, and gives its file's id. */
    String uploaded(TestDocument document) {
        return uploadedBy(userKey, document);
    }

    /** Uploads a document with a key, which must work, and gives its file's id. */
    String uploadedBy(String key, TestDocument document) {
        JsonObject file = upload(document, key).json();
        String id = file.getString("id");
        if (id == null) {
            throw new IllegalStateException("the upload was refused: " + file);
        }
        return id;
    }

    Answer convert(String fileId, Map<String, String> fields) {
        return convert(fileId, fields, userKey);
    }

    Answer convert(String fileId, Map<String, String> fields, String key) {
        String form = fields.entrySet().stream()
                .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return send(request("/v1/files/" + fileId + "/convert")
                .header("X-API-Key", key)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form)));
    }

    Answer toPdf(String fileId) {
        return convert(fileId, Map.of("format", "pdf"));
    }

    @Override
    public void close() {
        client.close();
        application.close();
    }
}
