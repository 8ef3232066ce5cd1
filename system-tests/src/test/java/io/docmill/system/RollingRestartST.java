package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.docmill.testing.documents.TestDocuments;
import io.docmill.testing.services.ClusterProcess;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every process of a cluster is replaced while it works, as an upgrade does. */
@ExtendWith(SharedCluster.class)
class RollingRestartST {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    void restartingEveryProcessFailsNoRequest(Cluster cluster) throws InterruptedException {
        // Given
        try (Load load = Load.on(cluster, 3)) {
            // When
            for (ClusterProcess process : cluster.processes()) {
                assertThat(process.terminate())
                        .as("exit code of %s", process.name())
                        .isEqualTo(ClusterProcess.ENDED_BY_SIGTERM);
                process.start();
                load.awaitMore();
            }
            // Then
            Load.Result result = load.end();
            System.out.println("Rolling restart of 2 gateways and 2 workers: " + result);
            assertThat(result.failures()).isEmpty();
            assertThat(result.broken()).isZero();
            assertThat(result.unavailable()).isZero();
        }
    }

    @Test
    void aSecondSignalEndsAGatewayThatStillHasCallers(Cluster cluster) {
        // Given
        String key = cluster.newKey();
        ClusterProcess gateway = cluster.gateways().getFirst();
        long log = gateway.logLength();
        String file = cluster.balancer()
                .send(ClusterRequest.upload(key, TestDocuments.docx("Nobody converts this one in time.")))
                .json()
                .path("id")
                .asText();
        cluster.workers().forEach(ClusterProcess::pause);
        try {
            ClusterRequest convert = ClusterRequest.convert(key, file, FormBody.field("format", "pdf"));
            CompletableFuture<Answer> caller =
                    CompletableFuture.supplyAsync(() -> cluster.balancer().sendTo(gateway, convert));
            await().atMost(PATIENCE).until(() -> gateway.metric("docmill_gateway_waiting_conversions") > 0);
            // When
            gateway.signal("TERM");
            await().atMost(PATIENCE).until(() -> gateway.logFrom(log).contains("Told to end"));
            gateway.signal("TERM");
            // Then
            await().atMost(PATIENCE).until(() -> !gateway.isAlive());
            assertThat(gateway.logFrom(log)).contains("for the second time");
            assertThatThrownBy(caller::join).hasCauseInstanceOf(UncheckedIOException.class);
        } finally {
            cluster.workers().forEach(ClusterProcess::resume);
        }
    }
}
