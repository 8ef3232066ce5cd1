package io.docmill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.id.AttemptId;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply;
import io.docmill.model.job.MessageCodec;
import io.docmill.model.job.Topics;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.storage.ObjectKeys;
import io.docmill.platform.queue.KafkaClients;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.testing.documents.TestDocuments;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of a job that the broker hands out no more, with two gateways. */
class DeadLettersIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private static NeighbourProcesses neighbours;
    private static RunningGateway gateway;
    private static RunningGateway other;
    private static ScriptedWorker idle;
    private static FailingWorkers workers;
    private static ObjectStore objects;
    private static DocumentStore documents;
    private static KafkaProducer<String, byte[]> producer;
    private static KafkaConsumer<String, byte[]> replies;

    private static StoredJobs jobs;
    private final List<JobReply> received = new ArrayList<>();

    @BeforeAll
    static void start(@TempDir Path directory) {
        neighbours = NeighbourProcesses.start(directory);
        gateway = RunningGateway.start(neighbours, directory.resolve("spool"), Map.of());
        other = RunningGateway.start(neighbours, directory.resolve("other"), Map.of());
        GatewaySettings settings = neighbours.settings(Map.of());
        idle = new ScriptedWorker(settings);
        idle.does(_ -> {});
        workers = new FailingWorkers(settings.kafka());
        objects = new ObjectStore(settings.storage());
        documents = new DocumentStore(objects);
        jobs = new StoredJobs(documents);
        producer = new KafkaProducer<>(KafkaClients.producer(settings.kafka()));
        replies = new KafkaConsumer<>(KafkaClients.reader(settings.kafka()));
        TopicPartition partition = new TopicPartition(Topics.REPLIES, 0);
        replies.assign(List.of(partition));
        replies.seekToBeginning(List.of(partition));
    }

    @AfterAll
    static void stop() {
        replies.close();
        producer.close();
        objects.close();
        workers.close();
        idle.close();
        other.close();
        gateway.close();
        neighbours.close();
    }

    private static void publish(byte[] message) throws Exception {
        producer.send(new ProducerRecord<>(Topics.INTERACTIVE_JOBS, message)).get();
    }

    private static void publish(ConversionJob job) throws Exception {
        publish(MessageCodec.encode(job));
    }

    private List<JobReply.Outcome> outcomesOf(AttemptId attempt) {
        replies.poll(Duration.ofMillis(100)).forEach(record -> received.add(MessageCodec.decodeReply(record.value())));
        return received.stream()
                .map(JobReply::outcome)
                .filter(outcome -> outcome.attempt().equals(attempt))
                .toList();
    }

    private JobReply.Outcome awaitOutcome(ConversionJob job) {
        await().atMost(LIMIT)
                .pollInSameThread()
                .until(() -> !outcomesOf(job.attempt()).isEmpty());
        return outcomesOf(job.attempt()).getFirst();
    }

    private static ConversionFailure failureOf(JobReply.Outcome outcome) {
        assertThat(outcome).isInstanceOf(JobReply.Failed.class);
        return ((JobReply.Failed) outcome).failure().failure();
    }

    private static JsonObject deadLetterOf(ConversionJob job) throws IOException {
        try (InputStream content =
                objects.open(ObjectKeys.deadLetter(job.attempt())).orElseThrow()) {
            return new JsonObject(new String(content.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void answersTheCallerOfAJobThatItsWorkersDiedOf() throws Exception {
        // Given
        String file = gateway.uploaded(TestDocuments.docx("A document that kills."));
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> waiting = callers.submit(() -> gateway.toPdf(file));
            // When
            workers.dieOfIt();
            // Then
            Answer answer = waiting.get();
            assertThat(answer.status()).describedAs(answer.toString()).isEqualTo(502);
            assertThat(answer.json().getBoolean("retryable")).isFalse();
        }
        ConversionJob job = idle.jobsOf(file).getFirst();
        JsonObject polled = other.get("/v1/conversions/" + job.conversion(), gateway.userKey())
                .json();
        assertThat(polled.getString("status")).describedAs(polled.encode()).isEqualTo("failed");
        assertThat(deadLetterOf(job)
                        .getJsonObject("failure")
                        .getJsonObject("failure")
                        .getString("cause"))
                .isEqualTo("workers_lost");
    }

    @Test
    void endsEachJobOnce() throws Exception {
        // Given
        ConversionJob first = jobs.withSource();
        ConversionJob second = jobs.withSource();
        // When
        publish(first);
        workers.dieOfIt();
        publish(second);
        workers.dieOfIt();
        // Then
        assertThat(failureOf(awaitOutcome(first))).isEqualTo(new ConversionFailure.WorkersLost(5));
        awaitOutcome(second);
        assertThat(outcomesOf(first.attempt())).hasSize(1);
        FailureRecord kept =
                documents.findFailure(first.scope(), first.conversion()).orElseThrow();
        assertThat(kept.attempt()).isEqualTo(first.attempt());
        assertThat(kept.consecutive()).isEqualTo(1);
        assertThat(kept.rememberedUntil()).isNotNull();
    }

    @Test
    void answersARejectedJobAsInterrupted() throws Exception {
        // Given
        ConversionJob job = jobs.withSource();
        // When
        publish(job);
        workers.reject();
        // Then
        assertThat(failureOf(awaitOutcome(job))).isEqualTo(new ConversionFailure.Interrupted());
        assertThat(deadLetterOf(job).getJsonObject("job").getString("attempt"))
                .isEqualTo(job.attempt().toString());
    }

    @Test
    void passesOverWhatIsNoJob() throws Exception {
        // Given
        publish("water the plants".getBytes(StandardCharsets.UTF_8));
        workers.reject();
        // When
        ConversionJob job = jobs.withSource();
        publish(job);
        workers.reject();
        // Then
        awaitOutcome(job);
    }

    @Test
    void tellsAgainHowAnAttemptHasEnded() throws Exception {
        // Given
        ConversionJob job = jobs.withSource();
        ArtifactRecord artifact = jobs.succeed(job, Instant.now().truncatedTo(ChronoUnit.MILLIS));
        // When
        publish(job);
        workers.dieOfIt();
        // Then
        assertThat(awaitOutcome(job)).isEqualTo(new JobReply.Succeeded(artifact));
        assertThat(documents.findFailure(job.scope(), job.conversion())).isEmpty();
        assertThat(objects.head(ObjectKeys.deadLetter(job.attempt()))).isEmpty();
    }

    @Test
    void writesNothingBelowADeletedSource() throws Exception {
        // Given
        ConversionJob job = jobs.withoutSource();
        // When
        publish(job);
        workers.dieOfIt();
        // Then
        assertThat(failureOf(awaitOutcome(job))).isEqualTo(new ConversionFailure.SourceMissing());
        assertThat(objects.keys(
                        ObjectKeys.sourcePrefix(job.scope(), job.conversion().source())))
                .isEmpty();
    }

    @Test
    void waitsForTheStore() throws Exception {
        // Given
        ConversionJob job = jobs.withSource();
        publish(job);
        // When
        neighbours.stopStore();
        workers.dieOfIt();
        await().atMost(LIMIT)
                .until(() -> gateway.application().report().details().toString().contains("away since"));
        neighbours.restartStore();
        // Then
        assertThat(failureOf(awaitOutcome(job))).isEqualTo(new ConversionFailure.WorkersLost(5));
    }
}
