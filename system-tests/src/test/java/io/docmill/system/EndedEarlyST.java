package io.docmill.system;

import static io.docmill.system.ClusterCaller.attempt;
import static io.docmill.system.ClusterCaller.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.testing.documents.TestDocuments;
import io.docmill.testing.services.ClusterProcess;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A conversion that is canceled, or whose file is deleted, leaves nothing: no result, no work, no one who waits in vain. */
@ExtendWith(SharedCluster.class)
class EndedEarlyST {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int LONG = 2500;

    @Test
    void aCanceledConversionStaysCanceledAndFreesItsSlot(Cluster cluster) {
        // Given
        ClusterCaller caller = ClusterCaller.of(cluster);
        String file = caller.upload(TestDocuments.docxOfPages(LONG));
        ClusterProcess gateway = cluster.gateways().getFirst();
        long jobs = cluster.jobsDone();
        Answer accepted = caller.begin(gateway, file);
        caller.awaitState(gateway, accepted, "running");
        cluster.awaitBusyWorker();
        // When
        Stopwatch time = Stopwatch.start();
        Answer canceled = caller.cancel(cluster.gateways().getLast(), accepted);
        String answered = time.toString();
        cluster.awaitIdle();
        System.out.printf("Canceled while running: answered in %s, slot free in %s%n", answered, time);
        await("the end of the job").atMost(PATIENCE).until(() -> cluster.jobsDone() == jobs + 1);
        // Then
        assertThat(canceled.status()).as("%s", canceled).isEqualTo(200);
        assertThat(status(canceled)).isEqualTo("canceled");
        for (ClusterProcess any : cluster.gateways()) {
            assertThat(status(caller.look(any, accepted))).isEqualTo("canceled");
        }
        assertThat(cluster.data().objectsOf(file)).noneMatch(key -> key.endsWith("/artifact"), "is an artifact");
    }

    @Test
    void whatHasSucceededIsNotCanceled(Cluster cluster) {
        // Given
        ClusterCaller caller = ClusterCaller.of(cluster);
        String file = caller.upload(TestDocuments.docx("Done before anyone could stop it."));
        ClusterProcess gateway = cluster.gateways().getFirst();
        Answer accepted = caller.begin(gateway, file);
        Answer succeeded = caller.awaitState(gateway, accepted, "succeeded");
        // When
        Answer canceled = caller.cancel(cluster.gateways().getLast(), accepted);
        // Then
        assertThat(canceled.status()).as("%s", canceled).isEqualTo(200);
        assertThat(status(canceled)).isEqualTo("succeeded");
        for (ClusterProcess any : cluster.gateways()) {
            Answer again = caller.convert(any, file);
            assertThat(again.status()).isEqualTo(200);
            assertThat(attempt(again)).isEqualTo(attempt(succeeded));
        }
    }

    @Test
    void whoStillWaitsForACanceledConversionIsAnsweredByTheNextAttempt(Cluster cluster) {
        // Given
        ClusterCaller caller = ClusterCaller.of(cluster);
        String file = caller.upload(TestDocuments.docxOfPages(LONG));
        Answer accepted = caller.begin(cluster.gateways().getFirst(), file);
        CompletableFuture<Answer> waiting = caller.converting(cluster.gateways().getLast(), file);
        await("the other caller")
                .atMost(PATIENCE)
                .until(() -> cluster.gateways().getLast().metric("docmill_gateway_waiting_conversions") > 0);
        cluster.awaitBusyWorker();
        // When
        Stopwatch time = Stopwatch.start();
        Answer canceled = caller.cancel(cluster.gateways().getFirst(), accepted);
        // Then
        assertThat(status(canceled)).as("%s", canceled).isEqualTo("canceled");
        Answer answered = caller.succeeded(waiting);
        System.out.printf("Canceled by one of two callers: the other one has 200 %s later%n", time);
        assertThat(attempt(answered)).isGreaterThan(attempt(accepted));
    }

    @Test
    void aFileThatIsDeletedWhileItIsConvertedLeavesNothing(Cluster cluster) {
        // Given
        ClusterCaller caller = ClusterCaller.of(cluster);
        String file = caller.upload(TestDocuments.docxOfPages(LONG));
        CompletableFuture<Answer> waiting = caller.converting(cluster.gateways().getFirst(), file);
        ClusterProcess busy = cluster.awaitBusyWorker();
        Answer accepted = caller.begin(cluster.gateways().getLast(), file);
        // When
        Stopwatch time = Stopwatch.start();
        Answer deleted = caller.delete(cluster.gateways().getLast(), "/v1/files/" + file);
        // Then
        assertThat(deleted.status()).as("%s", deleted).isEqualTo(204);
        assertThat(waiting).succeedsWithin(PATIENCE);
        String answered = time.toString();
        waiting.join().expectError(404, "not_found");
        for (ClusterProcess any : cluster.gateways()) {
            caller.get(any, "/v1/files/" + file).expectError(404, "not_found");
            caller.look(any, accepted).expectError(404, "not_found");
            caller.convert(any, file).expectError(404, "not_found");
        }
        await("nothing in the store")
                .atMost(PATIENCE)
                .until(() ->
                        !Cluster.isBusy(busy) && cluster.data().objectsOf(file).isEmpty());
        await("nothing in Redis but that it is gone")
                .atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(cluster.data().redisKeysOf(file)).containsOnly("gone"));
        System.out.printf(
                "File deleted while it is converted: who waits has 404 in %s, nothing is left in %s%n", answered, time);
    }
}
