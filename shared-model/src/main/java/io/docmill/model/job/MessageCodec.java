package io.docmill.model.job;

import io.docmill.model.json.Json;
import java.io.UncheckedIOException;

/** Messages of the queue as UTF-8 JSON. */
public final class MessageCodec {
    private MessageCodec() {}

    /** A job or reply as bytes. */
    public static byte[] encode(Record message) {
        return Json.bytes(message);
    }

    /**
     * Reads a job.
     *
     * @throws UndecodableMessageException if the bytes are not a job, or one of a newer Docmill
     */
    public static ConversionJob decodeJob(byte[] bytes) {
        ConversionJob job = decode(bytes, ConversionJob.class);
        checkVersion(job.v(), ConversionJob.VERSION);
        return job;
    }

    /**
     * Reads a reply.
     *
     * @throws UndecodableMessageException if the bytes are not a reply, or one of a newer Docmill
     */
    public static JobReply decodeReply(byte[] bytes) {
        JobReply reply = decode(bytes, JobReply.class);
        checkVersion(reply.v(), JobReply.VERSION);
        return reply;
    }

    private static <T> T decode(byte[] bytes, Class<T> type) {
        try {
            return Json.read(bytes, type);
        } catch (UncheckedIOException e) {
            throw new UndecodableMessageException("not a " + type.getSimpleName(), e);
        }
    }

    private static void checkVersion(int version, int newest) {
        if (version < 1 || version > newest) {
            throw new UndecodableMessageException(
                    "a message of version %d was written by a newer Docmill; this one reads up to %d"
                            .formatted(version, newest));
        }
    }
}
