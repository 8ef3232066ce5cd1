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

    /** Connections that each process keeps open. */
    @WithDefault("8")
    int connections();
}
