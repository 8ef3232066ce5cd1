package io.docmill.gateway.kafka;

import io.docmill.model.job.JobReply;
import io.docmill.model.job.MessageCodec;
import io.docmill.model.job.Topics;
import io.docmill.model.job.UndecodableMessageException;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.queue.KafkaClients;
import io.docmill.platform.queue.QueueUnavailableException;
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
 * Reads every reply from the moment it is positioned. A plain consumer on a thread of its own: the one of
 * vertx-kafka-client takes 1 to 2 s until it is positioned, this one 22 ms (docs/decisions/0003).
 */
public final class KafkaReplyReader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(KafkaReplyReader.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_A_FAULT = Duration.ofSeconds(1);

    private final KafkaConsumer<String, byte[]> consumer;
    private final Consumer<JobReply> replies;
    private final Thread thread;
    private volatile boolean positioned;
    private volatile boolean closing;

    /**
     * Positions the reader behind the last reply and begins to read. Blocks until it is positioned: a job whose reply
     * came before would be waited for in vain.
     *
     * @param replies called on the reader's thread; must not block
     * @throws QueueUnavailableException if Kafka can't be reached
     */
    public KafkaReplyReader(KafkaSettings settings, Consumer<JobReply> replies) {
        this.replies = replies;
        consumer = new KafkaConsumer<>(KafkaClients.reader(settings));
        try {
            position();
        } catch (KafkaException e) {
            consumer.close();
            throw new QueueUnavailableException("Replies can't be read from Kafka: " + e.getMessage(), e);
        }
        thread = Thread.ofPlatform().name("reply-reader").daemon().start(this::read);
    }

    private void position() {
        TopicPartition partition = new TopicPartition(Topics.REPLIES, 0);
        consumer.assign(List.of(partition));
        consumer.seekToEnd(List.of(partition));
        // Seeking is lazy: only asking for the position moves it, and a reply before that would be missed.
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
                log.warn("Replies can't be read from Kafka ({}); trying again", e.toString());
                pause();
            }
        }
        consumer.close();
    }

    private void receive(ConsumerRecord<String, byte[]> message) {
        try {
            replies.accept(MessageCodec.decodeReply(message.value()));
        } catch (UndecodableMessageException e) {
            log.error(
                    "Passed over a reply that can't be read, at offset {} of {}", message.offset(), message.topic(), e);
        } catch (RuntimeException e) {
            log.error("A reply at offset {} of {} was not handled", message.offset(), message.topic(), e);
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_AFTER_A_FAULT);
        } catch (InterruptedException e) {
            closing = true;
        }
    }

    /** Whether every reply from now on is seen. */
    public boolean isPositioned() {
        return positioned && thread.isAlive();
    }

    @Override
    public void close() {
        closing = true;
        consumer.wakeup();
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
