package io.docmill.worker.job;

import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidRecordStateException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A record that this consumer has acquired (KIP-932) and keeps by renewing it (KIP-1222). For the consumer's own thread alone: a
 * share consumer refuses any other.
 */
final class HeldRecord {
    private static final Logger log = LoggerFactory.getLogger(HeldRecord.class);
    private static final Duration RECLAIM_POLL = Duration.ofMillis(200);
    private static final int RECLAIM_POLLS = 15;

    /** Whose the record is. */
    enum Hold {
        /** Ours. */
        HELD,
        /** Someone else's, or soon: its lock has lapsed. The consumer has nothing in hand and is as good as new. */
        LOST,
        /** Not known, because the broker did not answer. What the consumer has in hand is not known either. */
        UNKNOWN
    }

    private final ShareConsumer<String, byte[]> consumer;
    private ConsumerRecord<String, byte[]> content;
    private Hold hold = Hold.HELD;

    HeldRecord(ShareConsumer<String, byte[]> consumer, ConsumerRecord<String, byte[]> content) {
        this.consumer = consumer;
        this.content = content;
    }

    ConsumerRecord<String, byte[]> content() {
        return content;
    }

    Hold hold() {
        return hold;
    }

    /**
     * Keeps the record for another lock's time. A renewal takes the record out of the client's hand, and only a poll gives it
     * back; without that no acknowledgement is taken. That poll must follow a commit that succeeded: otherwise it would bring
     * nothing, or a new job.
     */
    void renew() {
        if (hold == Hold.HELD) {
            hold = acknowledge(AcknowledgeType.RENEW);
            if (hold == Hold.HELD) {
                hold = reclaim();
            }
        }
    }

    /** Ends the hold, unless it is lost: then someone else has the record, and what they do with it is theirs. */
    void end(AcknowledgeType type) {
        if (hold == Hold.HELD) {
            hold = acknowledge(type);
        }
    }

    /** Whether the consumer can go on; if not, it must be closed, which gives back whatever it has. */
    boolean consumerIsUsable() {
        return hold != Hold.UNKNOWN;
    }

    private Hold acknowledge(AcknowledgeType type) {
        try {
            consumer.acknowledge(content, type);
            // Errors are returned, not thrown, but for those that concern no record.
            Optional<KafkaException> error = consumer.commitSync().values().stream()
                    .flatMap(Optional::stream)
                    .findFirst();
            return error.map(e -> judge(e, type)).orElse(Hold.HELD);
        } catch (KafkaException e) {
            return judge(e, type);
        }
    }

    private Hold judge(KafkaException error, AcknowledgeType type) {
        Hold judged = error instanceof InvalidRecordStateException ? Hold.LOST : Hold.UNKNOWN;
        log.atWarn()
                .setMessage(
                        "Kafka did not take an acknowledgement; the job will be delivered again, which costs a look")
                .addKeyValue("conversion", content.key())
                .addKeyValue("acknowledgement", type)
                .addKeyValue("reason", error.toString())
                .log();
        return judged;
    }

    private Hold reclaim() {
        for (int i = 0; i < RECLAIM_POLLS; i++) {
            for (ConsumerRecord<String, byte[]> polled : consumer.poll(RECLAIM_POLL)) {
                if (polled.offset() == content.offset()
                        && polled.partition() == content.partition()
                        && polled.topic().equals(content.topic())) {
                    content = polled;
                    return Hold.HELD;
                }
            }
        }
        return Hold.UNKNOWN;
    }
}
