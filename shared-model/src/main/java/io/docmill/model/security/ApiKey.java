package io.docmill.model.security;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * An API key: {@code sk_live_}, 32 random bytes in base62, and a checksum, by which a mistyped key is told from an
 * unknown one without looking anything up.
 *
 * @param text the key; a secret
 */
public record ApiKey(String text) {
    private static final String PREFIX = "sk_live_";
    private static final int SECRET_BYTES = 32;
    private static final int SECRET_LENGTH = 43;
    private static final int CHECKSUM_LENGTH = 6;
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final BigInteger BASE = BigInteger.valueOf(DIGITS.length());

    public ApiKey {
        if (!isValid(text)) {
            throw new IllegalArgumentException("not an API key");
        }
    }

    /** A new key. */
    public static ApiKey generate(SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String digits = base62(new BigInteger(1, secret), SECRET_LENGTH);
        return new ApiKey(PREFIX + digits + checksum(digits));
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
        return digits.chars().allMatch(c -> DIGITS.indexOf(c) >= 0) && text.endsWith(checksum(digits));
    }

    private static String checksum(String digits) {
        CRC32 crc = new CRC32();
        crc.update(digits.getBytes(StandardCharsets.US_ASCII));
        return base62(BigInteger.valueOf(crc.getValue()), CHECKSUM_LENGTH);
    }

    private static String base62(BigInteger number, int length) {
        char[] digits = new char[length];
        BigInteger rest = number;
        for (int i = length - 1; i >= 0; i--) {
            BigInteger[] quotientAndRemainder = rest.divideAndRemainder(BASE);
            digits[i] = DIGITS.charAt(quotientAndRemainder[1].intValue());
            rest = quotientAndRemainder[0];
        }
        return new String(digits);
    }

    /** Never prints the key. */
    @Override
    public String toString() {
        return "ApiKey[hidden]";
    }
}
