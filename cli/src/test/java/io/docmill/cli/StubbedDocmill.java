package io.docmill.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Plays the API's answers on a loopback port, and records what it was asked. */
final class StubbedDocmill implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, List<Answer>> answers = new HashMap<>();
    private final List<Asked> asked = Collections.synchronizedList(new ArrayList<>());

    /** One answer. Where it breaks off, it promises a byte more than it has. */
    record Answer(int status, Map<String, String> headers, String body, boolean breaksOff) {
        static Answer json(int status, String body) {
            return of(status, Map.of("Content-Type", "application/json"), body);
        }

        static Answer of(int status, Map<String, String> headers, String body) {
            return new Answer(status, headers, body, false);
        }

        Answer brokenOff() {
            return new Answer(status, headers, body, true);
        }
    }

    /** One request. */
    record Asked(
            String request, @Nullable String key, @Nullable String contentType, String body) {}

    /** What Docmill answers a call without a key, with the request's id in the header and in the body. */
    static Answer refusal(String idInHeader, String idInBody) {
        return Answer.of(401, Map.of("X-Request-Id", idInHeader), """
                {"error": "unauthorized", "message": "Send a valid API key.", "request_id": "%s"}""".formatted(idInBody));
    }

    StubbedDocmill() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
        on("GET /v1/formats", refusal("01PROBE", "01PROBE"));
    }

    /** Answers a request, such as {@code GET /v1/files}, with these in turn, and with the last one from then on. */
    StubbedDocmill on(String request, Answer... inTurn) {
        answers.put(request, new ArrayList<>(List.of(inTurn)));
        return this;
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** What was asked, without the look whether a Docmill is there. */
    List<Asked> asked() {
        return asked.stream()
                .filter(request -> !request.request().equals("GET /v1/formats"))
                .toList();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        asked.add(new Asked(
                request,
                exchange.getRequestHeaders().getFirst("X-API-Key"),
                exchange.getRequestHeaders().getFirst("Content-Type"),
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
        List<Answer> inTurn = answers.getOrDefault(request, List.of(Answer.json(404, "{}")));
        Answer answer = inTurn.size() > 1 ? inTurn.removeFirst() : inTurn.getFirst();
        answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        int length = body.length + (answer.breaksOff() ? 1 : 0);
        exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
