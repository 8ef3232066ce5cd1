package io.docmill.model.id;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.github.f4b6a3.ulid.Ulid;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;

/**
 * The id of a conversion, derived from what is asked for: the same source, format and options are the same conversion.
 * It is the public id, the key of the job and the single-flight key, and the object key follows from it.
 *
 * @param source what is converted
 * @param hash 26 digits (130 bits) of the SHA-256 of format and canonical options
 */
public record ConversionId(SourceId source, String hash) {
    private static final String PREFIX = "conv_";
    private static final int HASH_LENGTH = 26;

    public ConversionId {
        if (!CrockfordBase32.isValid(hash, HASH_LENGTH)) {
            throw new IllegalArgumentException("not a conversion hash: " + hash);
        }
    }

    /** The conversion of a source whose format and canonical options are this JSON text. */
    public static ConversionId of(SourceId source, String canonicalRequest) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256").digest(canonicalRequest.getBytes(StandardCharsets.UTF_8));
            return new ConversionId(source, CrockfordBase32.encode(digest, HASH_LENGTH));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Reads a public id; empty if it is none. */
    public static Optional<ConversionId> parse(String text) {
        int length = PREFIX.length() + 1 + Ulid.ULID_CHARS + HASH_LENGTH;
        if (text.length() != length || !text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        String ulid = text.substring(PREFIX.length() + 1, length - HASH_LENGTH);
        String hash = text.substring(length - HASH_LENGTH);
        if (!SourceId.isCanonicalUlid(ulid) || !CrockfordBase32.isValid(hash, HASH_LENGTH)) {
            return Optional.empty();
        }
        char letter = text.charAt(PREFIX.length());
        for (SourceId.Kind kind : SourceId.Kind.values()) {
            if (kind.letter() == letter) {
                return Optional.of(new ConversionId(new SourceId(kind, ulid), hash));
            }
        }
        return Optional.empty();
    }

    @JsonCreator
    static ConversionId ofJson(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not a conversion id: " + text));
    }

    /** The public id. */
    @Override
    @JsonValue
    public String toString() {
        return PREFIX + source.kind().letter() + source.ulid() + hash;
    }
}
