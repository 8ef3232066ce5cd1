package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.id.SourceId;
import io.docmill.model.job.Topics;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.config.RedisSettings;
import io.docmill.platform.config.Settings;
import io.docmill.platform.config.StorageSettings;
import io.docmill.platform.queue.KafkaClients;
import io.docmill.platform.queue.QueueSetup;
import io.docmill.platform.storage.ObjectStore;
import io.smallrye.config.ConfigMapping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** What the neighbours of a cluster hold, past gateways and workers: objects, keys of Redis, jobs. */
final class ClusterData implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final NeighbourSettings settings;
    private final ObjectStore objects;

    /** Where the neighbours are, as gateways and workers are told. */
    @ConfigMapping(prefix = Settings.PREFIX)
    interface NeighbourSettings {
        StorageSettings storage();

        KafkaSettings kafka();

        RedisSettings redis();
    }

    private ClusterData(NeighbourSettings settings) {
        this.settings = settings;
        objects = new ObjectStore(settings.storage());
    }

    static ClusterData of(Map<String, String> settings) {
        return new ClusterData(Settings.fromProperties(NeighbourSettings.class, settings));
    }

    /** The keys of all objects below the prefix of a file, without that prefix. */
    List<String> objectsOf(String fileId) {
        String folder = "/files/" + SourceId.parse(fileId).orElseThrow().keySegment() + "/";
        return objects.keys("scopes/").stream()
                .filter(key -> key.contains(folder))
                .map(key -> key.substring(key.indexOf(folder) + folder.length()))
                .toList();
    }

    /** The keys of all objects below a prefix. */
    List<String> objects(String prefix) {
        return objects.keys(prefix);
    }

    /** What the keys are that Redis holds of a file: {@code doc}, {@code gone}, {@code lease}, {@code mark}. */
    List<String> redisKeysOf(String fileId) {
        return redis("KEYS", "*/" + fileId + "}*")
                .map(key -> key.substring(0, key.indexOf(':')))
                .toList();
    }

    /** The mark of the worker that converts a file, as Redis holds it; empty while there is none. */
    String markOf(String fileId) {
        return redis("KEYS", "mark:*/" + fileId + "}*")
                .flatMap(key -> redis("GET", key))
                .collect(Collectors.joining());
    }

    private Stream<String> redis(String... arguments) {
        URI address = settings.redis().address();
        List<String> command = new ArrayList<>(
                List.of("redis-cli", "-h", address.getHost(), "-p", String.valueOf(address.getPort()), "--raw"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .put("REDISCLI_AUTH", settings.redis().password().orElseThrow().value());
        try {
            Process process = builder.start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(answer).isZero();
            return answer.lines().filter(line -> !line.isBlank());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** The one job of a conversion among all interactive ones that the queue has had, be it done or not. */
    ConsumerRecord<String, byte[]> job(String conversionId) {
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(KafkaClients.reader(settings.kafka()))) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.INTERACTIVE_JOBS).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            List<ConsumerRecord<String, byte[]>> found = new ArrayList<>();
            await("the job of " + conversionId).atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(job -> {
                    if (new String(job.value(), StandardCharsets.UTF_8).contains(conversionId)) {
                        found.add(job);
                    }
                });
                return !found.isEmpty();
            });
            return found.getFirst();
        }
    }

    /** Puts a job into the queue once more, as a producer does that did not hear that it was taken. */
    void repeat(ConsumerRecord<String, byte[]> job) {
        send(new ProducerRecord<>(job.topic(), null, job.key(), job.value(), job.headers()));
    }

    private void send(ProducerRecord<String, byte[]> message) {
        try (KafkaProducer<String, byte[]> producer = new KafkaProducer<>(KafkaClients.producer(settings.kafka()))) {
            producer.send(message).get();
        } catch (ExecutionException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Puts a job into the queue, which is made if it is absent. */
    void publishJob(String conversionId, byte[] job) {
        QueueSetup.ensure(settings.kafka());
        send(new ProducerRecord<>(Topics.INTERACTIVE_JOBS, null, conversionId, job));
    }

    /** All that is in the bucket, as any S3 client sees it. */
    List<CopiedObject> copyOfBucket() {
        return BucketCopy.read(settings.storage());
    }

    /** Puts objects into the bucket, which is made if it is absent, as any S3 client does. */
    void restore(List<CopiedObject> copy) {
        BucketCopy.write(settings.storage(), copy);
    }

    @Override
    public void close() {
        objects.close();
    }
}
