package io.docmill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.MessageCodec;
import io.docmill.model.job.Topics;
import io.docmill.platform.queue.KafkaClients;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.ObjectStore;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the service stands, as operators see it. */
class StatusIT {
    private static final String STATUS = "/v1/admin/status";
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static NeighbourProcesses neighbours;
    private static RunningGateway gateway;

    @BeforeAll
    static void start(@TempDir Path directory) {
        neighbours = NeighbourProcesses.start(directory);
        gateway = RunningGateway.start(neighbours, directory.resolve("spool"), Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        neighbours.close();
    }

    private static JsonObject status() {
        return gateway.get(STATUS, gateway.operatorKey()).json();
    }

    /** How many jobs are not done; less than none while Kafka does not tell. */
    private static int jobs(String topic) {
        JsonObject queue = status().getJsonObject("queue");
        return queue == null
                ? -1
                : queue.getJsonArray("topics").stream()
                        .map(JsonObject.class::cast)
                        .filter(found -> found.getString("topic").equals(topic))
                        .mapToInt(found -> found.getInteger("jobs"))
                        .findAny()
                        .orElse(-1);
    }

    private static void publishOne() throws Exception {
        GatewaySettings settings = neighbours.settings(Map.of());
        try (ObjectStore objects = new ObjectStore(settings.storage());
                KafkaProducer<String, byte[]> producer = new KafkaProducer<>(KafkaClients.producer(settings.kafka()))) {
            ConversionJob job = new StoredJobs(new DocumentStore(objects)).withoutSource();
            producer.send(new ProducerRecord<>(Topics.INTERACTIVE_JOBS, MessageCodec.encode(job)))
                    .get();
        }
    }

    @Test
    void tellsHowTheServiceStandsAndWhatWaits() throws Exception {
        // Given
        await().atMost(LIMIT).until(() -> jobs(Topics.INTERACTIVE_JOBS) == 0);
        // When
        publishOne();
        publishOne();
        // Then
        await().atMost(LIMIT).until(() -> jobs(Topics.INTERACTIVE_JOBS) == 2);
        // When
        try (FailingWorkers workers =
                new FailingWorkers(neighbours.settings(Map.of()).kafka())) {
            workers.reject();
        }
        // Then
        await().atMost(LIMIT).until(() -> jobs(Topics.INTERACTIVE_JOBS) == 1);
        JsonObject status = status();
        assertThat(jobs(Topics.BATCH_JOBS)).isZero();
        assertThat(status.getBoolean("ready")).isTrue();
        assertThat(status.getString("version")).isNotEmpty();
        assertThat(status.getInteger("waiting_conversions")).isZero();
        assertThat(status.getJsonObject("details").fieldNames()).contains("storage", "kafka", "redis", "clock");
    }

    @Test
    void showsItToOperatorsAlone() {
        // When
        Answer answer = gateway.get(STATUS);
        // Then
        assertThat(answer.status()).isEqualTo(403);
    }
}
