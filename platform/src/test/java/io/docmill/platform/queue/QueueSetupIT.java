package io.docmill.platform.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.docmill.embedded.EmbeddedKafka;
import io.docmill.model.job.Topics;
import io.docmill.platform.config.KafkaSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueueSetupIT {
    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start(@TempDir Path directory) {
        kafka = EmbeddedKafka.start(directory);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    private static Map<String, String> configOf(Admin admin, ConfigResource.Type type, String name) throws Exception {
        ConfigResource resource = new ConfigResource(type, name);
        return admin.describeConfigs(List.of(resource)).all().get().values().stream()
                .flatMap(config -> config.entries().stream())
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    private static int partitionsOf(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic)).allTopicNames().get().values().stream()
                .mapToInt(description -> description.partitions().size())
                .sum();
    }

    @Test
    void makesTopicsAndGroupSettingsAndChangesNothingWhenRepeated() throws Exception {
        // Given
        KafkaSettings settings = new BrokerSettings(kafka.bootstrapServers());
        // When
        QueueSetup.ensure(settings);
        QueueSetup.ensure(settings);
        // Then
        try (Admin admin = Admin.create(KafkaClients.admin(settings))) {
            assertThat(partitionsOf(admin, Topics.INTERACTIVE_JOBS)).isEqualTo(1);
            assertThat(partitionsOf(admin, Topics.BATCH_JOBS)).isEqualTo(1);
            assertThat(partitionsOf(admin, Topics.NOTHING)).isEqualTo(1);
            assertThat(partitionsOf(admin, Topics.REPLIES)).isEqualTo(1);
            assertThat(partitionsOf(admin, Topics.CONTROL)).isEqualTo(1);
            assertThat(partitionsOf(admin, Topics.DEAD_LETTERS)).isEqualTo(1);
            assertThat(configOf(admin, ConfigResource.Type.TOPIC, Topics.INTERACTIVE_JOBS))
                    .containsEntry("retention.ms", "1209600000")
                    .containsEntry("cleanup.policy", "delete");
            assertThat(configOf(admin, ConfigResource.Type.TOPIC, Topics.REPLIES))
                    .containsEntry("retention.ms", "3600000");
            assertThat(configOf(admin, ConfigResource.Type.TOPIC, Topics.DEAD_LETTERS))
                    .containsEntry("errors.deadletterqueue.group.enable", "true");
            assertThat(configOf(admin, ConfigResource.Type.GROUP, Topics.WORKER_GROUP))
                    .containsEntry("share.auto.offset.reset", "earliest")
                    .containsEntry("share.record.lock.duration.ms", "30000")
                    .containsEntry("share.delivery.count.limit", "5")
                    .containsEntry("share.isolation.level", "read_uncommitted")
                    .containsEntry("errors.deadletterqueue.topic.name", Topics.DEAD_LETTERS)
                    .containsEntry("errors.deadletterqueue.copy.record.enable", "true");
        }
    }

    @Test
    void saysThatKafkaIsAway(@TempDir Path directory) {
        // Given
        EmbeddedKafka stopped = EmbeddedKafka.start(directory);
        BrokerSettings broker = new BrokerSettings(stopped.bootstrapServers());
        stopped.close();
        // Then
        assertThatExceptionOfType(QueueUnavailableException.class)
                .isThrownBy(() -> QueueSetup.ensure(broker))
                .withMessageContaining(broker.bootstrapServers());
    }
}
