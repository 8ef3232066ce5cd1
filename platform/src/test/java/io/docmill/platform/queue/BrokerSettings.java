package io.docmill.platform.queue;

import io.docmill.platform.config.Certificates;
import io.docmill.platform.config.ClientCertificate;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.config.Secret;
import java.util.Optional;

/** How clients reach a broker of a test. */
record BrokerSettings(String bootstrapServers) implements KafkaSettings {
    @Override
    public String securityProtocol() {
        return "PLAINTEXT";
    }

    @Override
    public Optional<String> saslMechanism() {
        return Optional.empty();
    }

    @Override
    public Optional<Secret> saslJaasConfig() {
        return Optional.empty();
    }

    @Override
    public Optional<Short> replicationFactor() {
        return Optional.empty();
    }

    @Override
    public Optional<Certificates> trustedCertificates() {
        return Optional.empty();
    }

    @Override
    public Optional<ClientCertificate> clientCertificate() {
        return Optional.empty();
    }
}
