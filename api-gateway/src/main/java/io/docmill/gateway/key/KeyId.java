package io.docmill.gateway.key;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The public id of an API key, by which nobody can call.
 *
 * @param sha256 of the key, in lower-case hexadecimal digits
 */
public record KeyId(String sha256) {
    private static final String PREFIX = "key_";
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    public KeyId {
        if (!SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("not a SHA-256: " + sha256);
        }
    }

    /** Reads an id; empty if it is none. */
    public static Optional<KeyId> parse(String text) {
        return Optional.of(text)
                .filter(id -> id.startsWith(PREFIX))
                .map(id -> id.substring(PREFIX.length()))
                .filter(digits -> SHA256.matcher(digits).matches())
                .map(KeyId::new);
    }

    /** The id. */
    @Override
    public String toString() {
        return PREFIX + sha256;
    }
}
