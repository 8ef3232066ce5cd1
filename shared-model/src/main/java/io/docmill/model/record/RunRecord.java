package io.docmill.model.record;

import java.time.Instant;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A run: one call to a generator, which delivers one output. Whether it has completed or failed is told by the objects
 * beside this one.
 *
 * @param v the version of this form
 * @param kind which generator it is, such as {@code word}
 * @param projectId the caller's own id of a project it belongs to, or null
 * @param name what its output is called, at most 255 bytes in UTF-8, or null for the name that the output comes with
 * @param createdAt when it was registered
 */
public record RunRecord(
        int v,
        String kind,
        @Nullable String projectId,
        @Nullable String name,
        Instant createdAt) implements StoredRecord {
    private static final Pattern KIND = Pattern.compile("[a-z0-9_-]{1,50}");

    public RunRecord {
        if (!isKind(kind)) {
            throw new IllegalArgumentException("not a kind of run: " + kind);
        }
        Objects.requireNonNull(createdAt, "createdAt");
    }

    /** Whether this can be the name of a generator: 1 to 50 lower-case letters, digits, {@code _} and {@code -}. */
    public static boolean isKind(String text) {
        return KIND.matcher(text).matches();
    }
}
