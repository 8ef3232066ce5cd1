package io.docmill.platform.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.embedded.EmbeddedKafka;
import io.docmill.model.job.Topics;
import io.docmill.model.job.UndecodableMessageException;
import io.docmill.platform.config.KafkaSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopicReaderIT {
    private static EmbeddedKafka kafka;
    private static KafkaSettings settings;
    private static KafkaProducer<String, byte[]> producer;

    private final List<String> read = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> last = new CompletableFuture<>();

    @BeforeAll
    static void start(@TempDir Path directory) {
        kafka = EmbeddedKafka.start(directory);
        settings = new BrokerSettings(kafka.bootstrapServers());
        QueueSetup.ensure(settings);
        producer = new KafkaProducer<>(KafkaClients.producer(settings));
    }

    @AfterAll
    static void stop() {
        producer.close();
        kafka.close();
    }

    private static void publish(String message) throws Exception {
        producer.send(new ProducerRecord<>(Topics.CONTROL, "key", message.getBytes(StandardCharsets.UTF_8)))
                .get();
    }

    private void receive(byte[] message) {
        String text = new String(message, StandardCharsets.UTF_8);
        switch (text) {
            case "unknown" -> throw new UndecodableMessageException("unknown");
            case "defect" -> throw new IllegalStateException("a defect");
            case "last" -> last.complete(null);
            default -> read.add(text);
        }
    }

    @Test
    void readsEveryMessageFromItsStartOnAndPassesOverWhatItCannotHandle() throws Exception {
        // Given
        publish("before");
        try (TopicReader reader = new TopicReader(settings, Topics.CONTROL, this::receive)) {
            // When
            publish("first");
            publish("unknown");
            publish("defect");
            producer.send(new ProducerRecord<>(Topics.CONTROL, "key", null)).get();
            publish("last");
            // Then
            last.get(30, TimeUnit.SECONDS);
            assertThat(read).containsExactly("first");
            assertThat(reader.isPositioned()).isTrue();
        }
    }
}
