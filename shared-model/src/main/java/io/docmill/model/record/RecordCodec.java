package io.docmill.model.record;

import io.docmill.model.json.Json;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * Records as one object metadata header: JSON in base64url, because raw UTF-8 in a header breaks the signature of some
 * stores, and under 2 KB, because that is all that S3 grants.
 */
public final class RecordCodec {
    /** The name of the header, without S3's {@code x-amz-meta-}. */
    public static final String METADATA_NAME = "docmill";

    /** The most that S3 takes of user metadata, names and values together, in bytes. */
    private static final int MAXIMUM_LENGTH = 2048 - METADATA_NAME.length();

    private RecordCodec() {}

    /**
     * The header's value.
     *
     * @throws IllegalArgumentException if the record does not fit into a header
     */
    public static String encode(StoredRecord record) {
        String header = Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(record));
        if (header.length() > MAXIMUM_LENGTH) {
            throw new IllegalArgumentException("a record of %d bytes does not fit into an object's metadata: %s"
                    .formatted(header.length(), record));
        }
        return header;
    }

    /**
     * Reads a header's value.
     *
     * @throws UnreadableRecordException if it is not such a record, or was written by a newer Docmill
     */
    public static <T extends StoredRecord> T decode(String header, Class<T> type) {
        T record;
        try {
            byte[] json = Base64.getUrlDecoder().decode(header.getBytes(StandardCharsets.US_ASCII));
            record = Json.read(json, type);
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new UnreadableRecordException("not a " + type.getSimpleName() + ": " + header, e);
        }
        if (record.v() < 1 || record.v() > StoredRecord.VERSION) {
            throw new UnreadableRecordException(
                    "a %s of version %d was written by a newer Docmill; this one reads up to %d"
                            .formatted(type.getSimpleName(), record.v(), StoredRecord.VERSION));
        }
        return record;
    }
}
