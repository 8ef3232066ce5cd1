package io.docmill.model.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.docmill.model.json.Json;
import java.io.IOException;

/** Messages of the queue, and what is kept of them, as UTF-8 JSON. */
public final class MessageCodec {
    private MessageCodec() {}

    /** A message as bytes. */
    public static byte[] encode(Record message) {
        return Json.bytes(message);
    }

    /**
     * Reads a job.
     *
     * @throws UndecodableMessageException if the bytes are not a job, or one of a newer Docmill
     */
    public static ConversionJob decodeJob(byte[] bytes) {
        return decode(bytes, ConversionJob.class, ConversionJob.VERSION);
    }

    /**
     * Reads a reply.
     *
     * @throws UndecodableMessageException if the bytes are not a reply, or one of a newer Docmill
     */
    public static JobReply decodeReply(byte[] bytes) {
        return decode(bytes, JobReply.class, JobReply.VERSION);
    }

    /**
     * Reads a notice. What tells of no key tells of a cancel, as all notices once did.
     *
     * @throws UndecodableMessageException if the bytes are none, or one of a newer Docmill
     */
    public static ControlNotice decodeControl(byte[] bytes) {
        return parse(bytes, ControlNotice.class).has("revoked_key")
                ? decode(bytes, RevocationNotice.class, RevocationNotice.VERSION)
                : decode(bytes, CancelNotice.class, CancelNotice.VERSION);
    }

    /**
     * Reads a dead letter that was kept.
     *
     * @throws UndecodableMessageException if the bytes are none, or one of a newer Docmill
     */
    public static StoredDeadLetter decodeDeadLetter(byte[] bytes) {
        return decode(bytes, StoredDeadLetter.class, StoredDeadLetter.VERSION);
    }

    /** The version first: a newer form may lack what this one can't be without. */
    private static <T> T decode(byte[] bytes, Class<T> type, int newest) {
        try {
            JsonNode message = parse(bytes, type);
            int version = message.path("v").asInt();
            if (version < 1) {
                throw new UndecodableMessageException("not a " + type.getSimpleName() + ": it has no version");
            }
            if (version > newest) {
                throw new UndecodableMessageException(
                        "a message of version %d was written by a newer Docmill; this one reads up to %d"
                                .formatted(version, newest));
            }
            return Json.mapper().treeToValue(message, type);
        } catch (IOException e) {
            throw new UndecodableMessageException("not a " + type.getSimpleName(), e);
        }
    }

    private static JsonNode parse(byte[] bytes, Class<?> type) {
        try {
            return Json.mapper().readTree(bytes);
        } catch (IOException e) {
            throw new UndecodableMessageException("not a " + type.getSimpleName(), e);
        }
    }
}
