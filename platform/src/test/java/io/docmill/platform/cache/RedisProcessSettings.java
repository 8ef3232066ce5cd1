package io.docmill.platform.cache;

import io.docmill.embedded.RedisProcess;
import io.docmill.platform.config.Certificates;
import io.docmill.platform.config.ClientCertificate;
import io.docmill.platform.config.RedisSettings;
import io.docmill.platform.config.Secret;
import java.net.URI;
import java.util.Optional;

/** The settings by which a test reaches a Redis. */
record RedisProcessSettings(RedisProcess redis) implements RedisSettings {
    @Override
    public URI address() {
        return URI.create(redis.address());
    }

    @Override
    public Optional<String> username() {
        return Optional.empty();
    }

    @Override
    public Optional<Secret> password() {
        return Optional.of(new Secret(redis.password()));
    }

    @Override
    public int connections() {
        return 2;
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
