package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.testing.documents.TestDocuments;
import io.docmill.testing.services.ClusterProcess;
import io.docmill.testing.services.ServiceProcess;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Neighbours that hang in the middle of a conversion, which is worse than being gone: connections stay open and nothing answers.
 */
@ExtendWith(SharedCluster.class)
class PausedNeighboursST {
    private static final Duration PAUSE = Duration.ofSeconds(15);
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int LONG = 2500;

    @ParameterizedTest
    @ValueSource(strings = {"storage", "kafka", "redis", "storage redis", "kafka redis"})
    void aConversionThatRunsOutlivesThePause(String names, Cluster cluster) {
        // Given
        List<String> paused = List.of(names.split(" "));
        List<ServiceProcess> services =
                paused.stream().map(name -> service(cluster, name)).toList();
        ClusterCaller caller = ClusterCaller.of(cluster);
        String file = caller.upload(TestDocuments.docxOfPages(LONG));
        long runs = cluster.libreOfficeRuns();
        CompletableFuture<Answer> call = caller.converting(cluster.gateways().getFirst(), file);
        cluster.awaitBusyWorker();
        // When
        services.forEach(ServiceProcess::pause);
        Instant pauseEnd = Instant.now().plus(PAUSE);
        // Then
        await(names + " away in the details of every process")
                .atMost(PATIENCE)
                .until(() -> cluster.processes().stream().allMatch(process -> tells(process, paused, "away")));
        assertThat(cluster.processes()).allMatch(ClusterProcess::isReady, "is ready");
        System.out.printf(
                "Paused %s: gateway-1 says %s, worker-1 says %s%n",
                paused,
                cluster.gateways().getFirst().readinessDetails(),
                cluster.workers().getFirst().readinessDetails());
        await("end of the pause").atMost(PATIENCE).until(() -> Instant.now().isAfter(pauseEnd));
        assertThat(cluster.processes()).allMatch(ClusterProcess::isReady, "is ready");
        // When
        services.forEach(ServiceProcess::resume);
        Stopwatch time = Stopwatch.start();
        // Then
        caller.succeeded(call);
        System.out.printf(
                "Resumed %s: the conversion that ran is 200 %s later, %d run(s)%n",
                paused, time, cluster.libreOfficeRuns() - runs);
        assertThat(cluster.libreOfficeRuns() - runs).isEqualTo(1);
        await(names + " answers in the details of every process")
                .atMost(PATIENCE)
                .until(() -> cluster.processes().stream()
                        .allMatch(process -> tells(process, List.of("storage", "kafka", "redis"), "answers")));
        assertEveryGatewayConverts(cluster, caller);
    }

    private static ServiceProcess service(Cluster cluster, String name) {
        return switch (name) {
            case "storage" -> cluster.services().store();
            case "kafka" -> cluster.services().kafka();
            case "redis" -> cluster.services().redis();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static boolean tells(ClusterProcess process, List<String> neighbours, String news) {
        Map<String, String> details = process.readinessDetails();
        return neighbours.stream()
                .map(neighbour -> details.getOrDefault(neighbour, ""))
                .allMatch(line -> line.startsWith(news) && line.lines().count() == 1);
    }

    private static void assertEveryGatewayConverts(Cluster cluster, ClusterCaller caller) {
        for (ClusterProcess gateway : cluster.gateways()) {
            String file = caller.upload(TestDocuments.docx("Afterwards, by " + gateway.name()));
            assertThat(caller.convert(gateway, file).status()).isEqualTo(200);
            assertThat(caller.convert(gateway, file).json().path("cached").asBoolean())
                    .isTrue();
        }
    }
}
