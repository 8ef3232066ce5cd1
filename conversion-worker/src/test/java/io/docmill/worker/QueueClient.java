package io.docmill.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.id.AttemptId;
import io.docmill.model.job.CancelNotice;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply;
import io.docmill.model.job.MessageCodec;
import io.docmill.model.job.Topics;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.queue.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/** What a gateway does with the queue: publishes jobs and reads replies. For one thread. */
public final class QueueClient implements AutoCloseable {
    private final KafkaSettings settings;
    private final KafkaProducer<String, byte[]> producer;
    private final KafkaConsumer<String, byte[]> replies;
    private final Admin admin;
    private final List<JobReply> received = new ArrayList<>();
    private final Map<AttemptId, Map<String, String>> replyHeaders = new HashMap<>();

    /** Reads replies from the first one that the topic holds. */
    public QueueClient(KafkaSettings settings) {
        this.settings = settings;
        producer = new KafkaProducer<>(KafkaClients.producer(settings));
        admin = Admin.create(KafkaClients.admin(settings));
        replies = new KafkaConsumer<>(KafkaClients.reader(settings));
        TopicPartition partition = new TopicPartition(Topics.REPLIES, 0);
        replies.assign(List.of(partition));
        replies.seekToBeginning(List.of(partition));
    }

    /** Publishes a job for a caller who waits. */
    public void publish(ConversionJob job) {
        publish(job.conversion().toString(), MessageCodec.encode(job));
    }

    /** Publishes a job whose record has headers. */
    public void publish(ConversionJob job, Map<String, String> headers) {
        var record =
                new ProducerRecord<>(Topics.INTERACTIVE_JOBS, job.conversion().toString(), MessageCodec.encode(job));
        headers.forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        send(record);
    }

    /** Tells all workers that a job was canceled. */
    public void cancel(ConversionJob job) {
        CancelNotice notice = new CancelNotice(CancelNotice.VERSION, job.conversion(), job.scope(), job.attempt());
        publish(Topics.CONTROL, job.conversion().toString(), MessageCodec.encode(notice));
    }

    /** Publishes anything where jobs belong. */
    public void publish(String key, byte[] value) {
        publish(Topics.INTERACTIVE_JOBS, key, value);
    }

    /** Publishes anything anywhere. */
    public void publish(String topic, String key, byte[] value) {
        send(new ProducerRecord<>(topic, key, value));
    }

    private void send(ProducerRecord<String, byte[]> record) {
        try {
            producer.send(record).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Waits for the reply to an attempt. */
    public JobReply.Outcome awaitReply(AttemptId attempt) {
        await().atMost(Duration.ofSeconds(60))
                .pollInSameThread()
                .until(() -> outcomesOf(attempt).size() > 0);
        return outcomesOf(attempt).getFirst();
    }

    /** All replies to an attempt so far. */
    public List<JobReply.Outcome> outcomesOf(AttemptId attempt) {
        replies.poll(Duration.ofMillis(100)).forEach(record -> {
            JobReply reply = MessageCodec.decodeReply(record.value());
            received.add(reply);
            replyHeaders.put(reply.outcome().attempt(), headers(record));
        });
        return received.stream()
                .map(JobReply::outcome)
                .filter(outcome -> outcome.attempt().equals(attempt))
                .toList();
    }

    private static Map<String, String> headers(ConsumerRecord<String, byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        record.headers()
                .forEach(header -> headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
        return headers;
    }

    /** The headers of the last reply to an attempt that was read. */
    public Map<String, String> replyHeadersOf(AttemptId attempt) {
        return replyHeaders.getOrDefault(attempt, Map.of());
    }

    /** The headers of each record that the queue has had of a job, in their order. */
    public List<Map<String, String>> jobHeadersOf(ConversionJob job) {
        List<Map<String, String>> found = new ArrayList<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(KafkaClients.reader(settings))) {
            List<TopicPartition> partitions = consumer.partitionsFor(Topics.INTERACTIVE_JOBS).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            await().atMost(Duration.ofSeconds(30)).pollInSameThread().until(() -> {
                consumer.poll(Duration.ofMillis(100)).forEach(record -> {
                    if (record.key().equals(job.conversion().toString())) {
                        found.add(headers(record));
                    }
                });
                return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
            });
        }
        return found;
    }

    /** Takes the only job that waits and gives it back, as often as told: as if so many workers had died of it. */
    public void takeAndRelease(int times) {
        try (KafkaShareConsumer<String, byte[]> consumer =
                new KafkaShareConsumer<>(KafkaClients.shareConsumer(settings))) {
            consumer.subscribe(List.of(Topics.INTERACTIVE_JOBS));
            for (int i = 0; i < times; i++) {
                await().atMost(Duration.ofSeconds(30)).pollInSameThread().until(() -> {
                    var records = consumer.poll(Duration.ofMillis(500));
                    records.forEach(record -> consumer.acknowledge(record, AcknowledgeType.RELEASE));
                    return !records.isEmpty();
                });
                assertThat(consumer.commitSync().values()).allMatch(error -> error.isEmpty());
            }
        }
    }

    /** What each member of the workers' group is given: the topics of its partitions. */
    public List<Set<String>> assignedTopics() {
        return ask(admin.describeShareGroups(List.of(Topics.WORKER_GROUP)).all()).values().stream()
                .flatMap(group -> group.members().stream())
                .map(member -> member.assignment().topicPartitions().stream()
                        .map(TopicPartition::topic)
                        .collect(Collectors.toSet()))
                .toList();
    }

    /** How many records the broker has given up, or workers rejected, so far. */
    public long deadLetters() {
        TopicPartition partition = new TopicPartition(Topics.DEAD_LETTERS, 0);
        return ask(admin.listOffsets(Map.of(partition, OffsetSpec.latest())).partitionResult(partition))
                .offset();
    }

    private static <T> T ask(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        admin.close();
        producer.close();
        replies.close();
    }
}
