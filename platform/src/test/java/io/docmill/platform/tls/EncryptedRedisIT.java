package io.docmill.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.platform.cache.RedisConnection;
import io.docmill.platform.config.RedisSettings;
import io.docmill.platform.neighbour.Neighbour;
import io.docmill.testing.services.SecuredRedis;
import io.docmill.testing.services.TestAuthority;
import io.docmill.testing.services.TestCertificate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EncryptedRedisIT {
    private static final List<String> ACCOUNTS = List.of("user docmill on >hush ~* +@all");
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final TestAuthority authority = TestAuthority.make();
    private final Neighbour neighbour = new Neighbour("Redis", "");

    @TempDir
    private Path directory;

    private SecuredRedis start(TestCertificate certificate, @Nullable TestAuthority clients) {
        return SecuredRedis.start(directory, certificate, ACCOUNTS, clients);
    }

    private static Map<String, String> account(SecuredRedis redis, String password) {
        return new HashMap<>(Map.of(
                "docmill.redis.address",
                redis.address(),
                "docmill.redis.username",
                "docmill",
                "docmill.redis.password",
                password));
    }

    private RedisSettings trusting(Map<String, String> settings) {
        return SecuredSettings.trusting(authority, settings).redis();
    }

    private void answers(RedisSettings settings) throws Exception {
        try (RedisConnection connection = RedisConnection.open(settings, neighbour)) {
            assertThat(connection.awaitConnection(PATIENCE)).isTrue();
            assertThat(connection.ping().toCompletableFuture().get()).isFalse();
        }
    }

    /** What the log and readiness tell of a Redis that is not connected to. */
    private String refusal(RedisSettings settings) {
        try (RedisConnection _ = RedisConnection.open(settings, neighbour)) {
            await("a refusal").atMost(PATIENCE).until(neighbour::isAway);
            return neighbour.state();
        }
    }

    @Test
    void isReachedByAnAccountThatItKnows() throws Exception {
        try (SecuredRedis redis = start(authority.localServer(), null)) {
            answers(trusting(account(redis, "hush")));
            assertThat(refusal(trusting(account(redis, "another")))).contains("WRONGPASS");
        }
    }

    @Test
    void isShownTheCertificateThatItAsksFor() throws Exception {
        TestAuthority clients = TestAuthority.make();
        try (SecuredRedis redis = start(authority.localServer(), clients)) {
            // Given
            Map<String, String> settings = account(redis, "hush");
            settings.put(
                    "docmill.redis.client-certificate", clients.client("worker").pem());
            // Then
            answers(trusting(settings));
            // Redis closes the connection after the handshake, and Redisson tells no more than that no answer came.
            assertThat(refusal(trusting(account(redis, "hush")))).contains("Unable to connect to Redis");
        }
    }

    @Test
    void isRefusedWhereItsAuthorityIsNotTrusted() {
        try (SecuredRedis redis = start(TestAuthority.make().localServer(), null)) {
            assertThat(refusal(trusting(account(redis, "hush")))).contains("DOCMILL_TRUSTED_CERTIFICATES_FILE");
        }
    }

    @Test
    void isRefusedWhereItsCertificateHasAnotherName() {
        try (SecuredRedis redis = start(authority.server("redis.example"), null)) {
            assertThat(refusal(trusting(account(redis, "hush")))).contains("for another host name");
        }
    }
}
