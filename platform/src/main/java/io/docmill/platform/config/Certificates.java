package io.docmill.platform.config;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Certificates in PEM, as the content of a file.
 *
 * @param list one or more, in the order of the file
 */
public record Certificates(List<X509Certificate> list) {
    private static final String WANTED = "takes certificates in PEM ('-----BEGIN CERTIFICATE-----'); a file that has"
            + " them is named by the variable with _FILE behind its name";

    public Certificates {
        list = List.copyOf(list);
        if (list.isEmpty()) {
            throw new IllegalArgumentException(WANTED);
        }
    }

    /**
     * Reads certificates; what stands between them is passed over.
     *
     * @throws IllegalArgumentException if there are none, or one that can't be read
     */
    public static Certificates parse(String pem) {
        List<String> blocks = PemBlocks.of(pem, "CERTIFICATE").toList();
        if (blocks.isEmpty()) {
            throw new IllegalArgumentException(WANTED);
        }
        return new Certificates(blocks.stream().map(Certificates::certificate).toList());
    }

    private static X509Certificate certificate(String block) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw new IllegalArgumentException("has a certificate that can't be read: " + e.getMessage(), e);
        }
    }

    /** The same in PEM, without what stood between them. */
    public String pem() {
        return list.stream().map(Certificates::pem).collect(Collectors.joining());
    }

    private static String pem(X509Certificate certificate) {
        try {
            return PemBlocks.write(
                    "CERTIFICATE",
                    Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a certificate that was read can be written", e);
        }
    }
}
