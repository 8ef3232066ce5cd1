package io.docmill.platform.config;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** Where Redis is. Version 7.0 or newer; whatever speaks its protocol (Valkey) serves. */
public interface RedisSettings {
    /** {@code redis://host:port} or {@code rediss://host:port}. */
    URI address();

    Optional<String> username();

    Optional<Secret> password();

    /** Connections that each process keeps open. */
    @WithDefault("8")
    int connections();
}
