package io.docmill.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.job.Topics;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.queue.KafkaClients;
import io.docmill.platform.queue.QueueSetup;
import io.docmill.worker.NeighbourProcesses;
import io.docmill.worker.QueueClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldRecordIT {
    @Test
    void losesARecordThatItDoesNotRenewAndGoesOnWithTheNext(@TempDir Path directory) {
        // Given
        try (NeighbourProcesses processes = NeighbourProcesses.start(directory)) {
            KafkaSettings settings = processes.settings(Map.of()).kafka();
            try (QueueClient queue = new QueueClient(settings);
                    ShareConsumer<String, byte[]> former = consumer(settings);
                    ShareConsumer<String, byte[]> next = consumer(settings)) {
                queue.publish("first", "first".getBytes(StandardCharsets.UTF_8));
                HeldRecord held = new HeldRecord(former, poll(former, Duration.ofSeconds(30)));
                // When
                ConsumerRecord<String, byte[]> again = poll(next, QueueSetup.LOCK.multipliedBy(2));
                held.renew();
                // Then
                assertThat(again.deliveryCount()).contains((short) 2);
                assertThat(held.hold()).isEqualTo(HeldRecord.Hold.LOST);
                assertThat(held.consumerIsUsable()).isTrue();
                queue.publish("second", "second".getBytes(StandardCharsets.UTF_8));
                assertThat(poll(former, Duration.ofSeconds(30)).key()).isEqualTo("second");
                new HeldRecord(next, again).end(AcknowledgeType.ACCEPT);
            }
        }
    }

    @Test
    void letsGoOfARecordThatSomeoneElseHas(@TempDir Path directory) {
        // Given
        try (NeighbourProcesses processes = NeighbourProcesses.start(directory)) {
            KafkaSettings settings = processes.settings(Map.of()).kafka();
            try (QueueClient queue = new QueueClient(settings);
                    ShareConsumer<String, byte[]> former = consumer(settings);
                    ShareConsumer<String, byte[]> next = consumer(settings)) {
                queue.publish("first", "first".getBytes(StandardCharsets.UTF_8));
                HeldRecord held = new HeldRecord(former, poll(former, Duration.ofSeconds(30)));
                HeldRecord again = new HeldRecord(next, poll(next, QueueSetup.LOCK.multipliedBy(2)));
                // When
                held.end(AcknowledgeType.RELEASE);
                again.renew();
                // Then
                assertThat(held.consumerIsUsable()).isTrue();
                assertThat(again.hold()).isEqualTo(HeldRecord.Hold.HELD);
                again.end(AcknowledgeType.ACCEPT);
                assertThat(again.hold()).isEqualTo(HeldRecord.Hold.HELD);
            }
        }
    }

    private static ShareConsumer<String, byte[]> consumer(KafkaSettings settings) {
        ShareConsumer<String, byte[]> consumer = new KafkaShareConsumer<>(KafkaClients.shareConsumer(settings));
        consumer.subscribe(List.of(Topics.INTERACTIVE_JOBS));
        return consumer;
    }

    private static ConsumerRecord<String, byte[]> poll(ShareConsumer<String, byte[]> consumer, Duration limit) {
        AtomicReference<ConsumerRecord<String, byte[]>> polled = new AtomicReference<>();
        await().atMost(limit).pollInSameThread().until(() -> {
            consumer.poll(Duration.ofMillis(500)).forEach(polled::set);
            return polled.get() != null;
        });
        return polled.get();
    }
}
