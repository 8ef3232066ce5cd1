package io.docmill.platform.config;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** Where Redis is. */
public interface RedisSettings {
    /** {@code redis://host:port} or {@code rediss://host:port}. Redis 7.0 or newer, or what speaks its protocol. */
    URI address();

    /** The account, where Redis has accounts. */
    Optional<String> username();

    /** The account's password. */
    Optional<Secret> password();

    /** Authorities that are trusted besides Java's own: PEM. Without it {@code DOCMILL_TRUSTED_CERTIFICATES}. */
    Optional<Certificates> trustedCertificates();

    /** What this process shows to a Redis that asks for a certificate: PEM of its private key (PKCS#8) and its certificate. */
    Optional<ClientCertificate> clientCertificate();

    /** Connections that each process keeps open. */
    @WithDefault("8")
    int connections();
}
