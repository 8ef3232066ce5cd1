package io.docmill.platform.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.embedded.RedisProcess;
import io.docmill.model.id.ScopeId;
import io.docmill.model.record.ApiKeyRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.platform.neighbour.Neighbour;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Readers of storage and a revocation, in whatever order they come to Redis. */
class ApiKeyCacheIT {
    private static final Instant NOW = Instant.parse("2026-11-23T21:00:00Z");

    private static RedisProcess redis;
    private static RedisConnection client;
    private static ApiKeyCache cache;

    private final ApiKeyRecord valid = new ApiKeyRecord(
            StoredRecord.VERSION,
            "a key",
            ApiKeyRecord.ScopeKind.PERSONAL,
            ScopeId.create(),
            ApiKeyRecord.Role.USER,
            NOW,
            null);
    private final ApiKeyRecord revoked = valid.revoked(NOW);

    @BeforeAll
    static void start(@TempDir Path directory) throws InterruptedException {
        redis = RedisProcess.start(directory);
        client = RedisConnection.open(new RedisProcessSettings(redis), new Neighbour("Redis", "The test fails."));
        cache = new ApiKeyCache(client);
        assertThat(client.awaitConnection(Duration.ofSeconds(10))).isTrue();
    }

    @AfterAll
    static void stop() {
        client.close();
        redis.close();
    }

    private static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    @Test
    void aRevocationReplacesWhatAReaderHasFilled() {
        // Given
        String key = "a".repeat(64);
        assertThat(now(cache.fill(key, valid))).isTrue();
        // When
        now(cache.revoke(key, revoked));
        // Then
        assertThat(now(cache.find(key))).contains(revoked);
    }

    @Test
    void aReaderWhoLookedBeforeTheRevocationReplacesNothing() {
        // Given
        String key = "b".repeat(64);
        now(cache.revoke(key, revoked));
        // When
        boolean filled = now(cache.fill(key, valid));
        // Then
        assertThat(filled).isFalse();
        assertThat(now(cache.find(key))).contains(revoked);
    }
}
