package io.docmill.gateway.http;

import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a caller prefers by the header {@code Prefer} (RFC 7240): {@code wait=N} to be answered within N seconds, {@code
 * respond-async} not to wait, or with {@code wait} no longer than that. Other preferences are passed over.
 *
 * @param longestWait how long to wait, or null if it was not said
 * @param respondAsync whether the caller would rather come back
 */
record Preferences(@Nullable Duration longestWait, boolean respondAsync) {
    private static final String HEADER = "Prefer";
    private static final Pattern DIGITS = Pattern.compile("[0-9]+");

    /** More digits than any wait needs, and fewer than a number overflows at. */
    private static final int MOST_DIGITS = 9;

    /**
     * Reads the preferences of a request.
     *
     * @throws ApiException if {@code wait} is no whole number of seconds, or two different ones
     */
    static Preferences of(RoutingContext context) {
        return of(context.request().headers().getAll(HEADER));
    }

    /** Reads the lines of the header, of which each may name several preferences. */
    static Preferences of(List<String> lines) {
        Duration wait = null;
        boolean respondAsync = false;
        for (String line : lines) {
            for (String preference : split(line, ',')) {
                // What follows a semicolon are parameters of the preference; those that are known here have none.
                String[] pair = split(preference, ';').getFirst().split("=", 2);
                String name = pair[0].strip().toLowerCase(Locale.ROOT);
                if (name.equals("respond-async")) {
                    respondAsync = true;
                } else if (name.equals("wait")) {
                    Duration given = seconds(pair.length == 2 ? unquoted(pair[1].strip()) : "");
                    if (wait != null && !wait.equals(given)) {
                        throw new ApiException(ApiError.invalidRequest(
                                "The header 'Prefer' has 'wait' with different values; give it once."));
                    }
                    wait = given;
                }
            }
        }
        return new Preferences(wait, respondAsync);
    }

    /** How long the call waits: never longer than the limit, which is also how long it waits if nothing was said. */
    Duration waitWithin(Duration limit) {
        if (longestWait == null) {
            return respondAsync ? Duration.ZERO : limit;
        }
        return longestWait.compareTo(limit) < 0 ? longestWait : limit;
    }

    /** Whether the caller wants the result in this answer, and not to come back for it. */
    boolean waits() {
        return !respondAsync && !Duration.ZERO.equals(longestWait);
    }

    /**
     * The value of {@code Preference-Applied}; empty if nothing was preferred.
     *
     * @param limit of the wait, which is told where the caller preferred more
     * @param answeredAsync whether the caller is told to come back
     */
    Optional<String> applied(Duration limit, boolean answeredAsync) {
        List<String> applied = new ArrayList<>();
        if (respondAsync && answeredAsync) {
            applied.add("respond-async");
        }
        if (longestWait != null) {
            applied.add("wait=" + waitWithin(limit).toSeconds());
        }
        return applied.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", applied));
    }

    private static Duration seconds(String text) {
        if (!DIGITS.matcher(text).matches()) {
            throw new ApiException(ApiError.invalidRequest(
                    "The header 'Prefer' takes 'wait' as a whole number of seconds, such as 'wait=10'."));
        }
        String digits = text.replaceFirst("^0+(?=.)", "");
        return Duration.ofSeconds(digits.length() > MOST_DIGITS ? 1_000_000_000 : Long.parseLong(digits));
    }

    private static String unquoted(String value) {
        boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
        return quoted ? value.substring(1, value.length() - 1) : value;
    }

    /** Splits where the separator is not within a quoted string; at least one part. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        int begin = 0;
        boolean quoted = false;
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '\\' && quoted) {
                at++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(begin, at));
                begin = at + 1;
            }
        }
        parts.add(text.substring(begin));
        return parts;
    }
}
