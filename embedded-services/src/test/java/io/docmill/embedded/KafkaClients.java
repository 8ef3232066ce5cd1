package io.docmill.embedded;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** What the tests do with a broker, each with a client of its own. */
final class KafkaClients {

    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Map<String, Object> connection;

    KafkaClients(EmbeddedKafka kafka) {
        connection = Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    void makeTopic(String topic) throws Exception {
        try (Admin admin = Admin.create(connection)) {
            admin.createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
                    .all()
                    .get();
        }
    }

    void startShareGroupAtEarliest(String group) throws Exception {
        try (Admin admin = Admin.create(connection)) {
            var change =
                    new AlterConfigOp(new ConfigEntry("share.auto.offset.reset", "earliest"), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.GROUP, group), List.of(change)))
                    .all()
                    .get();
        }
    }

    void send(String topic, String value) throws Exception {
        try (var producer = new KafkaProducer<>(connection, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, value)).get();
        }
    }

    List<String> readAll(String topic, int count) {
        try (var consumer = new KafkaConsumer<>(connection, new StringDeserializer(), new StringDeserializer())) {
            var partitions = List.of(new TopicPartition(topic, 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<String> values = new ArrayList<>();
            Instant deadline = Instant.now().plus(LIMIT);
            while (values.size() < count && Instant.now().isBefore(deadline)) {
                consumer.poll(Duration.ofSeconds(1)).forEach(found -> values.add(found.value()));
            }
            return values;
        }
    }

    List<String> share(String group, String topic) {
        Map<String, Object> settings =
                Map.of("bootstrap.servers", connection.get("bootstrap.servers"), "group.id", group);
        try (var consumer = new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            List<String> values = new ArrayList<>();
            Instant deadline = Instant.now().plus(LIMIT);
            while (values.isEmpty() && Instant.now().isBefore(deadline)) {
                consumer.poll(Duration.ofSeconds(1)).forEach(found -> values.add(found.value()));
            }
            var _ = consumer.commitSync();
            return values;
        }
    }
}
