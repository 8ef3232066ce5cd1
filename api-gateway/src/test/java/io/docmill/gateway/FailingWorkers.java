package io.docmill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.job.Topics;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.queue.KafkaClients;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;

/** A member of the workers' share group that answers nothing. For one thread. */
final class FailingWorkers implements AutoCloseable {
    private final KafkaShareConsumer<String, byte[]> consumer;

    FailingWorkers(KafkaSettings settings) {
        consumer = new KafkaShareConsumer<>(KafkaClients.shareConsumer(settings));
        consumer.subscribe(List.of(Topics.INTERACTIVE_JOBS));
    }

    /** Takes the only job that waits as often as the broker hands it out, as if as many workers had died of it. */
    void dieOfIt() {
        for (int i = 0; i < 5; i++) {
            take(AcknowledgeType.RELEASE);
        }
    }

    /** Takes the only job that waits and wants no more of it. */
    void reject() {
        take(AcknowledgeType.REJECT);
    }

    private void take(AcknowledgeType answer) {
        await().atMost(Duration.ofSeconds(30)).pollInSameThread().until(() -> {
            var records = consumer.poll(Duration.ofMillis(500));
            records.forEach(record -> consumer.acknowledge(record, answer));
            return !records.isEmpty();
        });
        assertThat(consumer.commitSync().values()).allMatch(error -> error.isEmpty());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
