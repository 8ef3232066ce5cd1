package io.docmill.system;

import static io.docmill.system.ClusterCaller.attempt;
import static io.docmill.system.ClusterCaller.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.testing.documents.TestDocuments;
import io.docmill.testing.services.ClusterProcess;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** However many call and whatever dies meanwhile, LibreOffice runs once for a conversion. */
@ExtendWith(SharedCluster.class)
class OneConversionST {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CALLERS = 200;
    private static final int LONG = 2500;
    private static final FormBody.Field REFRESH = FormBody.field("refresh", "true");

    @Test
    void manyFirstCallsAtOnceAreOneConversion(Cluster cluster) {
        // Given
        ClusterCaller caller = ClusterCaller.of(cluster);
        String file = caller.upload(TestDocuments.docxOfPages(20));
        long runs = cluster.libreOfficeRuns();
        Stopwatch time = Stopwatch.start();
        // When
        List<CompletableFuture<Answer>> calls = IntStream.range(0, CALLERS)
                .mapToObj(i -> caller.converting(
                        cluster.gateways().get(i % cluster.gateways().size()), file))
                .toList();
        // Then
        List<Answer> answers = calls.stream()
                .map(call -> {
                    assertThat(call).succeedsWithin(PATIENCE);
                    return call.join();
                })
                .toList();
        assertThat(answers).allMatch(answer -> answer.status() == 200, "is 200");
        assertThat(answers.stream().map(ClusterCaller::attempt).distinct()).hasSize(1);
        assertThat(cluster.libreOfficeRuns() - runs).isEqualTo(1);
        System.out.printf("%d first calls over 2 gateways: all 200 after %s, 1 run%n", CALLERS, time);
    }

    @Test
    void aGatewayKilledWhileItPublishesLeavesItsCallersElsewhereAnAnswer(Cluster cluster) {
        // Given
        ClusterCaller caller = ClusterCaller.of(cluster);
        String file = caller.upload(TestDocuments.docx("Published by whom?"));
        long runs = cluster.libreOfficeRuns();
        cluster.services().kafka().pause();
        CompletableFuture<Answer> joined = joinAClaimOfTheFirstGateway(cluster, caller, file);
        // When
        cluster.gateways().getFirst().kill();
        cluster.services().kafka().resume();
        Stopwatch time = Stopwatch.start();
        // Then
        Answer answer = caller.succeeded(joined);
        System.out.printf(
                "Gateway killed while Kafka hangs: the caller of the other one has 200 %s later, %d run(s)%n",
                time, cluster.libreOfficeRuns() - runs);
        assertThat(answer.json().path("attempt").asText()).isNotEmpty();
        assertThat(cluster.libreOfficeRuns() - runs).isEqualTo(1);
    }

    @Test
    void aGatewayKilledBeforeItPublishedIsFollowedByAnother(Cluster cluster) {
        // Given
        ClusterCaller caller = ClusterCaller.of(cluster);
        String file = caller.upload(TestDocuments.docx("Published by the other one."));
        long runs = cluster.libreOfficeRuns();
        cluster.services().kafka().kill();
        CompletableFuture<Answer> joined = joinAClaimOfTheFirstGateway(cluster, caller, file);
        // When
        cluster.gateways().getFirst().kill();
        cluster.services().kafka().start();
        Stopwatch time = Stopwatch.start();
        // Then
        caller.succeeded(joined);
        System.out.printf(
                "Gateway killed before it could publish: the caller of the other one has 200 %s after Kafka is back,"
                        + " %d run(s)%n",
                time, cluster.libreOfficeRuns() - runs);
        assertThat(cluster.libreOfficeRuns() - runs).isEqualTo(1);
    }

    /** Both gateways have a caller, and the first one holds the lease and can't publish. */
    private static CompletableFuture<Answer> joinAClaimOfTheFirstGateway(
            Cluster cluster, ClusterCaller caller, String file) {
        CompletableFuture<Answer> lost = caller.converting(cluster.gateways().getFirst(), file)
                .exceptionally(broken -> {
                    assertThat(broken).hasCauseInstanceOf(UncheckedIOException.class);
                    return null;
                });
        await("a lease")
                .atMost(PATIENCE)
                .until(() -> cluster.data().redisKeysOf(file).contains("lease"));
        CompletableFuture<Answer> joined = caller.converting(cluster.gateways().getLast(), file);
        await("the second caller")
                .atMost(PATIENCE)
                .until(() -> cluster.gateways().getLast().metric("docmill_gateway_waiting_conversions") > 0);
        assertThat(lost).isNotDone();
        assertThat(joined).isNotDone();
        return joined;
    }

    @Test
    void aKilledWorkersConversionIsDoneByAnotherOne(Cluster cluster) {
        // Given
        ClusterCaller caller = ClusterCaller.of(cluster);
        String file = caller.upload(TestDocuments.docxOfPages(LONG));
        CompletableFuture<Answer> call = caller.converting(cluster.gateways().getFirst(), file);
        ClusterProcess busy = cluster.awaitBusyWorker();
        ClusterProcess other = cluster.workers().stream()
                .filter(worker -> worker != busy)
                .findAny()
                .orElseThrow();
        assertThat(cluster.data().redisKeysOf(file)).contains("mark");
        long runs = Cluster.libreOfficeRuns(other);
        // When
        busy.kill();
        Stopwatch time = Stopwatch.start();
        // Then
        caller.succeeded(call);
        System.out.printf("Worker killed in the middle of a conversion: 200 by the other one %s later%n", time);
        busy.start();
        assertThat(Cluster.libreOfficeRuns(other) - runs).isEqualTo(1);
    }

