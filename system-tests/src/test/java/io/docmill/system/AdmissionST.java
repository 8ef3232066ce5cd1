package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import io.docmill.testing.services.ClusterProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers who would wait in vain are told so at once. One gateway that lets nobody wait longer than 5 s, one slot. */
class AdmissionST {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int WAIT_LIMIT = 5;
    private static final String EXPECTED_WAIT = "docmill_admission_expected_wait_seconds";
    private static final String REFUSED = "docmill_admission_refused_total";
    private static final TestDocument DOCUMENT = TestDocuments.docxOfPages(600);

    private static Cluster cluster;
    private static ClusterProcess gateway;

    @BeforeAll
    static void start(@TempDir Path directory) {
        cluster = Cluster.start(directory, 1, 1, 1, Map.of("DOCMILL_GATEWAY_WAIT_LIMIT", WAIT_LIMIT + "s"));
        gateway = cluster.gateways().getFirst();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    /** Enough work for minutes, of which nobody waits for anything. */
    private static List<Answer> queue(ClusterCaller caller, int jobs) {
        return IntStream.range(0, jobs)
                .mapToObj(_ -> caller.begin(gateway, caller.upload(DOCUMENT)))
                .toList();
    }

    private static Answer prefer(ClusterCaller caller, String file, String preference) {
        return caller.convertPreferring(gateway, file, preference);
    }

    /** Work is added until it is enough, however fast the machine is. */
    private static void beginUntilAWaitIsExpectedOf(double seconds, ClusterCaller caller, List<Answer> begun) {
        await("an expected wait of " + seconds + " s")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                .until(() -> {
                    begun.addAll(queue(caller, 4));
                    return gateway.metric(EXPECTED_WAIT) > seconds;
                });
    }

    @Test
    void whoWouldWaitInVainIsToldWhenToComeBackAndNothingIsBegun() {
        // Given
        ClusterCaller caller = ClusterCaller.of(cluster);
        String converted = caller.upload(DOCUMENT);
        caller.succeeded(caller.converting(gateway, converted));
        String file = caller.upload(DOCUMENT);
        List<Answer> ahead = new ArrayList<>(queue(caller, 10));
        // When
        beginUntilAWaitIsExpectedOf(2 * WAIT_LIMIT, caller, ahead);
        double refusedBefore = gateway.metric(REFUSED);
        Answer refused = caller.convert(gateway, file);
        Stopwatch time = Stopwatch.start();
        // Then
        assertThat(refused.expectError(503, "unavailable").path("retryable").asBoolean())
                .isTrue();
        int retryAfter = Integer.parseInt(refused.header("Retry-After"));
        assertThat(retryAfter).isGreaterThan(WAIT_LIMIT);
        assertThat(gateway.metric(REFUSED)).isEqualTo(refusedBefore + 1);
        assertThat(cluster.data().objectsOf(file)).containsExactly("source");
        assertThat(cluster.data().redisKeysOf(file)).doesNotContain("lease");
        // When
        List<String> files = cluster.data().objects("scopes/");
        Answer oneCall = caller.convertInOneCall(gateway, DOCUMENT);
        // Then
        oneCall.expectError(503, "unavailable");
        assertThat(Integer.parseInt(oneCall.header("Retry-After"))).isGreaterThan(WAIT_LIMIT);
        assertThat(cluster.data().objects("scopes/").stream().filter(key -> key.endsWith("/source")))
                .hasSameSizeAs(
                        files.stream().filter(key -> key.endsWith("/source")).toList());
        // When
        Answer cached = caller.convert(gateway, converted);
        Answer joined = prefer(caller, caller.fileOf(ahead.getLast()), "wait=1");
        Answer queued = caller.begin(gateway, file);
        // Then
        assertThat(cached.status()).as("%s", cached).isEqualTo(200);
        assertThat(joined.status()).as("%s", joined).isEqualTo(202);
        // When
        caller.awaitState(gateway, queued, "succeeded");
        System.out.printf(
                "Retry-After of %d s with %d jobs begun; the job took %s to end%n", retryAfter, ahead.size(), time);
        // Then
        String another = caller.upload(DOCUMENT);
        assertThat(caller.convert(gateway, another).status()).isEqualTo(200);
    }

    @Test
    void withoutAWorkerEverybodyIsAdmittedUntilTheRateIsKnownAgain() {
        // Given
        ClusterCaller caller = ClusterCaller.of(cluster);
        ClusterProcess worker = cluster.workers().getFirst();
        worker.terminate();
        List<Answer> ahead = new ArrayList<>(queue(caller, 10));
        // Then
        String file = caller.upload(DOCUMENT);
        Answer admitted = prefer(caller, file, "wait=1");
        assertThat(admitted.status()).as("%s", admitted).isEqualTo(202);
        // When
        worker.start();
        beginUntilAWaitIsExpectedOf(WAIT_LIMIT, caller, ahead);
        String another = caller.upload(DOCUMENT);
        Answer refused = caller.convert(gateway, another);
        Stopwatch time = Stopwatch.start();
        // Then
        refused.expectError(503, "unavailable");
        Answer begun = caller.begin(gateway, another);
        caller.awaitState(gateway, admitted, "succeeded");
        caller.awaitState(gateway, begun, "succeeded");
        System.out.printf(
                "Retry-After of %s s after the worker came back to %d jobs; its job took %s to end%n",
                refused.header("Retry-After"), ahead.size() + 1, time);
    }
}
