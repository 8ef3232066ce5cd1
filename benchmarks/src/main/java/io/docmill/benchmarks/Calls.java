package io.docmill.benchmarks;

import io.docmill.testing.documents.TestDocument;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Calls of the API as a client makes them, one at a time on each thread. */
final class Calls {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String BOUNDARY = "a-boundary-of-benchmarks";

    private Calls() {}

    static HttpRequest.Builder request(int port, String path, String key) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(LIMIT)
                .header("X-API-Key", key);
    }

    /**
     * Sends a request that must succeed, and gives the body.
     *
     * @throws IllegalStateException if it does not
     */
    static String send(HttpRequest.Builder request) {
        HttpResponse<String> response = trySend(request);
        if (response.statusCode() >= 300) {
            throw new IllegalStateException(
                    response.request() + " was answered " + response.statusCode() + " " + response.body());
        }
        return response.body();
    }

    /** Sends a request, however it is answered. */
    static HttpResponse<String> trySend(HttpRequest.Builder request) {
        try {
            return HTTP.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Uploads a document and gives its file's id. */
    static String upload(int port, String key, TestDocument document) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("""
                --%s\r
                Content-Disposition: form-data; name="file"; filename="%s"\r
                Content-Type: application/octet-stream\r
                \r
                """.formatted(BOUNDARY, document.name()).getBytes(StandardCharsets.UTF_8));
        body.writeBytes(document.bytes());
        body.writeBytes("\r\n--%s--\r\n".formatted(BOUNDARY).getBytes(StandardCharsets.UTF_8));
        return new JsonObject(send(request(port, "/v1/files", key)
                        .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                        .POST(BodyPublishers.ofByteArray(body.toByteArray()))))
                .getString("id");
    }

    /** Asks for a PDF of a file; {@code more} are further fields such as {@code &refresh=true}. */
    static HttpRequest.Builder toPdf(int port, String key, String file, String more) {
        return request(port, "/v1/files/" + file + "/convert", key)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("format=pdf" + more));
    }
}
