package io.docmill.gateway;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.id.AttemptId;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply;
import io.docmill.model.job.MessageCodec;
import io.docmill.model.job.Topics;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.platform.queue.KafkaClients;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.ObjectStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** Takes every job from the queue, remembers it, and does with it what a test says. */
final class ScriptedWorker implements AutoCloseable {
    /** What every artifact of this worker begins with; its attempt follows. */
    static final String ARTIFACT_BEGINNING = "%PDF-1.7 of attempt ";

    private final ObjectStore objects;
    private final DocumentStore documents;
    private final KafkaConsumer<String, byte[]> consumer;
    private final KafkaProducer<String, byte[]> producer;
    private final List<ConversionJob> jobs = new CopyOnWriteArrayList<>();
    private final Map<AttemptId, Map<String, String>> headers = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile Consumer<ConversionJob> script = this::succeed;
    private volatile boolean closing;

    ScriptedWorker(GatewaySettings settings) {
        objects = new ObjectStore(settings.storage());
        documents = new DocumentStore(objects);
        producer = new KafkaProducer<>(KafkaClients.producer(settings.kafka()));
        consumer = new KafkaConsumer<>(KafkaClients.reader(settings.kafka()));
        List<TopicPartition> partitions = consumer.partitionsFor(Topics.INTERACTIVE_JOBS).stream()
                .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
        thread = Thread.ofPlatform().name("scripted-worker").daemon().start(this::work);
    }

    private void work() {
        while (!closing) {
            consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                ConversionJob job = MessageCodec.decodeJob(record.value());
                headers.put(job.attempt(), headers(record));
                jobs.add(job);
                script.accept(job);
            });
        }
        consumer.close();
    }

    private static Map<String, String> headers(ConsumerRecord<String, byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        record.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }

    /** The headers of a job's record. */
    Map<String, String> headersOf(ConversionJob job) {
        return headers.getOrDefault(job.attempt(), Map.of());
    }

    /** From now on each job is treated so, on the worker's thread. */
    void does(Consumer<ConversionJob> next) {
        script = next;
    }

    /** The jobs that came for a file, in order. */
    List<ConversionJob> jobsOf(String fileId) {
        return jobs.stream()
                .filter(job -> job.conversion().source().toString().equals(fileId))
                .toList();
    }

    /** Writes an artifact and tells of it. */
    void succeed(ConversionJob job) {
        reply(job, new JobReply.Succeeded(writeArtifact(job)));
    }

    /** Writes an artifact of this content and tells of it. */
    void succeed(ConversionJob job, byte[] content) {
        reply(job, new JobReply.Succeeded(writeArtifact(job, content)));
    }

    /** Writes an artifact and tells nobody. */
    ArtifactRecord writeArtifact(ConversionJob job) {
        return writeArtifact(job, artifactOf(job.attempt().toString()));
    }

    private ArtifactRecord writeArtifact(ConversionJob job, byte[] content) {
        Instant now = now();
        var record = new ArtifactRecord(
                StoredRecord.VERSION,
                job.attempt(),
                job.format(),
                job.options(),
                job.format().mediaType(),
                job.format().extension(),
                content.length,
                3,
                "scripted",
                job.createdAt(),
                now,
                now);
        try {
            Path file = Files.write(Files.createTempFile("artifact", ".bin"), content);
            documents.putArtifact(job.scope(), job.conversion(), file, record);
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return record;
    }

    /** The bytes that this worker makes in an attempt. */
    static byte[] artifactOf(String attempt) {
        return (ARTIFACT_BEGINNING + attempt).getBytes(StandardCharsets.UTF_8);
    }

    /** Writes a failure and tells of it. */
    void fail(ConversionJob job, ConversionFailure failure) {
        reply(job, new JobReply.Failed(writeFailure(job, job.attempt(), failure)));
    }

    /** Writes a failure of an attempt and tells nobody. */
    FailureRecord writeFailure(ConversionJob job, AttemptId attempt, ConversionFailure failure) {
        FailureRecord record = failureOf(job, attempt, failure);
        documents.putFailure(job.scope(), job.conversion(), record);
        return record;
    }

    /** A failure of an attempt. */
    static FailureRecord failureOf(ConversionJob job, AttemptId attempt, ConversionFailure failure) {
        Instant now = now();
        return new FailureRecord(
                StoredRecord.VERSION,
                attempt,
                job.format(),
                job.options(),
                failure,
                1,
                job.createdAt(),
                now,
                now,
                FailureRecord.rememberedUntil(failure, 1, now));
    }

    /** Tells of an outcome. */
    void reply(ConversionJob job, JobReply.Outcome outcome) {
        send(MessageCodec.encode(new JobReply(JobReply.VERSION, job.conversion(), job.scope(), outcome)));
    }

    /** Puts anything into the topic of replies. */
    void send(byte[] message) {
        try {
            producer.send(new ProducerRecord<>(Topics.REPLIES, message)).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public void close() {
        closing = true;
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        producer.close(Duration.ofSeconds(1));
        objects.close();
    }
}
