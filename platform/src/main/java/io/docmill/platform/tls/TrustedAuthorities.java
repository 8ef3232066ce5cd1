package io.docmill.platform.tls;

import io.docmill.platform.config.Certificates;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The authorities that servers are trusted by: those of a setting, and Java's own.
 *
 * @param certificates all of them
 */
public record TrustedAuthorities(Certificates certificates) {
    /** Those of a setting besides Java's own. */
    public static TrustedAuthorities besidesJavas(Certificates more) {
        List<X509Certificate> all = new ArrayList<>(more.list());
        all.addAll(Arrays.asList(trustManager(factory(null)).getAcceptedIssuers()));
        return new TrustedAuthorities(new Certificates(all));
    }

    /** What TLS of Java and Netty asks. */
    public TrustManagerFactory factory() {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (X509Certificate certificate : certificates.list()) {
                store.setCertificateEntry(String.valueOf(store.size()), certificate);
            }
            return factory(store);
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a store in memory takes any certificate", e);
        }
    }

    /** The one that the factory makes. */
    public X509TrustManager trustManager() {
        return trustManager(factory());
    }

    /** A null store stands for Java's own authorities. */
    private static TrustManagerFactory factory(@Nullable KeyStore store) {
        try {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Java's own authorities can't be read", e);
        }
    }

    private static X509TrustManager trustManager(TrustManagerFactory factory) {
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509TrustManager found) {
                return found;
            }
        }
        throw new IllegalStateException("the factory of Java's platform makes an X509TrustManager");
    }
}
