package io.docmill.platform.queue;

import io.docmill.model.job.Topics;
import io.docmill.platform.config.KafkaSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes sure of the topics and of the share group's settings. Gateway and worker both do so before they are ready: a
 * group whose first member joins before its settings are made begins at the end of the queue and loses the jobs that
 * wait there. Repeating it changes nothing.
 */
public final class QueueSetup {
    private static final Logger log = LoggerFactory.getLogger(QueueSetup.class);

    /**
     * One: then every slot can be given every job topic that it subscribes to, and is, as long as not all members of the group
     * subscribe to the same ones; the member on {@link Topics#NOTHING} sees to that. Brokers share several partitions out among
     * the members of a group (KIP-932), and with four of them a job was seen to wait for a busy slot beside an idle one. The
     * number of partitions does not bound parallelism.
     */
    private static final int JOB_PARTITIONS = 1;

    private static final Duration JOB_RETENTION = Duration.ofDays(14);
    private static final Duration REPLY_RETENTION = Duration.ofHours(1);
    private static final Duration DEAD_LETTER_RETENTION = Duration.ofDays(30);

    /** How often the broker hands out a job before it gives it up; innocent jobs gather counts too, hence not 2. */
    public static final int DELIVERY_LIMIT = 5;

    /** How long a job belongs to its worker unless it renews. */
    public static final Duration LOCK = Duration.ofSeconds(30);

    private QueueSetup() {}

    /**
     * Makes topics and settings that are not there.
     *
     * @throws QueueUnavailableException if Kafka can't be reached or refuses
     */
    public static void ensure(KafkaSettings settings) {
        try (Admin admin = Admin.create(KafkaClients.admin(settings))) {
            makeTopics(admin, topics(settings.replicationFactor()));
            setGroup(admin);
        } catch (ExecutionException e) {
            Throwable refusal = e.getCause() == null ? e : e.getCause();
            throw new QueueUnavailableException(
                    "Kafka at %s did not take the topics: %s".formatted(settings.bootstrapServers(), reason(refusal)),
                    e);
        } catch (KafkaException e) {
            throw new QueueUnavailableException(
                    "Kafka at %s can't be reached: %s".formatted(settings.bootstrapServers(), e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new QueueUnavailableException("interrupted while making topics", e);
        }
    }

    private static String reason(Throwable refusal) {
        return refusal instanceof AuthorizationException
                ? refusal.getMessage() + " What the account needs is in deploy/kafka-acls.txt."
                : refusal.toString();
    }

    private static List<NewTopic> topics(Optional<Short> replication) {
        return List.of(
                topic(Topics.INTERACTIVE_JOBS, JOB_PARTITIONS, replication, JOB_RETENTION, Map.of()),
                topic(Topics.BATCH_JOBS, JOB_PARTITIONS, replication, JOB_RETENTION, Map.of()),
                topic(Topics.NOTHING, 1, replication, REPLY_RETENTION, Map.of()),
                // Readers of replies and control assign all partitions once: their number is fixed.
                topic(Topics.REPLIES, 1, replication, REPLY_RETENTION, Map.of()),
                topic(Topics.CONTROL, 1, replication, REPLY_RETENTION, Map.of()),
                topic(
                        Topics.DEAD_LETTERS,
                        1,
                        replication,
                        DEAD_LETTER_RETENTION,
                        Map.of("errors.deadletterqueue.group.enable", "true")));
    }

    private static NewTopic topic(
            String name, int partitions, Optional<Short> replication, Duration retention, Map<String, String> more) {
        Map<String, String> config = new HashMap<>(more);
        config.put("cleanup.policy", "delete");
        config.put("retention.ms", String.valueOf(retention.toMillis()));
        return new NewTopic(name, Optional.of(partitions), replication).configs(config);
    }

    private static void makeTopics(Admin admin, List<NewTopic> topics) throws ExecutionException, InterruptedException {
        Set<String> existing = admin.listTopics().names().get();
        List<NewTopic> missing = topics.stream()
                .filter(topic -> !existing.contains(topic.name()))
                .toList();
        for (Map.Entry<String, KafkaFuture<Void>> making :
                admin.createTopics(missing).values().entrySet()) {
            try {
                making.getValue().get();
                log.info("Made Kafka topic {}", making.getKey());
            } catch (ExecutionException e) {
                // Another process of ours was faster.
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw e;
                }
            }
        }
    }

    private static void setGroup(Admin admin) throws ExecutionException, InterruptedException {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, Topics.WORKER_GROUP);
        Collection<AlterConfigOp> settings = new ArrayList<>();
        Map.of(
                        "share.auto.offset.reset",
                        "earliest",
                        "share.record.lock.duration.ms",
                        String.valueOf(LOCK.toMillis()),
                        "share.delivery.count.limit",
                        String.valueOf(DELIVERY_LIMIT),
                        "share.isolation.level",
                        "read_uncommitted",
                        "errors.deadletterqueue.topic.name",
                        Topics.DEAD_LETTERS,
                        "errors.deadletterqueue.copy.record.enable",
                        "true")
                .forEach((name, value) ->
                        settings.add(new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET)));
        admin.incrementalAlterConfigs(Map.of(group, settings)).all().get();
    }
}
