package io.docmill.model.security;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.KDF;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The service's own key, shared by all gateways and workers. A key of its own is derived from it for each purpose
 * (HKDF-SHA256, RFC 5869), so that what one purpose gives away says nothing of another. While the key is changed a second one
 * may be accepted, which nothing new is made with. Thread-safe.
 */
public final class ServiceKey {
    /** The least length of the secret, in bytes. */
    public static final int MINIMUM_LENGTH = 32;

    private static final int NONCE_LENGTH = 12;
    private static final int TAG_BITS = 128;

    private final SecretKey urlSigning;
    private final SecretKey passwordHashing;
    private final SecretKey passwordSealing;
    private final @Nullable ServiceKey accepted;
    private final SecureRandom random = new SecureRandom();

    /**
     * @param secret at least 32 random bytes
     * @throws IllegalArgumentException if the secret is shorter
     */
    public ServiceKey(byte[] secret) {
        this(secret, null);
    }

    private ServiceKey(byte[] secret, @Nullable ServiceKey accepted) {
        if (secret.length < MINIMUM_LENGTH) {
            throw new IllegalArgumentException(
                    "the service key has %d bytes and needs at least %d".formatted(secret.length, MINIMUM_LENGTH));
        }
        urlSigning = derive(secret, "docmill download url v1", "HmacSHA256");
        passwordHashing = derive(secret, "docmill password identity v1", "HmacSHA256");
        passwordSealing = derive(secret, "docmill password sealing v1", "AES");
        this.accepted = accepted;
    }

    /**
     * The key that a setting holds: base64 (of either alphabet, with or without padding) of at least 32 bytes, or else text of
     * at least 32 bytes, taken as it is. Every process reads the same text alike.
     *
     * @throws IllegalArgumentException if the text is neither
     */
    public static ServiceKey of(String text) {
        return new ServiceKey(secret(text));
    }

    /**
     * As {@link #of(String)}, with a second key that is accepted too.
     *
     * @param accepted what it has signed and sealed opens as well
     */
    public static ServiceKey of(String text, Optional<String> accepted) {
        return new ServiceKey(secret(text), accepted.map(ServiceKey::of).orElse(null));
    }

    private static byte[] secret(String text) {
        try {
            byte[] decoded = Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
            if (decoded.length >= MINIMUM_LENGTH) {
                return decoded;
            }
        } catch (IllegalArgumentException e) {
            // Not base64: the text itself is the secret.
        }
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The signature of a download, base64url without padding. */
    public String signUrl(String content) {
        return mac(urlSigning, content);
    }

    /** Whether a signature is one of {@link #signUrl}, by this key or the accepted one. Takes as long whichever byte differs. */
    public boolean hasSignedUrl(String content, String signature) {
        boolean own = MessageDigest.isEqual(
                signUrl(content).getBytes(StandardCharsets.UTF_8), signature.getBytes(StandardCharsets.UTF_8));
        return own || (accepted != null && accepted.hasSignedUrl(content, signature));
    }

    /** The keyed hash by which a password is part of a conversion's identity: useless for trying passwords without this key. */
    public String hashPassword(String sourceId, String password) {
        return mac(passwordHashing, sourceId + '\0' + password);
    }

    /**
     * Encrypts a password for its way through the queue (AES-GCM).
     *
     * @param context what the password belongs to; the same is needed to open it
     */
    public String sealPassword(String password, String context) {
        byte[] nonce = new byte[NONCE_LENGTH];
        random.nextBytes(nonce);
        try {
            byte[] sealed =
                    cipher(Cipher.ENCRYPT_MODE, nonce, context).doFinal(password.getBytes(StandardCharsets.UTF_8));
            byte[] message = new byte[nonce.length + sealed.length];
            System.arraycopy(nonce, 0, message, 0, nonce.length);
            System.arraycopy(sealed, 0, message, nonce.length, sealed.length);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(message);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every Java platform", e);
        }
    }

    /** Opens what {@link #sealPassword} made, by this key or the accepted one; empty if it was another key or context. */
    public Optional<String> openPassword(String sealed, String context) {
        Optional<String> password = open(sealed, context);
        return password.isEmpty() && accepted != null ? accepted.openPassword(sealed, context) : password;
    }

    private Optional<String> open(String sealed, String context) {
        try {
            byte[] message = Base64.getUrlDecoder().decode(sealed);
            if (message.length < NONCE_LENGTH) {
                return Optional.empty();
            }
            byte[] nonce = Arrays.copyOf(message, NONCE_LENGTH);
            byte[] password = cipher(Cipher.DECRYPT_MODE, nonce, context)
                    .doFinal(message, NONCE_LENGTH, message.length - NONCE_LENGTH);
            return Optional.of(new String(password, StandardCharsets.UTF_8));
        } catch (AEADBadTagException | IllegalArgumentException e) {
            return Optional.empty();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM is part of every Java platform", e);
        }
    }

    private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, passwordSealing, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private static String mac(SecretKey key, String content) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HmacSHA256 is part of every Java platform", e);
        }
    }

    private static SecretKey derive(byte[] secret, String purpose, String algorithm) {
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            algorithm,
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(new SecretKeySpec(secret, "Generic"))
                                    .thenExpand(purpose.getBytes(StandardCharsets.US_ASCII), 32));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("HKDF-SHA256 is part of Java 25", e);
        }
    }

    /** Never prints a key. */
    @Override
    public String toString() {
        return "ServiceKey[hidden]";
    }
}
