package io.docmill.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.github.f4b6a3.ulid.Ulid;
import com.github.f4b6a3.ulid.UlidCreator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at a conversion: one job. Later attempts sort after earlier ones.
 *
 * @param ulid a canonical ULID
 */
public record AttemptId(String ulid) implements Comparable<AttemptId> {
    public AttemptId {
        if (!SourceId.isCanonicalUlid(ulid)) {
            throw new IllegalArgumentException("not an attempt id: " + ulid);
        }
    }

    /**
     * A new attempt that sorts after the latest one known, also when this machine's clock is behind that of the one
     * that made it.
     */
    public static AttemptId after(@Nullable AttemptId latest) {
        Ulid now = UlidCreator.getMonotonicUlid();
        if (latest == null || now.toString().compareTo(latest.ulid) > 0) {
            return new AttemptId(now.toString());
        }
        return new AttemptId(Ulid.from(latest.ulid).increment().toString());
    }

    /** Reads an attempt id; empty if it is none. */
    public static Optional<AttemptId> parse(String text) {
        return SourceId.isCanonicalUlid(text) ? Optional.of(new AttemptId(text)) : Optional.empty();
    }

    /** Reads the key segment of an attempt, the inverse of {@link #keySegment()}. */
    public static AttemptId ofKeySegment(String segment) {
        return new AttemptId(CrockfordBase32.complement(segment));
    }

    /** Whether this is the other attempt or one after it. */
    public boolean isSameOrLaterThan(AttemptId other) {
        return compareTo(other) >= 0;
    }

    /** The id with its digits complemented, so that a listing by key is newest first. */
    public String keySegment() {
        return CrockfordBase32.complement(ulid);
    }

    @Override
    public int compareTo(AttemptId other) {
        return ulid.compareTo(other.ulid);
    }

    @JsonCreator
    static AttemptId ofJson(String text) {
        return new AttemptId(text);
    }

    @Override
    @JsonValue
    public String toString() {
        return ulid;
    }
}
