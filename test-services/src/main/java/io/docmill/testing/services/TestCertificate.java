package io.docmill.testing.services;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;

/** A certificate with its private key. */
public final class TestCertificate {
    private final X509Bundle bundle;

    TestCertificate(X509Bundle bundle) {
        this.bundle = bundle;
    }

    /** The certificate in PEM. */
    public String certificatePem() {
        return bundle.getCertificatePEM();
    }

    /** The private key in PEM (PKCS#8). */
    public String keyPem() {
        return bundle.getPrivateKeyPEM();
    }

    /** Key and certificate in PEM, as a client is told them. */
    public String pem() {
        return keyPem() + certificatePem();
    }

    /** What a server in this JVM is told. */
    public SSLContext serverContext() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(bundle.toKeyManagerFactory().getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Writes the certificate as a file of PEM. */
    public Path certificateFile(Path directory, String name) {
        return write(directory.resolve(name), certificatePem());
    }

    /** Writes the private key as a file of PEM. */
    public Path keyFile(Path directory, String name) {
        return write(directory.resolve(name), keyPem());
    }

    private static Path write(Path file, String content) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
