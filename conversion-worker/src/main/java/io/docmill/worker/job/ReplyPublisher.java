package io.docmill.worker.job;

import io.docmill.model.job.JobReply;
import io.docmill.model.job.MessageCodec;
import io.docmill.model.job.Topics;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.queue.KafkaClients;
import io.docmill.platform.queue.QueueUnavailableException;
import io.docmill.platform.tracing.TraceAttribute;
import io.docmill.platform.tracing.TraceSpan;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** Publishes replies, and jobs that this worker must pass on. Every method returns when all replicas have the record. Thread-safe. */
public final class ReplyPublisher implements AutoCloseable {
    /** Longer than the producer itself tries, so that its own verdict is heard. */
    private static final Duration REPLY_LIMIT = Duration.ofSeconds(40);

    /** A worker that is shutting down has other ways to give a job back. */
    private static final Duration PASS_ON_LIMIT = Duration.ofSeconds(5);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final Producer<String, byte[]> producer;

    /** @throws KafkaException if the brokers' names can't be resolved */
    public ReplyPublisher(KafkaSettings settings) {
        producer = new KafkaProducer<>(KafkaClients.producer(settings));
    }

    /**
     * Tells every gateway how an attempt ended.
     *
     * @param span of the job
     * @throws QueueUnavailableException if Kafka did not take it; it may have it all the same
     */
    void publish(JobReply reply, TraceSpan span) {
        TraceSpan publication = span.publication(Topics.REPLIES)
                .with(TraceAttribute.CONVERSION, reply.conversion().toString())
                .with(TraceAttribute.ATTEMPT, reply.outcome().attempt().toString());
        var message = new ProducerRecord<>(Topics.REPLIES, reply.conversion().toString(), MessageCodec.encode(reply));
        publication
                .headers()
                .forEach((name, value) -> message.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        try {
            send(message, REPLY_LIMIT);
        } catch (QueueUnavailableException e) {
            publication.fail(e);
            throw e;
        } finally {
            publication.end();
        }
    }

    /**
     * Puts a job back into its queue as it came: the same attempt of the same trace, counted as never delivered.
     *
     * @throws QueueUnavailableException if Kafka did not take it; it may have it all the same
     */
    void publishAgain(ConsumerRecord<String, byte[]> job) {
        send(new ProducerRecord<>(job.topic(), null, job.key(), job.value(), job.headers()), PASS_ON_LIMIT);
    }

    private void send(ProducerRecord<String, byte[]> record, Duration limit) {
        try {
            producer.send(record).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new QueueUnavailableException(
                    "Kafka did not take a record of %s: %s".formatted(record.topic(), e.getCause()), e);
        } catch (TimeoutException | KafkaException e) {
            throw new QueueUnavailableException("Kafka did not take a record of " + record.topic(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QueueUnavailableException("interrupted while publishing to " + record.topic(), e);
        }
    }

    @Override
    public void close() {
        producer.close(CLOSE_LIMIT);
    }
}
