package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.docmill.testing.documents.TestDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Speaks to a running Docmill with one key, or with none. */
final class DocmillClient {
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(10))
            .build();
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final URI url;
    private final @Nullable String key;

    DocmillClient(URI url, @Nullable String key) {
        this.url = url;
        this.key = key;
    }

    DocmillClient withKey(@Nullable String otherKey) {
        return new DocmillClient(url, otherKey);
    }

    DocmillClient withoutKey() {
        return withKey(null);
    }

    URI url() {
        return url;
    }

    @Nullable
    String key() {
        return key;
    }

    /** Uploads a document that must be taken. */
    StoredFile uploaded(TestDocument document) {
        Answer answer = upload(document);
        assertThat(answer.status()).as("upload of %s: %s", document, answer).isEqualTo(201);
        return StoredFile.of(answer.json());
    }

    Answer upload(TestDocument document) {
        return post("/v1/files", FormBody.upload("file", document));
    }

    /** Converts a file, which must succeed within the time that a call waits. */
    Conversion converted(StoredFile file, String format) {
        Answer answer = convert(file.id(), format);
        assertThat(answer.status())
                .as("conversion of %s to %s: %s", file.name(), format, answer)
                .isEqualTo(200);
        assertThat(answer.json().path("status").asText()).isEqualTo("succeeded");
        return Conversion.of(answer.json());
    }

    Answer convert(String fileId, String format) {
        return post("/v1/files/%s/convert".formatted(fileId), FormBody.multipart(FormBody.field("format", format)));
    }

    /** Downloads without a key, as whoever got the URL does. */
    Answer download(URI downloadUrl) {
        return send(HttpRequest.newBuilder(downloadUrl).timeout(LIMIT).build());
    }

    Answer get(String path) {
        return send(request(path).build());
    }

    Answer delete(String path) {
        return send(request(path).DELETE().build());
    }

    Answer post(String path, FormBody form) {
        return send(request(path)
                .header("Content-Type", form.contentType())
                .POST(BodyPublishers.ofByteArray(form.content()))
                .build());
    }

    Answer postJson(String path, Map<String, ?> fields) {
        String json = new ObjectMapper().valueToTree(fields).toString();
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build());
    }

    /** A request with the key, for tests that need more than the calls above. */
    HttpRequest.Builder request(String path) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).timeout(LIMIT);
        return key == null ? request : request.header("X-API-Key", key);
    }

    static Answer send(HttpRequest request) {
        try {
            return Answer.of(HTTP.send(request, BodyHandlers.ofByteArray()));
        } catch (IOException e) {
            throw new UncheckedIOException(request + " got no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
