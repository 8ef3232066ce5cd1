package io.docmill.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;

/** The calls of the HTTP API that the command makes. For one thread. */
final class DocmillApi implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** Longer than Docmill lets any call wait (50 s unless configured otherwise), and than an upload should take. */
    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(10);

    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    /** In bytes; what is longer is no refusal of Docmill's. */
    private static final int LONGEST_REFUSAL = 64 * 1024;

    private static final String KEY_HEADER = "X-API-Key";

    private final HttpClient client = newClient();
    private final URI base;
    private final String key;

    DocmillApi(URI base, String key) {
        this.base = base;
        this.key = key;
    }

    /**
     * Whether a Docmill answers there: it refuses a call without a key in its own words, and tells the request's id in the
     * header and in the body. Neither a key nor a document goes to an address before it has answered so.
     */
    static boolean answersAt(URI base) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + "/v1/formats"))
                .timeout(CONNECT_TIMEOUT)
                .header("Accept", "application/json")
                .build();
        try (HttpClient client = newClient()) {
            return isRefusalByDocmill(client.send(request, BodyHandlers.ofInputStream()));
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isRefusalByDocmill(HttpResponse<InputStream> answer) throws IOException {
        try (InputStream body = answer.body()) {
            JsonNode refusal = JSON.readTree(body.readNBytes(LONGEST_REFUSAL));
            return answer.statusCode() == 401
                    && refusal.path("error").asText().equals("unauthorized")
                    && answer.headers()
                            .firstValue("X-Request-Id")
                            .filter(refusal.path("request_id").asText()::equals)
                            .isPresent();
        }
    }

    /** Without Java's offer to go on in HTTP/2, which an answer need not survive (RFC 9113 took that upgrade away). */
    private static HttpClient newClient() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(CONNECT_TIMEOUT)
                .build();
    }

    /** Uploads a document and tells its id. */
    String upload(Path file) throws CommandFailedException, InterruptedException {
        MultipartForm form;
        try {
            form = MultipartForm.ofFile("file", file);
        } catch (FileNotFoundException e) {
            throw new CommandFailedException(ExitCode.USAGE, "cannot read " + file, e);
        }
        HttpResponse<InputStream> answer = send(call("/v1/files")
                .header("Content-Type", form.contentType())
                .POST(form.body())
                .build());
        return text(expect(answer, 201), "id", answer);
    }

    /** Converts a file, and waits for as long as it takes. */
    Conversion convert(String fileId, Map<String, String> form) throws CommandFailedException, InterruptedException {
        HttpResponse<InputStream> answer = send(call("/v1/files/%s/convert".formatted(encode(fileId)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString(form.entrySet().stream()
                        .map(field -> encode(field.getKey()) + "=" + encode(field.getValue()))
                        .collect(Collectors.joining("&"))))
                .build());
        URI place = answer.uri();
        while (true) {
            JsonNode conversion = body(answer);
            if (answer.statusCode() != 200 && answer.statusCode() != 202) {
                throw ApiRefusal.of(answer.uri(), answer.statusCode(), answer.headers(), conversion);
            }
            switch (conversion.path("status").asText()) {
                case "succeeded" -> {
                    return new Conversion(
                            base.resolve(text(conversion, "download_url", answer)),
                            conversion.path("content_type").asText(),
                            conversion.path("size").asLong(-1));
                }
                case "queued", "running" -> {
                    place = answer.headers()
                            .firstValue("Location")
                            .map(place::resolve)
                            .orElse(place);
                    Thread.sleep(pause(answer));
                    answer = send(request(place).GET().build());
                }
                default -> throw ApiRefusal.of(conversion, answer.headers());
            }
        }
    }

    /** Opens a result. The caller closes the stream; a body that ends early makes reading fail. */
    InputStream download(URI url) throws CommandFailedException, InterruptedException {
        // Signed, so it needs no key; and the key is not for the host of the storage.
        HttpResponse<InputStream> answer =
                send(HttpRequest.newBuilder(url).timeout(ANSWER_TIMEOUT).build());
        if (answer.statusCode() != 200) {
            throw ApiRefusal.of(withoutQuery(url), answer.statusCode(), answer.headers(), body(answer));
        }
        return answer.body();
    }

    /** Makes an API key; the answer is the one that the API gives. */
    JsonNode createKey(Map<String, String> wish) throws CommandFailedException, InterruptedException {
        HttpResponse<InputStream> answer = send(call("/v1/admin/keys")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(JSON.valueToTree(wish).toString()))
                .build());
        JsonNode made = expect(answer, 201);
        text(made, "key", answer);
        return made;
    }

    /** What a page of a list tells of one thing. */
    @FunctionalInterface
    interface Item {
        void take(JsonNode item) throws IOException;
    }

    /** Takes all that a list holds, page by page. */
    void forEach(String path, Item item) throws CommandFailedException, InterruptedException, IOException {
        String cursor = "";
        while (true) {
            JsonNode page = get(path + "?limit=100" + cursor);
            for (JsonNode found : page.path("data")) {
                item.take(found);
            }
            if (!page.path("next_cursor").isTextual()) {
                return;
            }
            cursor = "&cursor=" + encode(page.path("next_cursor").asText());
        }
    }

    /** Looks at something. */
    JsonNode get(String path) throws CommandFailedException, InterruptedException {
        return expect(send(call(path).GET().build()), 200);
    }

    /** Has something done that needs no more words. */
    JsonNode post(String path, int status) throws CommandFailedException, InterruptedException {
        return expect(send(call(path).POST(BodyPublishers.noBody()).build()), status);
    }

    /** Deletes something. */
    void delete(String path) throws CommandFailedException, InterruptedException {
        var _ = expect(send(call(path).DELETE().build()), 204);
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private HttpRequest.Builder call(String path) {
        return request(URI.create(base + path));
    }

    /** A request that carries the key, but only to Docmill itself, wherever an answer points. */
    private HttpRequest.Builder request(URI url) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(url).timeout(ANSWER_TIMEOUT).header("Accept", "application/json");
        return base.getScheme().equals(url.getScheme())
                        && base.getRawAuthority().equals(url.getRawAuthority())
                ? request.header(KEY_HEADER, key)
                : request;
    }

    private HttpResponse<InputStream> send(HttpRequest request) throws CommandFailedException, InterruptedException {
        try {
            return client.send(request, BodyHandlers.ofInputStream());
        } catch (IOException e) {
            // The JDK gives a refused connection no message.
            String reason = e instanceof ConnectException ? "no connection" : String.valueOf(e.getMessage());
            throw new CommandFailedException(
                    ExitCode.UNREACHABLE,
                    "cannot reach Docmill at %s (%s): is it running? 'docmill up' starts it"
                            .formatted(withoutQuery(request.uri()), reason),
                    e);
        }
    }

    private static JsonNode expect(HttpResponse<InputStream> answer, int status) throws CommandFailedException {
        JsonNode body = body(answer);
        if (answer.statusCode() != status) {
            throw ApiRefusal.of(answer.uri(), answer.statusCode(), answer.headers(), body);
        }
        return body;
    }

    private static JsonNode body(HttpResponse<InputStream> answer) throws CommandFailedException {
        try (InputStream body = answer.body()) {
            JsonNode node = JSON.readTree(body);
            return node == null ? MissingNode.getInstance() : node;
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        } catch (IOException e) {
            throw new CommandFailedException(
                    ExitCode.UNREACHABLE, "the answer of %s broke off".formatted(withoutQuery(answer.uri())), e);
        }
    }

    private static String text(JsonNode body, String field, HttpResponse<?> answer) throws CommandFailedException {
        if (!body.path(field).isTextual()) {
            throw new CommandFailedException(
                    ExitCode.FAILED,
                    "the answer of %s has no '%s': is it Docmill?".formatted(withoutQuery(answer.uri()), field));
        }
        return body.path(field).asText();
    }

    private static Duration pause(HttpResponse<?> answer) {
        long seconds = answer.headers()
                .firstValue("Retry-After")
                .filter(value -> value.matches("\\d{1,9}"))
                .map(Long::parseLong)
                .orElse(1L);
        Duration asked = Duration.ofSeconds(seconds);
        return asked.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : asked;
    }

    /** Without the query: in a signed URL it is what lets anyone in. */
    private static URI withoutQuery(URI url) {
        return URI.create(url.toString().replaceFirst("[?#].*$", ""));
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /**
     * A conversion that succeeded.
     *
     * @param contentType the result's media type; empty if the answer does not say
     * @param size in bytes; -1 if the answer does not say
     */
    record Conversion(URI downloadUrl, String contentType, long size) {}
}
