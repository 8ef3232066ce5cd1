package io.docmill.platform.config;

import io.smallrye.config.WithDefault;
import java.util.Optional;

/** Where Kafka is, and how its topics are made. */
public interface KafkaSettings {
    /** {@code host:port} of one or more brokers, separated by commas. Brokers must be 4.4 or newer: share groups with a dead-letter topic. */
    String bootstrapServers();

    /** {@code PLAINTEXT}, {@code SSL}, {@code SASL_PLAINTEXT} or {@code SASL_SSL}. */
    @WithDefault("PLAINTEXT")
    String securityProtocol();

    /** The SASL mechanism, such as {@code SCRAM-SHA-512}. */
    Optional<String> saslMechanism();

    /**
     * The JAAS line of the client's account, such as {@code org.apache.kafka.common.security.scram.ScramLoginModule required
     * username="docmill-worker" password="…";}.
     */
    Optional<Secret> saslJaasConfig();

    /** Authorities that are trusted besides Java's own: PEM. Without it {@code DOCMILL_TRUSTED_CERTIFICATES}. */
    Optional<Certificates> trustedCertificates();

    /** What this process shows to brokers that ask for a certificate: PEM of its private key (PKCS#8) and its certificate. */
    Optional<ClientCertificate> clientCertificate();

    /** Replicas of each topic that is made; without it as many as the broker's own setting says. */
    Optional<Short> replicationFactor();
}
