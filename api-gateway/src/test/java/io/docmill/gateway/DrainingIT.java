package io.docmill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.docmill.model.job.ConversionJob;
import io.docmill.testing.documents.TestDocuments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a gateway ends while it has callers. */
class DrainingIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private static Path directory;

    private static NeighbourProcesses neighbours;
    private static ScriptedWorker worker;
    private final BlockingQueue<ConversionJob> held = new LinkedBlockingQueue<>();

    @BeforeAll
    static void startNeighbours() {
        neighbours = NeighbourProcesses.start(directory);
        worker = new ScriptedWorker(neighbours.settings(Map.of()));
    }

    @AfterAll
    static void stopNeighbours() {
        worker.close();
        neighbours.close();
    }

    private RunningGateway start(String delay, String time) {
        worker.does(held::add);
        return RunningGateway.start(
                neighbours,
                directory.resolve("spool"),
                Map.of("docmill.gateway.drain-delay", delay, "docmill.gateway.drain-time", time));
    }

    @AfterEach
    void answerAgain() {
        worker.does(worker::succeed);
    }

    private CompletableFuture<Answer> waitingCaller(RunningGateway gateway) throws InterruptedException {
        String file = gateway.uploaded(TestDocuments.docx("A document somebody waits for."));
        CompletableFuture<Answer> caller = CompletableFuture.supplyAsync(() -> gateway.toPdf(file));
        held.put(held.take());
        return caller;
    }

    private static CompletableFuture<Void> ending(RunningGateway gateway) {
        CompletableFuture<Void> ending =
                CompletableFuture.runAsync(() -> gateway.application().close());
        await().atMost(PATIENCE).until(() -> !gateway.application().report().ready());
        return ending;
    }

    private static boolean refusesConnections(RunningGateway gateway) {
        try (RawConnection _ = new RawConnection(gateway.port())) {
            return false;
        } catch (ConnectException _) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void goesOnForTheDelayButKeepsNoConnection() throws Exception {
        // Given
        try (RunningGateway gateway = start("5s", "5s")) {
            try (RawConnection kept = new RawConnection(gateway.port())) {
                // When
                CompletableFuture<Void> ending = ending(gateway);
                kept.send("GET /openapi.yaml HTTP/1.1\nHost: localhost\n\n");
                // Then
                Answer answer = kept.answer();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("Connection")).isEqualTo("close");
                assertThat(kept.isClosedByPeer()).isTrue();
                assertThat(gateway.get("/v1/files").status()).isEqualTo(200);
                assertThat(gateway.application().report().details()).containsEntry("state", "draining");
                assertThat(ending).succeedsWithin(PATIENCE);
            }
            assertThat(refusesConnections(gateway)).isTrue();
        }
    }

    @Test
    void answersWhoWaitsAfterTheLastConnectionWasTaken() throws Exception {
        // Given
        try (RunningGateway gateway = start("0s", "55s")) {
            CompletableFuture<Answer> caller = waitingCaller(gateway);
            // When
            CompletableFuture<Void> ending = ending(gateway);
            await().atMost(PATIENCE).until(() -> refusesConnections(gateway));
            worker.succeed(held.take());
            // Then
            assertThat(caller).succeedsWithin(PATIENCE);
            assertThat(caller.join().status()).isEqualTo(200);
            assertThat(caller.join().header("Connection")).isEqualTo("close");
            assertThat(ending).succeedsWithin(PATIENCE);
        }
    }

    @Test
    void waitsForNoIdleConnection() throws Exception {
        // Given
        try (RunningGateway gateway = start("0s", "10m")) {
            try (RawConnection kept = new RawConnection(gateway.port());
                    RawConnection unused = new RawConnection(gateway.port())) {
                kept.send("GET /openapi.yaml HTTP/1.1\nHost: localhost\n\n").answer();
                // When
                CompletableFuture<Void> ending = ending(gateway);
                // Then
                assertThat(ending).succeedsWithin(PATIENCE);
                assertThat(kept.isClosedByPeer()).isTrue();
                assertThat(unused.isClosedByPeer()).isTrue();
            }
        }
    }

    @Test
    void endsAtTheLimitWhoeverWaits() throws Exception {
        // Given
        try (RunningGateway gateway = start("0s", "1s")) {
            CompletableFuture<Answer> caller = waitingCaller(gateway);
            // When
            CompletableFuture<Void> ending = ending(gateway);
            // Then
            assertThat(ending).succeedsWithin(PATIENCE);
            assertThatThrownBy(caller::join)
                    .isInstanceOf(CompletionException.class)
                    .hasCauseInstanceOf(UncheckedIOException.class);
        }
    }
}
