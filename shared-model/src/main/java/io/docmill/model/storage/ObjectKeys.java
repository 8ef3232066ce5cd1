package io.docmill.model.storage;

import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;

/**
 * The layout of the bucket. A thing's state is which objects exist under its prefix, so this layout can't change once
 * there is data. No key is a path prefix of another key (file-backed stores refuse that), and prefixes end in a slash.
 */
public final class ObjectKeys {
    /** The folder of API keys. */
    public static final String API_KEYS = "keys/";

    /** The folder of jobs that were given up. */
    public static final String DEAD_LETTERS = "dead-letters/";

    /** The folder of what is to be done later; a listing is in the order of time. */
    public static final String DUE = "due/";

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("uuuuMMddHHmm").withZone(ZoneOffset.UTC);

    private ObjectKeys() {}

    /** The folder of all sources of a kind in a scope; a listing is newest first. */
    public static String sources(ScopeId scope, SourceId.Kind kind) {
        return switch (kind) {
            case FILE -> "scopes/" + scope + "/files/";
            case RUN -> "scopes/" + scope + "/runs/";
        };
    }

    /** The folder of a source and all that was made from it. */
    public static String sourcePrefix(ScopeId scope, SourceId source) {
        return sources(scope, source.kind()) + source.keySegment() + "/";
    }

    /** The bytes of a source; its metadata is the file's record. Absent: deleted, or a run without output. */
    public static String source(ScopeId scope, SourceId source) {
        return switch (source.kind()) {
            case FILE -> sourcePrefix(scope, source) + "source";
            case RUN -> sourcePrefix(scope, source) + "output";
        };
    }

    /** The folder of all that is kept of a conversion. */
    public static String conversion(ScopeId scope, ConversionId conversion) {
        return sourcePrefix(scope, conversion.source()) + "conversions/" + conversion.hash() + "/";
    }

    /** A run; its metadata is its record. Absent: deleted, with its output. */
    public static String run(ScopeId scope, SourceId run) {
        return runPrefix(scope, run) + "run";
    }

    /** That a run has failed. */
    public static String runFailure(ScopeId scope, SourceId run) {
        return runPrefix(scope, run) + "failure";
    }

    private static String runPrefix(ScopeId scope, SourceId run) {
        if (run.kind() != SourceId.Kind.RUN) {
            throw new IllegalArgumentException("not a run: " + run);
        }
        return sourcePrefix(scope, run);
    }

    /** The result of a conversion. */
    public static String artifact(ScopeId scope, ConversionId conversion) {
        return conversion(scope, conversion) + "artifact";
    }

    /** The last failed or canceled attempt at a conversion. */
    public static String failure(ScopeId scope, ConversionId conversion) {
        return conversion(scope, conversion) + "failure";
    }

    /** The last accepted attempt at a conversion. */
    public static String request(ScopeId scope, ConversionId conversion) {
        return conversion(scope, conversion) + "request";
    }

    /** The API key with this SHA-256, in lower-case hexadecimal digits. */
    public static String apiKey(String sha256) {
        return API_KEYS + sha256;
    }

    /** The dead letter of an attempt; a listing is newest first. */
    public static String deadLetter(AttemptId attempt) {
        return DEAD_LETTERS + attempt.keySegment();
    }

    /** The marker of a delete that is to be repeated, never before the time named. */
    public static String dueDelete(Instant at, ScopeId scope, SourceId source) {
        return due(at, "delete", scope, source);
    }

    /** The marker of a source that may have expired, to be looked at never before the time named. */
    public static String dueExpiry(Instant at, ScopeId scope, SourceId source) {
        return due(at, "expire", scope, source);
    }

    /** What sorts after the markers of all that is due by now, and before the others. */
    public static String endOfDue(Instant now) {
        return DUE + MINUTE.format(now.plus(Duration.ofMinutes(1))) + "/";
    }

    /** Rounded up to a minute: what is due then is due at that minute's beginning. */
    private static String due(Instant at, String what, ScopeId scope, SourceId source) {
        Instant minute = at.truncatedTo(ChronoUnit.MINUTES);
        Instant roundedUp = minute.equals(at) ? minute : minute.plus(Duration.ofMinutes(1));
        return DUE + MINUTE.format(roundedUp) + "/" + what + "-" + scope + "-" + source;
    }
}
