package io.docmill.platform.tls;

import io.docmill.platform.config.ClientCertificate;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;

/** A client's certificate as TLS of Java and Netty wants it. */
public final class ShownCertificate {
    /** The store is in memory and the password keeps nothing. */
    private static final char[] NO_PASSWORD = {};

    private ShownCertificate() {}

    /** A factory for this certificate alone. */
    public static KeyManagerFactory factory(ClientCertificate certificate) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "client",
                    certificate.key(),
                    NO_PASSWORD,
                    certificate.chain().list().toArray(X509Certificate[]::new));
            KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            factory.init(store, NO_PASSWORD);
            return factory;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a store in memory takes any key", e);
        }
    }
}
