package io.docmill.model.id;

/** The alphabet of ULIDs: digits and upper-case letters without I, L, O and U (https://www.crockford.com/base32.html). */
final class CrockfordBase32 {
    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    private CrockfordBase32() {}

    /** The first {@code length} digits, 5 bits each, of these bytes. */
    static String encode(byte[] bytes, int length) {
        StringBuilder text = new StringBuilder(length);
        int buffer = 0;
        int bits = 0;
        for (int next = 0; text.length() < length; ) {
            if (bits < 5) {
                buffer = (buffer << 8) | (bytes[next++] & 0xff);
                bits += 8;
            }
            bits -= 5;
            text.append(DIGITS.charAt((buffer >> bits) & 31));
        }
        return text.toString();
    }

    /** Each digit d replaced by 31 − d, which turns the order of texts around. */
    static String complement(String text) {
        StringBuilder complemented = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            complemented.append(DIGITS.charAt(31 - DIGITS.indexOf(text.charAt(i))));
        }
        return complemented.toString();
    }

    static boolean isValid(String text, int length) {
        if (text.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (DIGITS.indexOf(text.charAt(i)) < 0) {
                return false;
            }
        }
        return true;
    }
}
