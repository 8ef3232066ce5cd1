package io.docmill.model.security;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * An API key: {@code sk_live_}, 43 random digits of base62 (256 bits), and a checksum, by which a mistyped key is told from an
 * unknown one without looking anything up.
 *
 * @param text the key; a secret
 */
public record ApiKey(String text) {
    private static final String PREFIX = "sk_live_";
    private static final int SECRET_LENGTH = 43;
    private static final int CHECKSUM_LENGTH = 6;
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public ApiKey {
        if (!isValid(text)) {
            throw new IllegalArgumentException("not an API key");
        }
    }

    /** A new key. */
    public static ApiKey generate(SecureRandom random) {
        StringBuilder digits = new StringBuilder(SECRET_LENGTH);
        for (int i = 0; i < SECRET_LENGTH; i++) {
            digits.append(DIGITS.charAt(random.nextInt(DIGITS.length())));
        }
        return new ApiKey(PREFIX + digits + checksum(digits.toString()));
    }

    /** Reads a key; empty if it is not one or was mistyped. */
    public static Optional<ApiKey> parse(String text) {
        return isValid(text) ? Optional.of(new ApiKey(text)) : Optional.empty();
    }

    /**
     * What the key is stored and looked up under, in lower-case hexadecimal digits. A slow hash would protect nothing at
     * 256 bits and cost every call 100 ms.
     */
    public String sha256() {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static boolean isValid(String text) {
        if (text.length() != PREFIX.length() + SECRET_LENGTH + CHECKSUM_LENGTH || !text.startsWith(PREFIX)) {
            return false;
        }
        String digits = text.substring(PREFIX.length(), PREFIX.length() + SECRET_LENGTH);
        for (int i = 0; i < SECRET_LENGTH; i++) {
            if (DIGITS.indexOf(digits.charAt(i)) < 0) {
                return false;
            }
        }
        return text.endsWith(checksum(digits));
    }

    private static String checksum(String digits) {
        CRC32 crc = new CRC32();
        crc.update(digits.getBytes(StandardCharsets.US_ASCII));
        char[] checksum = new char[CHECKSUM_LENGTH];
        long rest = crc.getValue();
        for (int i = CHECKSUM_LENGTH - 1; i >= 0; i--) {
            checksum[i] = DIGITS.charAt((int) (rest % DIGITS.length()));
            rest /= DIGITS.length();
        }
        return new String(checksum);
    }

    /** Never prints the key. */
    @Override
    public String toString() {
        return "ApiKey[hidden]";
    }
}
