package io.docmill.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.github.f4b6a3.ulid.UlidCreator;
import java.util.Optional;

/**
 * The id of a scope: what a key sees is what was made under its scope. Generated, never a name, so that it can be a key
 * prefix.
 *
 * @param text {@code scope_} and a ULID
 */
public record ScopeId(@JsonValue String text) {
    private static final String PREFIX = "scope_";

    public ScopeId {
        if (!isValid(text)) {
            throw new IllegalArgumentException("not a scope id: " + text);
        }
    }

    /** A new scope. */
    public static ScopeId create() {
        return new ScopeId(PREFIX + UlidCreator.getMonotonicUlid());
    }

    /** Reads a scope id; empty if it is none. */
    public static Optional<ScopeId> parse(String text) {
        return isValid(text) ? Optional.of(new ScopeId(text)) : Optional.empty();
    }

    @JsonCreator
    static ScopeId ofJson(String text) {
        return new ScopeId(text);
    }

    private static boolean isValid(String text) {
        return text.startsWith(PREFIX) && SourceId.isCanonicalUlid(text.substring(PREFIX.length()));
    }

    @Override
    public String toString() {
        return text;
    }
}
