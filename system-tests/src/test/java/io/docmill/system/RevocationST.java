package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.security.ApiKey;
import io.docmill.testing.services.ClusterProcess;
import io.docmill.testing.services.ServiceProcess;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A key that one gateway revoked opens nothing at any gateway within 10 s, whatever is away meanwhile. */
@ExtendWith(SharedCluster.class)
class RevocationST {
    /** What the contract promises. */
    private static final Duration EVERYWHERE = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static int status(Cluster cluster, ClusterProcess gateway, String key) {
        return cluster.balancer()
                .sendTo(gateway, ClusterRequest.get(key, "/v1/files"))
                .status();
    }

    /** A key that both gateways and Redis know. */
    private static String knownKey(Cluster cluster) {
        String key = cluster.newKey();
        for (ClusterProcess gateway : cluster.gateways()) {
            assertThat(status(cluster, gateway, key)).isEqualTo(200);
        }
        return key;
    }

    private static void revoke(Cluster cluster, String key) {
        Answer answer = cluster.deleteAsOperator(
                cluster.gateways().getFirst(), "/v1/admin/keys/key_" + new ApiKey(key).sha256());
        assertThat(answer.status()).as("%s", answer).isEqualTo(204);
    }

    private static void awaitRefusals(Cluster cluster, String key, String what) {
        Stopwatch time = Stopwatch.start();
        await("401 at both gateways")
                .pollInterval(Duration.ofMillis(100))
                .atMost(EVERYWHERE)
                .until(() -> cluster.gateways().stream().allMatch(gateway -> status(cluster, gateway, key) == 401));
        System.out.printf("Revoked, %s: refused by both gateways after %s%n", what, time);
    }

    /** Hangs while a key is revoked, with all that it holds. */
    private static void revokeWhileHanging(Cluster cluster, ServiceProcess neighbour, String name) {
        // Given
        String key = knownKey(cluster);
        // When
        neighbour.pause();
        revoke(cluster, key);
        // Then
        awaitRefusals(cluster, key, name + " hangs");
        // When
        neighbour.resume();
        await(name + " answers")
                .atMost(PATIENCE)
                .until(() -> cluster.gateways().stream()
                        .allMatch(gateway -> gateway.readinessDetails()
                                .getOrDefault(name, "")
                                .startsWith("answers")));
        // Then
        assertThat(cluster.gateways().stream().map(gateway -> status(cluster, gateway, key)))
                .as("%s is back", name)
                .isEqualTo(List.of(401, 401));
    }

    @Test
    void aRevokedKeyOpensNothing(Cluster cluster) {
        // Given
        String key = knownKey(cluster);
        // When
        revoke(cluster, key);
        // Then
        awaitRefusals(cluster, key, "all is there");
    }

    @Test
    void aRevokedKeyOpensNothingWhileRedisHangsNorAfterwards(Cluster cluster) {
        revokeWhileHanging(cluster, cluster.services().redis(), "redis");
    }

    @Test
    void aRevokedKeyOpensNothingWhileKafkaHangsNorAfterwards(Cluster cluster) {
        revokeWhileHanging(cluster, cluster.services().kafka(), "kafka");
    }

    @Test
    void aRevokedKeyOpensNothingWithoutRedis(Cluster cluster) {
        // Given
        String key = knownKey(cluster);
        // When
        cluster.services().redis().kill();
        revoke(cluster, key);
        // Then
        awaitRefusals(cluster, key, "Redis is gone");
    }
}
