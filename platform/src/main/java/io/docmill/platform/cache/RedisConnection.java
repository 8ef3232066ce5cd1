package io.docmill.platform.cache;

import io.docmill.platform.config.RedisSettings;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.redisson.config.SingleServerConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to Redis, made in the background, so that a process starts also while Redis is away: until there is one,
 * every call fails at once. Redisson's own lazy start would block the thread of the first call instead, which may be an
 * event loop. Thread-safe.
 */
public final class RedisConnection implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RedisConnection.class);

    /** An answer that takes longer than this is treated as none: what Redis holds is only ever a short cut. */
    private static final int TIMEOUT_MILLIS = 1_000;

    private static final Duration PAUSE_BETWEEN_TRIES = Duration.ofSeconds(1);

    private final Config config;
    private final Thread connecting;
    private volatile @Nullable RedissonClient client;

    private RedisConnection(RedisSettings settings) {
        config = config(settings);
        connecting = Thread.ofVirtual().name("redis-connect").start(this::connect);
    }

    /** Begins to connect and returns at once. */
    public static RedisConnection open(RedisSettings settings) {
        return new RedisConnection(settings);
    }

    private void connect() {
        for (boolean told = false; !Thread.currentThread().isInterrupted(); told = true) {
            try {
                client = Redisson.create(config);
                if (told) {
                    log.info("Redis answers now");
                }
                return;
            } catch (RuntimeException e) {
                if (!told) {
                    log.warn("Redis does not answer ({}); going on without it", e.getMessage());
                }
                pause();
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE_BETWEEN_TRIES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Config config(RedisSettings settings) {
        Config config = new Config();
        config.setCodec(StringCodec.INSTANCE);
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
        return config;
    }

    /**
     * Waits until there is a connection.
     *
     * @return false if there is none within the limit
     */
    public boolean awaitConnection(Duration limit) throws InterruptedException {
        return connecting.join(limit) && client != null;
    }

    /** Makes a call; fails with {@link IllegalStateException} while there is no connection. Never blocks. */
    public <T> CompletionStage<T> call(Function<RedissonClient, CompletionStage<T>> call) {
        RedissonClient connected = client;
        if (connected == null) {
            return CompletableFuture.failedStage(new IllegalStateException("Redis has not been reached yet"));
        }
        try {
            return call.apply(connected);
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    /** Ends the connection, or the attempts to make one. */
    @Override
    public void close() {
        connecting.interrupt();
        RedissonClient connected = client;
        if (connected != null) {
            connected.shutdown();
        }
    }
}
