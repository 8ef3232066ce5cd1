package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import io.docmill.testing.services.ClusterProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A cluster at work while a part of it is away. Every answer is the right one, or says when to come back. */
@ExtendWith(SharedCluster.class)
class OutagesST {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int CALLERS = 2;

    private static Answer convert(Cluster cluster, String key, String file) {
        return cluster.balancer().send(ClusterRequest.convert(key, file, FormBody.field("format", "pdf")));
    }

    private static String uploaded(Cluster cluster, String key, TestDocument document) {
        Answer answer = cluster.balancer().send(ClusterRequest.upload(key, document));
        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        return answer.json().path("id").asText();
    }

    /** Until each worker says so; and all the while every process stays ready. */
    private static void awaitNews(Cluster cluster, String neighbour, String news) {
        await(neighbour + " " + news)
                .atMost(PATIENCE)
                .until(() -> cluster.workers().stream()
                        .allMatch(worker -> worker.readinessDetails()
                                .getOrDefault(neighbour, "")
                                .startsWith(news)));
        assertThat(cluster.processes()).allMatch(ClusterProcess::isReady, "is ready");
    }

    private static void endWithoutFailure(Load load, String what) throws InterruptedException {
        Load.Result result = load.end();
        System.out.println(what + ": " + result);
        assertThat(result.failures()).isEmpty();
    }

    /** A load of its own, none of which may be turned away. */
    private static void assertWhole(Cluster cluster) throws InterruptedException {
        try (Load load = Load.on(cluster, CALLERS)) {
            Load.Result result = load.end();
            assertThat(result.failures()).isEmpty();
            assertThat(result.unavailable()).isZero();
            assertThat(result.broken()).isZero();
        }
    }

    @Test
    void aStoreThatIsAwayCostsWhatIsNewAndNotWhatIsKnown(Cluster cluster) throws InterruptedException {
        // Given
        String key = cluster.newKey();
        String known = uploaded(cluster, key, TestDocuments.docx("A document that is known."));
        assertThat(convert(cluster, key, known).status()).isEqualTo(200);
        try (Load load = Load.on(cluster, CALLERS)) {
            // When
            cluster.services().store().stop();
            // Then
            awaitNews(cluster, "storage", "away");
            assertThat(convert(cluster, key, known).json().path("cached").asBoolean())
                    .isTrue();
            Answer upload = cluster.balancer().send(ClusterRequest.upload(key, TestDocuments.docx("A new one.")));
            upload.expectError(503, "unavailable");
            assertThat(upload.header("Retry-After")).isNotEmpty();
            // When
            cluster.services().store().start();
            // Then
            awaitNews(cluster, "storage", "answers");
            load.awaitMore();
            endWithoutFailure(load, "Store away and back");
        }
        assertWhole(cluster);
    }

    @Test
    void aKilledKafkaDelaysConversionsAndKeepsWhatIsConverted(Cluster cluster) throws InterruptedException {
        // Given
        String key = cluster.newKey();
        String known = uploaded(cluster, key, TestDocuments.docx("A document that is known."));
        assertThat(convert(cluster, key, known).status()).isEqualTo(200);
        try (Load load = Load.on(cluster, CALLERS)) {
            // When
            cluster.services().kafka().kill();
            // Then
            awaitNews(cluster, "kafka", "away");
            assertThat(convert(cluster, key, known).json().path("cached").asBoolean())
                    .isTrue();
            assertThat(uploaded(cluster, key, TestDocuments.docx("A new one."))).isNotEmpty();
            // When
            cluster.services().kafka().start();
            // Then
            awaitNews(cluster, "kafka", "answers");
            load.awaitMore();
            endWithoutFailure(load, "Kafka killed and back");
        }
        assertWhole(cluster);
    }

    @Test
    void aKilledRedisCostsNoCall(Cluster cluster) throws InterruptedException {
        // Given
        try (Load load = Load.on(cluster, CALLERS)) {
            // When
            cluster.services().redis().kill();
            // Then
            awaitNews(cluster, "redis", "away");
            load.awaitMore();
            // When
            cluster.services().redis().start();
            // Then
            awaitNews(cluster, "redis", "answers");
            load.awaitMore();
            Load.Result result = load.end();
            System.out.println("Redis killed and back: " + result);
            assertThat(result.failures()).isEmpty();
            assertThat(result.unavailable()).isZero();
            assertThat(result.broken()).isZero();
        }
    }

    @Test
    void aKilledGatewayCostsOnlyTheCallsItHad(Cluster cluster) throws InterruptedException {
        // Given
        ClusterProcess gateway = cluster.gateways().getLast();
        try (Load load = Load.on(cluster, CALLERS)) {
            // When
            gateway.kill();
            // Then
            load.awaitMore();
            // When
            gateway.start();
            // Then
            load.awaitMore();
            Load.Result result = load.end();
            System.out.println("Gateway killed and back: " + result);
            assertThat(result.failures()).isEmpty();
            assertThat(result.unavailable()).isZero();
        }
        assertWhole(cluster);
    }
}
