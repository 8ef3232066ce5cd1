package io.docmill.model.record;

import io.docmill.model.json.Json;
import java.time.Instant;
import java.util.Objects;

/**
 * The end of a run that has no output. An output that exists all the same wins.
 *
 * @param v the version of this form
 * @param message what its generator says of it, for the person who called
 * @param failedAt when it was told to have failed
 */
public record RunFailureRecord(int v, String message, Instant failedAt) implements StoredRecord {
    /** The most that leaves room for the rest of the record in an object's metadata. */
    public static final int MOST_MESSAGE_BYTES = 1400;

    public RunFailureRecord {
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(failedAt, "failedAt");
    }

    /** Whether a message is short enough to be kept: counted in bytes of its JSON, without the quotes around it. */
    public static boolean holds(String message) {
        return Json.bytes(message).length - 2 <= MOST_MESSAGE_BYTES;
    }
}
