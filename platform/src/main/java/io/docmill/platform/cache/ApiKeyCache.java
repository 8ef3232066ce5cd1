package io.docmill.platform.cache;

import io.docmill.model.cache.RedisKeys;
import io.docmill.model.json.Json;
import io.docmill.model.record.ApiKeyRecord;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.redisson.client.codec.StringCodec;

/** The records of API keys in Redis. Fails when Redis is away; callers then ask storage. Thread-safe; nothing blocks. */
public final class ApiKeyCache {
    private static final Duration TTL = Duration.ofMinutes(5);

    /** Longer than any reader takes from its look at storage to its fill. */
    private static final Duration REVOKED_TTL = Duration.ofMinutes(10);

    private final RedisConnection redis;

    public ApiKeyCache(RedisConnection redis) {
        this.redis = redis;
    }

    /** The record of the key with this SHA-256; empty if Redis does not hold it. */
    public CompletionStage<Optional<ApiKeyRecord>> find(String sha256) {
        return redis.call(client -> client.<String>getBucket(RedisKeys.apiKey(sha256), StringCodec.INSTANCE)
                        .getAsync())
                .thenApply(json -> Optional.ofNullable(json).map(text -> Json.read(text, ApiKeyRecord.class)));
    }

    /** Keeps a record for five minutes; never replaces one, so that a revocation is not undone by a slow reader. */
    public CompletionStage<Boolean> fill(String sha256, ApiKeyRecord record) {
        return redis.call(client -> client.<String>getBucket(RedisKeys.apiKey(sha256), StringCodec.INSTANCE)
                .setIfAbsentAsync(Json.text(record), TTL));
    }

    /** Keeps the record of a revoked key for ten minutes, whatever is there. */
    public CompletionStage<Void> revoke(String sha256, ApiKeyRecord revoked) {
        return redis.call(client -> client.<String>getBucket(RedisKeys.apiKey(sha256), StringCodec.INSTANCE)
                .setAsync(Json.text(revoked), REVOKED_TTL));
    }

    /** How long Redis may go on with what it holds while it can't be told of a revocation. */
    public static Duration longestEntry() {
        return TTL;
    }
}
