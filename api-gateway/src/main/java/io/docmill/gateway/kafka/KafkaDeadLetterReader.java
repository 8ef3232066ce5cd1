package io.docmill.gateway.kafka;

import io.docmill.gateway.deadletter.DeadLetter;
import io.docmill.gateway.deadletter.DeadLetterHandler;
import io.docmill.gateway.deadletter.DeadLetterMetrics;
import io.docmill.gateway.deadletter.DeadLetterMetrics.Outcome;
import io.docmill.model.job.MessageCodec;
import io.docmill.model.job.Topics;
import io.docmill.model.job.UndecodableMessageException;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.queue.KafkaClients;
import io.docmill.platform.queue.QueueSetup;
import io.docmill.platform.queue.QueueUnavailableException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what the broker gives up (KIP-1191). The gateways are one group, so each dead letter is handled by one of them, and by
 * another one if that dies before it has committed. On a thread of its own.
 */
public final class KafkaDeadLetterReader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KafkaDeadLetterReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_A_FAULT = Duration.ofSeconds(1);

    /** A wait for a neighbour notices within 5 s that it is over. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(6);

    /** Written by the broker, as text; the number is missing where it does not know it. */
    private static final String DELIVERY_COUNT = "__dlq.errors.delivery.count";

    private static final String MESSAGE = "__dlq.errors.message";
    private static final String REJECTED = "Offset rejected by client.";

    private final KafkaConsumer<String, byte[]> consumer;
    private final DeadLetterHandler handler;
    private final DeadLetterMetrics metrics;
    private final Thread thread;
    private volatile boolean closing;

    /**
     * Joins the group and begins to read; the first time from the oldest dead letter.
     *
     * @throws QueueUnavailableException if there can be no connection to Kafka
     */
    public KafkaDeadLetterReader(KafkaSettings settings, DeadLetterHandler handler, DeadLetterMetrics metrics) {
        this.handler = handler;
        this.metrics = metrics;
        try {
            consumer = new KafkaConsumer<>(KafkaClients.group(settings, Topics.DEAD_LETTER_GROUP));
        } catch (KafkaException e) {
            throw new QueueUnavailableException("Dead letters can't be read from Kafka: " + e.getMessage(), e);
        }
        thread = Thread.ofPlatform().name("dead-letter-reader").daemon().start(this::read);
    }

    private void read() {
        try (consumer) {
            consumer.subscribe(List.of(Topics.DEAD_LETTERS));
            while (!closing) {
                try {
                    consumer.poll(POLL).forEach(this::handle);
                } catch (WakeupException | CancellationException e) {
                    log.debug("Dead letters are not read any more");
                } catch (KafkaException e) {
                    // Also where another gateway took over, because a wait for storage was longer than a member may be
                    // silent.
                    log.warn("Dead letters can't be read from Kafka ({}); trying again", e.toString());
                    pause();
                }
            }
        }
    }

    /** Committed only once it is done with, so that it is handled again after a crash. */
    private void handle(ConsumerRecord<String, byte[]> message) {
        try {
            handler.handle(decode(message), () -> closing);
        } catch (UndecodableMessageException e) {
            passOver(message, Outcome.UNREADABLE, "that is no job", e);
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException e) {
            passOver(message, Outcome.DEFECT, "that ran into a defect of Docmill. Please report this", e);
        }
        TopicPartition partition = new TopicPartition(message.topic(), message.partition());
        consumer.commitSync(Map.of(partition, new OffsetAndMetadata(message.offset() + 1)));
    }

    private void passOver(ConsumerRecord<String, byte[]> message, Outcome outcome, String why, RuntimeException e) {
        metrics.count(outcome);
        log.error("Passed over a dead letter {}, at offset {} of {}", why, message.offset(), message.topic(), e);
    }

    private static DeadLetter decode(ConsumerRecord<String, byte[]> message) {
        if (message.value() == null) {
            throw new UndecodableMessageException("the broker copied no content, or had lost it");
        }
        int deliveries = header(message, DELIVERY_COUNT)
                .filter(count -> count.matches("\\d{1,9}"))
                .map(Integer::valueOf)
                .orElse(QueueSetup.DELIVERY_LIMIT);
        boolean rejected = header(message, MESSAGE).filter(REJECTED::equals).isPresent();
        return new DeadLetter(MessageCodec.decodeJob(message.value()), deliveries, rejected);
    }

    private static Optional<String> header(ConsumerRecord<String, byte[]> message, String name) {
        return Optional.ofNullable(message.headers().lastHeader(name))
                .map(Header::value)
                .map(value -> new String(value, StandardCharsets.UTF_8));
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_A_FAULT);
        } catch (InterruptedException e) {
            closing = true;
        }
    }

    /** Leaves the group; what is not done with is another gateway's. */
    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
