package io.docmill.system;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A request written byte by byte, for what an HTTP client refuses to send. */
final class RawRequest {
    private static final int ANSWER_LIMIT_MILLIS = 5_000;

    private final DocmillClient client;
    private final StringBuilder head = new StringBuilder();

    private RawRequest(DocmillClient client) {
        this.client = client;
    }

    static RawRequest to(DocmillClient client) {
        return new RawRequest(client);
    }

    static RawRequest upload(DocmillClient client, String contentType, long contentLength) {
        return to(client)
                .line("POST /v1/files HTTP/1.1")
                .line("Content-Type: " + contentType)
                .line("Content-Length: " + contentLength);
    }

    RawRequest line(String line) {
        head.append(line).append("\r\n");
        return this;
    }

    /**
     * Sends the head, with host and key, and these bytes, and hangs up.
     *
     * @return the answer; empty if the other side hangs up without one, or waits for more than came
     */
    Optional<Answer> send(byte[] body) {
        line("Host: " + client.url().getAuthority());
        line("X-API-Key: " + client.key());
        line("Connection: close");
        try (Socket socket = new Socket(client.url().getHost(), client.url().getPort())) {
            socket.setSoTimeout(ANSWER_LIMIT_MILLIS);
            socket.getOutputStream().write((head + "\r\n").getBytes(ISO_8859_1));
            socket.getOutputStream().write(body);
            socket.getOutputStream().flush();
            return answer(socket.getInputStream());
        } catch (SocketException _) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads until the answer is complete by its length, or the other side has nothing more to say. */
    private static Optional<Answer> answer(InputStream in) throws IOException {
        ByteArrayOutputStream received = new ByteArrayOutputStream();
        try {
            for (int next = in.read(); next >= 0; next = in.read()) {
                received.write(next);
                if (isComplete(received.toString(ISO_8859_1))) {
                    break;
                }
            }
        } catch (SocketTimeoutException _) {
            // What has come until now decides.
        }
        String text = received.toString(ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            return Optional.empty();
        }
        return Optional.of(new Answer(
                Integer.parseInt(text.substring(9, 12)),
                headers(text.substring(0, end)),
                text.substring(end + 4).getBytes(ISO_8859_1)));
    }

    private static boolean isComplete(String text) {
        int end = text.indexOf("\r\n\r\n");
        return end >= 0
                && headers(text.substring(0, end))
                                .firstValueAsLong("Content-Length")
                                .orElse(Long.MAX_VALUE)
                        <= text.length() - end - 4;
    }

    private static HttpHeaders headers(String head) {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        head.lines().skip(1).forEach(line -> {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon), List.of(line.substring(colon + 1).strip()));
        });
        return HttpHeaders.of(headers, (_, _) -> true);
    }
}
