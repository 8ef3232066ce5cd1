package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every process of a cluster is replaced while it works, as an upgrade does. */
@ExtendWith(SharedCluster.class)
class RollingRestartST {
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
        }
    }
}
