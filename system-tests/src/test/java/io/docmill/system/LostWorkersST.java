package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.testing.documents.TestDocuments;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A document that takes its workers along is given up before it has taken them all for good. */
@ExtendWith(SharedCluster.class)
class LostWorkersST {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String DEAD_LETTERS = "dead-letters/";
    private static final int DEATHS = 4;
    private static final int LONG = 2500;

    @Test
    void aDocumentWhoseWorkersDiedFourTimesIsNotRunAFifthTime(Cluster cluster) {
        // Given
        ClusterCaller caller = ClusterCaller.of(cluster);
        ClusterProcess gateway = cluster.gateways().getFirst();
        String deadly = caller.upload(TestDocuments.docxOfPages(LONG));
        List<String> lettersBefore = cluster.data().objects(DEAD_LETTERS);
        Answer accepted = caller.begin(gateway, deadly);
        Stopwatch time = Stopwatch.start();
        // When
        for (int death = 1; death <= DEATHS; death++) {
            ClusterProcess busy = cluster.awaitBusyWorker();
            busy.kill();
            System.out.printf("Death %d of a worker at one document: %s after %s%n", death, busy.name(), time);
            busy.start();
        }
        // Then
        Answer failed = caller.awaitState(gateway, accepted, "failed");
        System.out.printf("Given up after %d deaths, %s after it was accepted: %s%n", DEATHS, time, failed);
        assertThat(failed.json().path("error").path("error").asText()).isEqualTo("upstream_error");
        assertThat(failed.json().path("error").path("retryable").asBoolean(true))
                .isFalse();
        assertThat(cluster.libreOfficeRuns()).as("runs since the last deaths").isZero();
        await("a dead letter")
                .atMost(PATIENCE)
                .until(() -> cluster.data().objects(DEAD_LETTERS).size() == lettersBefore.size() + 1);
        // When
        String harmless = caller.upload(TestDocuments.docx("Another document."));
        // Then
        caller.succeeded(caller.converting(cluster.gateways().getLast(), harmless));
        caller.convert(gateway, deadly).expectError(502, "upstream_error");
    }
}
