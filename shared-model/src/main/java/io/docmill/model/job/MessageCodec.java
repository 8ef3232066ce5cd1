package io.docmill.model.job;

import com.fasterxml.jackson.databind.JsonNode;
import io.docmill.model.json.Json;
import java.io.IOException;

/** Messages of the queue as UTF-8 JSON. */
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
     * Reads a notice of a cancel.
     *
     * @throws UndecodableMessageException if the bytes are none, or one of a newer Docmill
     */
    public static CancelNotice decodeCancel(byte[] bytes) {
        return decode(bytes, CancelNotice.class, CancelNotice.VERSION);
    }

    /** The version first: a newer form may lack what this one can't be without. */
    private static <T> T decode(byte[] bytes, Class<T> type, int newest) {
        try {
            JsonNode message = Json.mapper().readTree(bytes);
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
}
