package io.docmill.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;

import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;

class TlsRefusalTest {

    /** It can't tell which neighbour broke off, and each has a setting of its own. */
    @Test
    void whereTheServerBrokeOffItNamesTheCertificatesOfBothNeighboursThatAreShownOne() {
        // Given
        var failure = new IllegalStateException(
                "no connection",
                new SSLHandshakeException("(certificate_required) Received fatal alert: certificate_required"));
        // Then
        assertThat(TlsRefusal.explain(failure))
                .hasValueSatisfying(advice -> assertThat(advice)
                        .contains(
                                "certificate_required",
                                "DOCMILL_KAFKA_CLIENT_CERTIFICATE_FILE",
                                "DOCMILL_REDIS_CLIENT_CERTIFICATE_FILE",
                                "object storage none"));
    }

    @Test
    void whatIsNoneOfTlsIsNotExplained() {
        assertThat(TlsRefusal.explain(new IllegalStateException("Connection refused")))
                .isEmpty();
    }
}
