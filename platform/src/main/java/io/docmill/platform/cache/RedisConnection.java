package io.docmill.platform.cache;

import io.docmill.platform.config.RedisSettings;
import io.docmill.platform.neighbour.Neighbour;
import io.docmill.platform.tls.ShownCertificate;
import io.docmill.platform.tls.TrustedAuthorities;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.netty.channel.EventLoopGroup;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RScript;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.redisson.config.SingleServerConfig;

/**
 * A connection to Redis, made in the background, so that a process starts also while Redis is away: until there is one,
 * every call fails at once. Redisson's own lazy start would block the thread of the first call instead, which may be an
 * event loop. Thread-safe.
 */
public final class RedisConnection implements AutoCloseable {
    /** An answer that takes longer than this is treated as none: what Redis holds is only ever a short cut. */
    private static final int TIMEOUT_MILLIS = 500;

    private static final int CONNECT_TIMEOUT_MILLIS = 1_000;

    /** Never written; any answer will do. */
    private static final String PROBE_KEY = "probe";

    private static final Duration PAUSE_BETWEEN_TRIES = Duration.ofSeconds(1);

    /** While Redis is away one call a second finds out whether it is back; the others do without it at once. */
    private static final CircuitBreakerConfig CIRCUIT = CircuitBreakerConfig.custom()
            .slidingWindowSize(10)
            .minimumNumberOfCalls(2)
            .failureRateThreshold(50)
            .waitDurationInOpenState(PAUSE_BETWEEN_TRIES)
            .permittedNumberOfCallsInHalfOpenState(1)
            .build();

    private final Config config;
    private final Neighbour redis;
    private final CircuitBreaker circuit = CircuitBreaker.of("redis", CIRCUIT);
    private final Thread connecting;
    private volatile @Nullable RedissonClient client;

    private RedisConnection(RedisSettings settings, Neighbour redis, @Nullable EventLoopGroup eventLoops) {
        this.redis = redis;
        config = config(settings);
        config.setEventLoopGroup(eventLoops);
        connecting = Thread.ofVirtual().name("redis-connect").start(this::connect);
    }

    /**
     * Begins to connect and returns at once.
     *
     * @param redis is told of every answer and of every failure
     */
    public static RedisConnection open(RedisSettings settings, Neighbour redis) {
        return new RedisConnection(settings, redis, null);
    }

    /**
     * Begins to connect and returns at once. Answers come on these event loops, which saves a switch of threads where the caller is
     * on one of them. They have to outlive the connection.
     *
     * @param redis is told of every answer and of every failure
     */
    public static RedisConnection open(RedisSettings settings, Neighbour redis, EventLoopGroup eventLoops) {
        return new RedisConnection(settings, redis, eventLoops);
    }

    private void connect() {
        while (!Thread.currentThread().isInterrupted()) {
            try {
                client = Redisson.create(config);
                redis.answered();
                return;
            } catch (RuntimeException e) {
                redis.failed(e);
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
        settings.trustedCertificates()
                .map(TrustedAuthorities::besidesJavas)
                .ifPresent(trusted -> config.setSslTrustManagerFactory(trusted.factory()));
        settings.clientCertificate().map(ShownCertificate::factory).ifPresent(config::setSslKeyManagerFactory);
        SingleServerConfig server = config.useSingleServer();
        server.setAddress(settings.address().toString());
        server.setConnectionPoolSize(settings.connections());
        server.setConnectionMinimumIdleSize(settings.connections());
        server.setSubscriptionConnectionMinimumIdleSize(1);
        server.setSubscriptionConnectionPoolSize(1);
        server.setConnectTimeout(CONNECT_TIMEOUT_MILLIS);
        server.setTimeout(TIMEOUT_MILLIS);
        server.setRetryAttempts(0);
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

    /**
     * Makes a call. Fails at once while there is no connection, and for a second after calls have failed. Never blocks.
     */
    public <T> CompletionStage<T> call(Function<RedissonClient, CompletionStage<T>> call) {
        RedissonClient connected = client;
        if (connected == null) {
            return CompletableFuture.failedStage(new IllegalStateException("Redis has not been reached yet"));
        }
        return circuit.executeCompletionStage(() -> attempt(connected, call));
    }

    /** Runs a script in one round trip; see {@link #call}. */
    <T> CompletionStage<T> run(
            RScript.Mode mode, String script, RScript.ReturnType type, List<Object> keys, Object... arguments) {
        return call(client -> client.getScript(StringCodec.INSTANCE).evalAsync(mode, script, type, keys, arguments));
    }

    private <T> CompletionStage<T> attempt(
            RedissonClient connected, Function<RedissonClient, CompletionStage<T>> call) {
        CompletionStage<T> stage;
        try {
            stage = call.apply(connected);
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedStage(e);
        }
        return stage.whenComplete((_, failure) -> {
            if (failure == null) {
                redis.answered();
            } else {
                redis.failed(failure);
            }
        });
    }

    /** Asks Redis whether it is there; fails if it is not. */
    public CompletionStage<Boolean> ping() {
        return call(client -> client.getBucket(PROBE_KEY, StringCodec.INSTANCE).isExistsAsync());
    }

    /** Ends the connection, or the attempts to make one. A second call does nothing. */
    @Override
    public void close() {
        connecting.interrupt();
        RedissonClient connected = client;
        client = null;
        if (connected != null) {
            connected.shutdown();
        }
    }
}
