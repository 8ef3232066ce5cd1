package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks what is for operators: management ports, and Prometheus. */
final class Operators {
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private Operators() {}

    /** The body of an answer that must be 200, as text. */
    static String get(URI url) {
        return new String(bytes(url), StandardCharsets.UTF_8);
    }

    /** The body of an answer that must be 200. */
    static byte[] bytes(URI url) {
        try {
            HttpResponse<byte[]> answer =
                    HTTP.send(HttpRequest.newBuilder(url).timeout(LIMIT).build(), BodyHandlers.ofByteArray());
            assertThat(answer.statusCode()).as("%s", url).isEqualTo(200);
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(url + " got no answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
