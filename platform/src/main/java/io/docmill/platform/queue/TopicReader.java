package io.docmill.platform.queue;

import io.docmill.model.job.UndecodableMessageException;
import io.docmill.platform.config.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every message of a topic of one partition, from the moment it is positioned. A plain consumer without a group, on a thread
 * of its own: the one of vertx-kafka-client takes 1 to 2 s until it is positioned, this one 22 ms (docs/decisions/0003).
 */
public final class TopicReader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TopicReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_A_FAULT = Duration.ofSeconds(1);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    private final String topic;
    private final KafkaConsumer<String, byte[]> consumer;
    private final Consumer<byte[]> messages;
    private final Thread thread;
    private volatile boolean positioned;
    private volatile boolean closing;

    /**
     * Positions the reader behind the last message and begins to read. Blocks until it is positioned: what came before is never
     * seen.
     *
     * @param topic one with a single partition
     * @param messages called on the reader's thread with the value of each; must not block, and may throw
     *     {@link UndecodableMessageException}
     * @throws QueueUnavailableException if Kafka can't be reached
     */
    public TopicReader(KafkaSettings settings, String topic, Consumer<byte[]> messages) {
        this.topic = topic;
        this.messages = messages;
        try {
            consumer = new KafkaConsumer<>(KafkaClients.reader(settings));
        } catch (KafkaException e) {
            throw unavailable(topic, e);
        }
        try {
            position();
        } catch (KafkaException e) {
            consumer.close();
            throw unavailable(topic, e);
        }
        thread = Thread.ofPlatform().name(topic + "-reader").daemon().start(this::read);
    }

    private static QueueUnavailableException unavailable(String topic, KafkaException cause) {
        return new QueueUnavailableException(
                "The topic %s can't be read from Kafka: %s".formatted(topic, cause.getMessage()), cause);
    }

    private void position() {
        TopicPartition partition = new TopicPartition(topic, 0);
        consumer.assign(List.of(partition));
        consumer.seekToEnd(List.of(partition));
        // Seeking is lazy: only asking for the position moves it, and a message before that would be missed.
        consumer.position(partition);
        positioned = true;
    }

    private void read() {
        while (!closing) {
            try {
                for (ConsumerRecord<String, byte[]> message : consumer.poll(POLL)) {
                    receive(message);
                }
            } catch (WakeupException e) {
                // Closing; the loop's condition says so.
            } catch (KafkaException e) {
                log.warn("The topic {} can't be read from Kafka ({}); trying again", topic, e.toString());
                pause();
            }
        }
        consumer.close();
    }

    private void receive(ConsumerRecord<String, byte[]> message) {
        try {
            if (message.value() == null) {
                throw new UndecodableMessageException("a message without a value");
            }
            messages.accept(message.value());
        } catch (UndecodableMessageException e) {
            log.error("Passed over a message that can't be read, at offset {} of {}", message.offset(), topic, e);
        } catch (RuntimeException e) {
            log.error("The message at offset {} of {} was not handled", message.offset(), topic, e);
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_A_FAULT);
        } catch (InterruptedException e) {
            closing = true;
        }
    }

    /** Whether every message from now on is seen. */
    public boolean isPositioned() {
        return positioned && thread.isAlive();
    }

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
