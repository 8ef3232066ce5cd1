package io.docmill.system;

import static io.docmill.system.ClusterCaller.attempt;
import static io.docmill.system.ClusterCaller.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.testing.documents.TestDocuments;
import io.docmill.testing.services.ClusterProcess;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a poll tells never goes back, whichever gateway is asked. */
@ExtendWith(SharedCluster.class)
class ConversionStatesST {
    private static final List<String> ORDER = List.of("queued", "running", "succeeded");
    private static final int LONG = 4000;
    private static final int INTERVAL_MILLIS = 20;
    private static final int LOOKS_AT_LEAST = 20;

    /** What one look told. */
    private record Seen(String state, String attempt) {}

    @Test
    void statesGoForwardAlsoWhileAGatewayIsKilledAndComesBack(Cluster cluster) throws Exception {
        // Given
        ClusterCaller caller = ClusterCaller.of(cluster);
        String file = caller.upload(TestDocuments.docxOfPages(LONG));
        ClusterProcess killed = cluster.gateways().getLast();
        cluster.workers().forEach(ClusterProcess::pause);
        Answer accepted = caller.begin(cluster.gateways().getFirst(), file);
        // When
        List<Seen> seen = new CopyOnWriteArrayList<>();
        try (ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor()) {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            var _ = looks.scheduleAtFixedRate(
                    () -> {
                        for (ClusterProcess gateway : cluster.gateways()) {
                            look(caller, gateway, accepted).ifPresent(seen::add);
                        }
                        if (endedLongAgo(seen)) {
                            ended.complete(null);
                        }
                    },
                    0,
                    INTERVAL_MILLIS,
                    TimeUnit.MILLISECONDS);
            await("first looks").until(() -> seen.size() > LOOKS_AT_LEAST);
            cluster.workers().forEach(ClusterProcess::resume);
            cluster.awaitBusyWorker();
            killed.kill();
            killed.start();
            ended.get(2, TimeUnit.MINUTES);
        } finally {
            cluster.workers().forEach(ClusterProcess::resume);
        }
        // Then
        assertThat(seen.stream().map(Seen::state)).allMatch(ORDER::contains, "is one of " + ORDER);
        assertThat(seen.stream().map(look -> ORDER.indexOf(look.state()))).isSorted();
        assertThat(seen.stream().map(Seen::attempt)).containsOnly(attempt(accepted));
        assertThat(seen.stream().map(Seen::state).distinct()).containsExactlyElementsOf(ORDER);
        System.out.printf(
                "%d looks at one conversion over 2 gateways, one of which was killed and came back: %s%n",
                seen.size(), seen.stream().map(Seen::state).distinct().toList());
    }

    private static boolean endedLongAgo(List<Seen> seen) {
        return seen.stream()
                        .filter(look -> look.state().equals(ORDER.getLast()))
                        .count()
                > LOOKS_AT_LEAST;
    }

    /** Nothing where the gateway is away. */
    private static Optional<Seen> look(ClusterCaller caller, ClusterProcess gateway, Answer accepted) {
        try {
            Answer answer = caller.look(gateway, accepted);
            return Optional.of(new Seen(status(answer), attempt(answer)));
        } catch (UncheckedIOException _) {
            return Optional.empty();
        }
    }
}
