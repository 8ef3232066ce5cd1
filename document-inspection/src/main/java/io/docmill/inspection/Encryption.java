package io.docmill.inspection;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.apache.poi.poifs.crypt.CryptoFunctions;
import org.apache.poi.poifs.crypt.Decryptor;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a document is encrypted, and whether a password opens it. Immutable but for what POI's info does when asked. */
sealed interface Encryption {
    /**
     * With this password Excel encrypts workbooks of which only the structure is protected, and opens them without asking:
     * [MS-OFFCRYPTO] 2.4.2.3.
     */
    String DEFAULT_PASSWORD = Decryptor.DEFAULT_PASSWORD;

    /** It is not. */
    record None() implements Encryption {}

    /**
     * In a way that POI knows.
     *
     * @param hasDefault whether LibreOffice and Office try {@link #DEFAULT_PASSWORD} on their own
     */
    record Known(EncryptionInfo info, boolean hasDefault) implements Encryption {
        private static final Logger log = LoggerFactory.getLogger(Known.class);

        /** The most rounds of hashing that [MS-OFFCRYPTO] 2.3.4.10 permits: 6 s with SHA-512. Office writes 100,000. */
        static final int MOST_ROUNDS = 10_000_000;

        /** Who asks for more has not left the default password in: 0.6 s. */
        private static final int MOST_ROUNDS_OF_DEFAULT = 1_000_000;

        /** Word 97 and Excel 97 use no more of a password than this. */
        private static final int LONGEST_LEGACY_PASSWORD = 15;

        /** Whether checking a password would take longer than any office program makes it. */
        boolean isTooCostly() {
            return rounds() > MOST_ROUNDS;
        }

        boolean opensByDefault() {
            return hasDefault && rounds() <= MOST_ROUNDS_OF_DEFAULT && verify(DEFAULT_PASSWORD) == Verdict.RIGHT;
        }

        private int rounds() {
            return info.getEncryptionMode() == EncryptionMode.agile
                    ? info.getVerifier().getSpinCount()
                    : 0;
        }

        /** Takes as long as the document says, up to some 6 s, and can't be interrupted. */
        Verdict verify(String password) {
            try {
                if (info.getDecryptor().verifyPassword(password)) {
                    return Verdict.RIGHT;
                }
            } catch (GeneralSecurityException | RuntimeException e) {
                // Algorithms that the JDK lacks, certificates instead of passwords, lengths that contradict each other.
                log.debug("POI can't check a password of {}", info.getEncryptionMode(), e);
                return Verdict.UNKNOWN;
            }
            return isReadAlike(password) ? Verdict.WRONG : Verdict.UNKNOWN;
        }

        /** Programs disagree on what the oldest schemes make of long passwords and of characters outside of ASCII. */
        private boolean isReadAlike(String password) {
            return switch (info.getEncryptionMode()) {
                case xor -> password.length() <= LONGEST_LEGACY_PASSWORD && isAscii(password);
                case binaryRC4 -> password.length() <= LONGEST_LEGACY_PASSWORD;
                case cryptoAPI, standard, agile -> true;
            };
        }

        private static boolean isAscii(String password) {
            return StandardCharsets.US_ASCII.newEncoder().canEncode(password);
        }
    }

    /**
     * With the obfuscation of Word, of which POI knows only how passwords are hashed.
     *
     * @param verifier [MS-DOC] 2.5.2, lKey: the hash of the password as in [MS-OFFCRYPTO] 2.3.7.4
     */
    record Obfuscated(int verifier) implements Encryption {
        /** A hash that differs proves nothing: Word 95 and later ones encode the password differently. */
        Verdict verify(String password) {
            return CryptoFunctions.createXorVerifier2(password) == verifier ? Verdict.RIGHT : Verdict.UNKNOWN;
        }
    }

    /** In a way that POI does not know, or what tells how is damaged. */
    record Unknown() implements Encryption {}

    /** What a password is worth. */
    enum Verdict {
        RIGHT,
        WRONG,
        /** LibreOffice may know better. */
        UNKNOWN
    }
}
