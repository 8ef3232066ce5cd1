package io.docmill.platform.config;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;

/**
 * What this process shows to a server that asks who it is: a private key and its certificate, in PEM, as the content of one
 * file. Never printed.
 *
 * @param chain the certificate of the key first, then those of the authorities between it and the root
 */
public record ClientCertificate(PrivateKey key, Certificates chain) {
    private static final String UNREADABLE = "has a private key that can't be read, or is neither of RSA nor EC";
    private static final String LABEL = "PRIVATE KEY";

    /** Those that Kafka's client reads as well (DefaultSslEngineFactory; EdDSA it does not), and Redis' alike. */
    private static final List<String> ALGORITHMS = List.of("RSA", "EC");

    /**
     * Reads a key and its certificates, in any order.
     *
     * @throws IllegalArgumentException if either is missing or can't be read
     */
    public static ClientCertificate parse(String pem) {
        String block = PemBlocks.of(pem, LABEL)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "takes a private key without a password ('-----BEGIN PRIVATE KEY-----') and its certificate;"
                                + " a key of another form is made one by 'openssl pkcs8 -topk8 -nodes'"));
        return new ClientCertificate(key(PemBlocks.content(block)), Certificates.parse(pem));
    }

    private static PrivateKey key(String base64) {
        PKCS8EncodedKeySpec encoded = new PKCS8EncodedKeySpec(decoded(base64));
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(encoded);
            } catch (InvalidKeySpecException e) {
                // A key of another algorithm.
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(algorithm + " is part of every Java platform", e);
            }
        }
        throw new IllegalArgumentException(UNREADABLE);
    }

    private static byte[] decoded(String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            // Its message tells characters of the key.
            throw new IllegalArgumentException(UNREADABLE);
        }
    }

    /** The key in PEM (PKCS#8). */
    public String keyPem() {
        return PemBlocks.write(LABEL, Base64.getEncoder().encodeToString(key.getEncoded()));
    }

    @Override
    public String toString() {
        return "[hidden]";
    }
}
