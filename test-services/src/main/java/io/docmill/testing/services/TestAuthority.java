package io.docmill.testing.services;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.CertificateBuilder.KeyUsage;
import io.netty.pkitesting.X509Bundle;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** An authority of a test's own, known to nobody, and the certificates that it makes. */
public final class TestAuthority {
    private static final Duration VALIDITY = Duration.ofDays(1);

    private final X509Bundle root;

    private TestAuthority(X509Bundle root) {
        this.root = root;
    }

    /** A new one. */
    public static TestAuthority make() {
        return new TestAuthority(built(() -> valid("authority " + UUID.randomUUID())
                .setIsCertificateAuthority(true)
                .setKeyUsage(true, KeyUsage.keyCertSign)
                .buildSelfSigned()));
    }

    /** Its own certificate in PEM, for those who shall trust it. */
    public String pem() {
        return root.getCertificatePEM();
    }

    /** The certificate of a server of 127.0.0.1 that is called {@code localhost}. */
    public TestCertificate localServer() {
        return new TestCertificate(built(() -> valid("localhost")
                .addSanDnsName("localhost")
                .addSanIpAddress("127.0.0.1")
                .addExtendedKeyUsageServerAuth()
                .buildIssuedBy(root)));
    }

    /** The certificate of a server of another name alone. */
    public TestCertificate server(String hostName) {
        return new TestCertificate(built(() -> valid(hostName)
                .addSanDnsName(hostName)
                .addExtendedKeyUsageServerAuth()
                .buildIssuedBy(root)));
    }

    /** The certificate of a server of 127.0.0.1 that was good until yesterday. */
    public TestCertificate expiredServer() {
        return new TestCertificate(built(() -> valid("localhost")
                .addSanDnsName("localhost")
                .addSanIpAddress("127.0.0.1")
                .addExtendedKeyUsageServerAuth()
                .notBefore(Instant.now().minus(VALIDITY.multipliedBy(2)))
                .notAfter(Instant.now().minus(VALIDITY))
                .buildIssuedBy(root)));
    }

    /** The certificate of a client. */
    public TestCertificate client(String name) {
        return new TestCertificate(
                built(() -> valid(name).addExtendedKeyUsageClientAuth().buildIssuedBy(root)));
    }

    private static CertificateBuilder valid(String name) {
        return new CertificateBuilder()
                .subject("CN=" + name + ", O=Docmill tests")
                .notBefore(Instant.now().minus(VALIDITY.multipliedBy(3)))
                .notAfter(Instant.now().plus(VALIDITY))
                .ecp256();
    }

    @FunctionalInterface
    private interface Build {
        X509Bundle bundle() throws Exception;
    }

    private static X509Bundle built(Build build) {
        try {
            return build.bundle();
        } catch (Exception e) {
            throw new IllegalStateException("a certificate can't be made", e);
        }
    }
}
