package io.docmill.worker.job;

import io.docmill.model.job.Topics;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.neighbour.Neighbour;
import io.docmill.platform.queue.KafkaClients;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of the workers' share group that subscribes to {@link Topics#NOTHING} alone and is there to be unlike the
 * slots, on a thread of its own. Where all members of a group subscribe to the same topics, Kafka's assignor
 * ({@code SimpleAssignor} of 4.4) shares their partitions out, and a slot gets one of the two job topics; where one
 * member subscribes to others, each member gets every topic that it subscribes to.
 *
 * <p>Like a slot it goes on through outages of the broker until it is told to end, and is never woken up.
 */
final class IdleMember {
    private static final Logger log = LoggerFactory.getLogger(IdleMember.class);

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(2);

    private final KafkaSettings settings;
    private final Neighbour kafka;
    private final Thread thread;
    private volatile boolean ending;

    private IdleMember(KafkaSettings settings, Neighbour kafka) {
        this.settings = settings;
        this.kafka = kafka;
        thread = Thread.ofPlatform().name("idle-member").unstarted(this::run);
    }

    static IdleMember start(KafkaSettings settings, Neighbour kafka) {
        IdleMember member = new IdleMember(settings, kafka);
        member.thread.start();
        return member;
    }

    /** Leaves the group soon; returns at once. */
    void end() {
        ending = true;
    }

    /** Waits for the end, and tells whether it came. */
    boolean join(Duration limit) throws InterruptedException {
        return thread.join(limit);
    }

    private void run() {
        while (!ending) {
            try {
                beThere();
            } catch (KafkaException e) {
                kafka.failed(e);
                pause();
            } catch (RuntimeException e) {
                log.error("The idle member of the share group failed and begins anew. Please report this.", e);
                pause();
            }
        }
    }

    /** Polls although nothing comes: a consumer that is not polled takes a record all the same, and keeps it. */
    private void beThere() {
        ShareConsumer<String, byte[]> consumer = new KafkaShareConsumer<>(KafkaClients.shareConsumer(settings));
        try {
            consumer.subscribe(List.of(Topics.NOTHING));
            while (!ending) {
                consumer.poll(POLL).forEach(record -> reject(consumer, record));
            }
        } finally {
            consumer.close(CLOSE_LIMIT);
        }
    }

    /** The acknowledgement goes with the next poll. */
    private static void reject(ShareConsumer<String, byte[]> consumer, ConsumerRecord<String, byte[]> record) {
        log.error(
                "Record {} of {} goes to dlq.conversion: nobody runs what is there. Another program writes there.",
                record.offset(),
                record.topic());
        consumer.acknowledge(record, AcknowledgeType.REJECT);
    }

    private void pause() {
        try {
            Thread.sleep(ending ? Duration.ZERO : PAUSE_AFTER_FAILURE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
