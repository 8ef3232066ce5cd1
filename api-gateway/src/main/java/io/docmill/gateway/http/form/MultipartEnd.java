package io.docmill.gateway.http.form;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * Watches a multipart body for its closing delimiter. Netty's decoder passes over a missing one, and what was cut off
 * would be taken for whole.
 */
final class MultipartEnd {
    /** Room for an epilogue behind the closing delimiter, which RFC 2046 allows and hardly anyone sends. */
    private static final int LONGEST_EPILOGUE = 1024;

    private static final String BOUNDARY = "boundary=";

    private final String closingDelimiter;
    private String tail = "";

    /**
     * @param boundary as the content type names it
     */
    MultipartEnd(String boundary) {
        closingDelimiter = "--" + boundary + "--";
    }

    /** The boundary that a multipart content type names. */
    static Optional<String> boundary(String contentType) {
        for (String parameter : contentType.split(";", -1)) {
            String text = parameter.strip();
            if (text.toLowerCase(Locale.ROOT).startsWith(BOUNDARY)) {
                String value = text.substring(BOUNDARY.length()).strip();
                boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
                String boundary = quoted ? value.substring(1, value.length() - 1) : value;
                return boundary.isEmpty() ? Optional.empty() : Optional.of(boundary);
            }
        }
        return Optional.empty();
    }

    /** Takes the next bytes of the body. */
    void add(Buffer chunk) {
        int kept = closingDelimiter.length() + LONGEST_EPILOGUE;
        int from = Math.max(0, chunk.length() - kept);
        String joined = tail + chunk.getString(from, chunk.length(), StandardCharsets.ISO_8859_1.name());
        tail = joined.substring(Math.max(0, joined.length() - kept));
    }

    /** Whether the body so far ends with the closing delimiter. */
    boolean isReached() {
        int at = tail.lastIndexOf(closingDelimiter);
        return at == 0 || (at > 0 && tail.charAt(at - 1) == '\n');
    }
}
