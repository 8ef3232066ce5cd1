package io.docmill.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PassingRefusalsTest {
    private final OkHttpClient client =
            new OkHttpClient.Builder().addInterceptor(new PassingRefusals()).build();
    private final Queue<Refusal> refusals = new ConcurrentLinkedQueue<>();
    private final Queue<String> bodies = new ConcurrentLinkedQueue<>();
    private HttpServer server;

    private record Refusal(int status, String code) {}

    /** Refuses as often as there are refusals left, then accepts. */
    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            Refusal refusal = refusals.poll();
            byte[] answer = (refusal == null ? "done" : "<Error><Code>" + refusal.code() + "</Code></Error>")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(refusal == null ? 200 : refusal.status(), answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
        client.connectionPool().evictAll();
    }

    private Request.Builder request() {
        return new Request.Builder()
                .url("http://127.0.0.1:" + server.getAddress().getPort() + "/bucket/key");
    }

    private Request put() {
        return request().put(RequestBody.create("content", null)).build();
    }

    private String answerTo(Request request) throws IOException {
        try (Response answer = client.newCall(request).execute()) {
            return answer.body().string();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "403, AccessDenied",
        "409, ExistingObjectIsDirectory",
        "409, ConditionalRequestConflict",
        "500, InternalError",
        "503, SlowDown"
    })
    void repeatsAWriteThatIsRefusedForAMoment(int status, String code) throws IOException {
        // Given
        refusals.addAll(List.of(new Refusal(status, code), new Refusal(status, code)));
        // When
        String answer = answerTo(put());
        // Then
        assertThat(answer).isEqualTo("done");
        assertThat(bodies).containsExactly("content", "content", "content");
    }

    @Test
    void repeatsADelete() throws IOException {
        // Given
        refusals.add(new Refusal(409, "OperationAborted"));
        // When
        String answer = answerTo(request().delete().build());
        // Then
        assertThat(answer).isEqualTo("done");
    }

    @ParameterizedTest
    @CsvSource({"403, SignatureDoesNotMatch", "409, BucketAlreadyOwnedByYou", "412, PreconditionFailed"})
    void takesOtherRefusalsAsMeant(int status, String code) throws IOException {
        // Given
        refusals.add(new Refusal(status, code));
        // When
        String answer = answerTo(put());
        // Then
        assertThat(answer).contains(code);
        assertThat(bodies).hasSize(1);
    }

    @Test
    void doesNotRepeatARead() throws IOException {
        // Given
        refusals.add(new Refusal(403, "AccessDenied"));
        // When
        String answer = answerTo(request().build());
        // Then
        assertThat(answer).contains("AccessDenied");
    }

    @Test
    void takesARefusalThatDoesNotPass() throws IOException {
        // Given
        for (int refusal = 0; refusal < 100; refusal++) {
            refusals.add(new Refusal(403, "AccessDenied"));
        }
        // When
        String answer = answerTo(put());
        // Then
        assertThat(answer).contains("AccessDenied");
        assertThat(bodies).hasSize(6);
    }
}
