package io.docmill.platform.tls;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Tells what an encrypted connection failed for, and what to do. Clients bury it below causes that say "handshake failed". */
public final class TlsRefusal {
    /** More causes than any client makes, should they go in a circle. */
    private static final int DEEPEST = 20;

    /** What Java says of a certificate that does not have the host name; there is no exception of its own. */
    private static final List<String> OTHER_NAMES = List.of("No subject alternative", "No name matching");

    private TlsRefusal() {}

    /** The reason and what to do, in a line; empty where the failure was none of TLS. */
    public static Optional<String> explain(Throwable failure) {
        List<Throwable> causes = Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(DEEPEST)
                .toList();
        return causes.reversed().stream()
                .flatMap(cause -> explanation(cause).stream())
                .findFirst();
    }

    private static Optional<String> explanation(Throwable cause) {
        String message = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        String known = switch (cause) {
            case CertificateExpiredException _, CertificateNotYetValidException _ ->
                "the server's certificate is out of date (%s): have it renewed, or set the clock of this machine"
                        .formatted(message);
            case CertPathBuilderException _, CertPathValidatorException _ ->
                "the server's certificate is from an authority that is not trusted (%s): let DOCMILL_TRUSTED_CERTIFICATES_FILE name a file with the authority's certificate"
                        .formatted(message);
            case SSLPeerUnverifiedException _ -> otherName(message);
            case SSLException _
            when message.contains("Received fatal alert") ->
                "the server broke off the handshake (%s): it may want a certificate of this process, or not trust the one it was shown (Kafka is shown that of DOCMILL_KAFKA_CLIENT_CERTIFICATE_FILE, Redis that of DOCMILL_REDIS_CLIENT_CERTIFICATE_FILE, object storage none); its own log says which"
                        .formatted(message);
            case SSLException _
            when isNoTls(message) ->
                "what listens there does not speak TLS (%s): look at the port, and whether the connection is to be encrypted"
                        .formatted(message);
            default -> OTHER_NAMES.stream().anyMatch(message::startsWith) ? otherName(message) : null;
        };
        return Optional.ofNullable(known);
    }

    private static boolean isNoTls(String message) {
        return message.contains("Unsupported or unrecognized SSL message") || message.contains("not an SSL/TLS record");
    }

    private static String otherName(String message) {
        return "the server's certificate is for another host name (%s): use the name that it has, or have one made for the name in use"
                .formatted(message);
    }
}
