package io.docmill.platform.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.embedded.EmbeddedKafka;
import io.docmill.model.job.Topics;
import io.docmill.platform.config.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.admin.ForwardingAdmin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueProbeIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final List<QueueBacklog> figures = new CopyOnWriteArrayList<>();

    private static void publish(KafkaSettings settings, int jobs) throws Exception {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(KafkaClients.producer(settings))) {
            for (int i = 0; i < jobs; i++) {
                producer.send(new ProducerRecord<>(
                                Topics.INTERACTIVE_JOBS, "a job", "a job".getBytes(StandardCharsets.UTF_8)))
                        .get();
            }
        }
    }

    private QueueBacklog asked(QueueProbe probe) throws InterruptedException {
        probe.ask();
        return figures.getLast();
    }

    private static List<Long> interactive(QueueBacklog figures) {
        return List.of(
                figures.jobs().get(Topics.INTERACTIVE_JOBS), figures.ended().get(Topics.INTERACTIVE_JOBS), (long)
                        figures.slots().getOrDefault(Topics.INTERACTIVE_JOBS, 0));
    }

    /** Has a job come before each question about jobs, and remembers when it asked the group. */
    private static final class AdminAmongCallers extends ForwardingAdmin {
        private final KafkaSettings settings;
        private Instant groupAsked = Instant.MAX;

        AdminAmongCallers(KafkaSettings settings) {
            super(KafkaClients.admin(settings));
            this.settings = settings;
        }

        @Override
        public ListOffsetsResult listOffsets(Map<TopicPartition, OffsetSpec> which, ListOffsetsOptions options) {
            publishOne();
            return super.listOffsets(which, options);
        }

        @Override
        public ListShareGroupOffsetsResult listShareGroupOffsets(
                Map<String, ListShareGroupOffsetsSpec> groups, ListShareGroupOffsetsOptions options) {
            publishOne();
            groupAsked = Instant.now();
            return super.listShareGroupOffsets(groups, options);
        }

        private void publishOne() {
            try {
                publish(settings, 1);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Test
    void takesNoJobThatComesMeanwhileForOneThatHasEnded(@TempDir Path directory) throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            // Given
            KafkaSettings settings = new BrokerSettings(kafka.bootstrapServers());
            QueueSetup.ensure(settings);
            publish(settings, 1);
            QueueProbe probe = QueueProbe.ofBacklog(settings, figures::add);
            try (KafkaShareConsumer<String, byte[]> slot =
                    new KafkaShareConsumer<>(KafkaClients.shareConsumer(settings))) {
                slot.subscribe(List.of(Topics.INTERACTIVE_JOBS));
                await().atMost(PATIENCE)
                        .until(() -> slot.poll(Duration.ofSeconds(1)), polled -> !polled.isEmpty())
                        .forEach(job -> slot.acknowledge(job, AcknowledgeType.ACCEPT));
                slot.commitSync();
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(interactive(asked(probe))).containsExactly(0L, 1L, 1L));
                try (AdminAmongCallers admin = new AdminAmongCallers(settings)) {
                    // When
                    QueueBacklog told = BacklogQuestion.ask(admin, PATIENCE.toSeconds());
                    // Then
                    assertThat(told.jobs().get(Topics.INTERACTIVE_JOBS)).isPositive();
                    assertThat(told.ended().get(Topics.INTERACTIVE_JOBS)).isLessThanOrEqualTo(1);
                    assertThat(told.measuredAt()).isBeforeOrEqualTo(admin.groupAsked);
                }
            }
            probe.close();
        }
    }

    @Test
    void asksOnWhereItsFiguresCouldNotBeTaken(@TempDir Path directory) throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            // Given
            KafkaSettings settings = new BrokerSettings(kafka.bootstrapServers());
            QueueSetup.ensure(settings);
            QueueProbe probe = QueueProbe.ofBacklog(settings, told -> {
                figures.add(told);
                throw new IllegalStateException("a defect of a test");
            });
            // When
            String cluster = probe.ask();
            probe.measureAgain();
            probe.measureAgain();
            // Then
            assertThat(cluster).isNotEmpty();
            assertThat(figures).hasSize(3);
            probe.close();
        }
    }

    @Test
    void tellsJobsThatAreNotDoneThatAreAndSlotsThatTakeThem(@TempDir Path directory) throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(directory)) {
            // Given
            KafkaSettings settings = new BrokerSettings(kafka.bootstrapServers());
            QueueSetup.ensure(settings);
            QueueProbe probe = QueueProbe.ofBacklog(settings, figures::add);
            publish(settings, 3);
            // Then
            assertThat(interactive(asked(probe))).containsExactly(3L, 0L, 0L);
            // When
            try (KafkaShareConsumer<String, byte[]> slot =
                    new KafkaShareConsumer<>(KafkaClients.shareConsumer(settings))) {
                slot.subscribe(List.of(Topics.INTERACTIVE_JOBS));
                for (int done = 0; done < 2; done++) {
                    var job = await().atMost(PATIENCE)
                            .until(() -> slot.poll(Duration.ofSeconds(1)), polled -> !polled.isEmpty())
                            .iterator()
                            .next();
                    slot.acknowledge(job, AcknowledgeType.ACCEPT);
                    slot.commitSync();
                }
                // Then
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> assertThat(interactive(asked(probe))).containsExactly(1L, 2L, 1L));
            }
            // When
            int before = figures.size();
            probe.measureAgain();
            // Then
            assertThat(figures).hasSize(before + 1);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(interactive(asked(probe))).containsExactly(1L, 2L, 0L));
            probe.close();
        }
    }
}