    @Test
    void aJobThatIsInTheQueueAgainDoesNotRunAgain(Cluster cluster) {
        // Given
        ClusterCaller caller = ClusterCaller.of(cluster);
        String file = caller.upload(TestDocuments.docxOfPages(2 * LONG));
        long runs = cluster.libreOfficeRuns();
        long jobs = cluster.jobsDone();
        Answer accepted = caller.begin(cluster.gateways().getFirst(), file);
        cluster.awaitBusyWorker();
        ConsumerRecord<String, byte[]> job =
                cluster.data().job(accepted.json().path("id").asText());
        // When
        cluster.data().repeat(job);
        await("the end of the duplicate").atMost(PATIENCE).until(() -> cluster.jobsDone() == jobs + 1);
        // Then
        String meanwhile = status(caller.look(cluster.gateways().getFirst(), accepted));
        Answer ended = caller.awaitState(cluster.gateways().getFirst(), accepted, "succeeded");
        assertThat(attempt(ended)).isEqualTo(attempt(accepted));
        // When
        cluster.data().repeat(job);
        await("the end of the late duplicate").atMost(PATIENCE).until(() -> cluster.jobsDone() == jobs + 3);
        // Then
        assertThat(cluster.libreOfficeRuns() - runs).isEqualTo(1);
        System.out.printf(
                "A job three times in the queue: 1 run; %s when the first duplicate had been dealt with%n", meanwhile);
    }

    @Test
    void aGatewayThatJoinsLateJoinsWhatRuns(Cluster cluster) {
        // Given
        ClusterProcess late = cluster.gateways().getLast();
        assertThat(late.terminate()).isEqualTo(ClusterProcess.ENDED_BY_SIGTERM);
        ClusterCaller caller = ClusterCaller.of(cluster);
        String file = caller.upload(TestDocuments.docxOfPages(2 * LONG));
        long runs = cluster.libreOfficeRuns();
        CompletableFuture<Answer> first = caller.converting(cluster.gateways().getFirst(), file);
        cluster.awaitBusyWorker();
        // When
        late.start();
        CompletableFuture<Answer> second = caller.converting(late, file);
        await("the second caller").atMost(PATIENCE).until(() -> late.metric("docmill_gateway_waiting_conversions") > 0);
        assertThat(first).isNotDone();
        // Then
        assertThat(attempt(caller.succeeded(second))).isEqualTo(attempt(caller.succeeded(first)));
        assertThat(cluster.libreOfficeRuns() - runs).isEqualTo(1);
        System.out.println("A gateway that was started while the conversion ran: both callers 200, 1 run");
    }

    @Test
    void aRefreshJoinsWhatRuns(Cluster cluster) {
        // Given
        ClusterCaller caller = ClusterCaller.of(cluster);
        String file = caller.upload(TestDocuments.docxOfPages(LONG));
        long runs = cluster.libreOfficeRuns();
        Answer accepted = caller.begin(cluster.gateways().getFirst(), file);
        cluster.awaitBusyWorker();
        // When
        Answer refreshed = caller.succeeded(caller.converting(cluster.gateways().getLast(), file, REFRESH));
        // Then
        assertThat(attempt(refreshed)).isEqualTo(attempt(accepted));
        assertThat(cluster.libreOfficeRuns() - runs).isEqualTo(1);
        System.out.println("A refresh beside the first conversion: joined, 1 run");
    }

    @Test
    void aRefreshReplacesAnArtifactThatAnswersUntilThen(Cluster cluster) {
        // Given
        ClusterCaller caller = ClusterCaller.of(cluster);
        String file = caller.upload(TestDocuments.docxOfPages(LONG));
        ClusterProcess gateway = cluster.gateways().getFirst();
        Answer old = caller.succeeded(caller.converting(gateway, file));
        long runs = cluster.libreOfficeRuns();
        // When
        Answer accepted = caller.begin(gateway, file, REFRESH);
        cluster.awaitBusyWorker();
        // Then
        for (ClusterProcess any : cluster.gateways()) {
            assertThat(attempt(caller.convert(any, file))).isEqualTo(attempt(old));
        }
        assertThat(status(caller.look(gateway, accepted))).isEqualTo("running");
        // When
        caller.awaitState(gateway, accepted, "succeeded");
        // Then
        for (ClusterProcess any : cluster.gateways()) {
            Answer fresh = caller.convert(any, file);
            assertThat(attempt(fresh)).isEqualTo(attempt(accepted)).isGreaterThan(attempt(old));
            assertThat(fresh.json().path("cached").asBoolean()).isTrue();
        }
        assertThat(cluster.libreOfficeRuns() - runs).isEqualTo(1);
        System.out.println(
                "A refresh beside an artifact: the old one answers both gateways until the new one does, 1 run");
    }
}
