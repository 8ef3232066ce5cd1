package io.docmill.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.github.f4b6a3.ulid.Ulid;
import com.github.f4b6a3.ulid.UlidCreator;
import java.util.Optional;

/**
 * The id of what can be converted: an uploaded file or a run's output.
 *
 * @param kind what it is
 * @param ulid a canonical ULID, 26 characters
 */
public record SourceId(Kind kind, String ulid) {
    /** What a source is; its prefix is part of the public id, its letter of the ids of its conversions. */
    public enum Kind {
        FILE("file_", 'F'),
        RUN("run_", 'R');

        private final String prefix;
        private final char letter;

        Kind(String prefix, char letter) {
            this.prefix = prefix;
            this.letter = letter;
        }

        char letter() {
            return letter;
        }
    }

    public SourceId {
        if (!isCanonicalUlid(ulid)) {
            throw new IllegalArgumentException("not a ULID: " + ulid);
        }
    }

    /** A new id, later than every id that this process made before. */
    public static SourceId create(Kind kind) {
        return new SourceId(kind, UlidCreator.getMonotonicUlid().toString());
    }

    /** Reads a public id such as {@code file_01J…}; empty if it is none. */
    public static Optional<SourceId> parse(String text) {
        for (Kind kind : Kind.values()) {
            if (text.startsWith(kind.prefix)) {
                String ulid = text.substring(kind.prefix.length());
                return isCanonicalUlid(ulid) ? Optional.of(new SourceId(kind, ulid)) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /** Reads the key segment of a source of this kind, the inverse of {@link #keySegment()}. */
    public static SourceId ofKeySegment(Kind kind, String segment) {
        return new SourceId(kind, CrockfordBase32.complement(segment));
    }

    /** The ULID with its digits complemented, so that a listing by key is newest first. */
    public String keySegment() {
        return CrockfordBase32.complement(ulid);
    }

    @JsonCreator
    static SourceId ofJson(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not a source id: " + text));
    }

    /** The public id. */
    @Override
    @JsonValue
    public String toString() {
        return kind.prefix + ulid;
    }

    static boolean isCanonicalUlid(String text) {
        return CrockfordBase32.isValid(text, Ulid.ULID_CHARS) && text.charAt(0) <= '7';
    }
}
