package io.docmill.platform.tracing;

import io.docmill.platform.config.Secret;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The headers that a collector wants, as they are set. */
final class CollectorHeaders {
    /** A name is a token (RFC 9110), a value has neither commas nor control characters. */
    private static final Pattern HEADER =
            Pattern.compile("\\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)=([\\x20-\\x2B\\x2D-\\x7E]*)");

    private CollectorHeaders() {}

    /** By their names; empty if the text is not as it should be. */
    static Optional<Map<String, String>> parse(Secret text) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (String part : text.value().split(",", -1)) {
            Matcher matcher = HEADER.matcher(part);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            headers.put(matcher.group(1), matcher.group(2).strip());
        }
        return Optional.of(headers);
    }
}
