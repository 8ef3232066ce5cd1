package io.docmill.platform.queue;

import io.docmill.model.job.Topics;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ShareMemberDescription;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.jspecify.annotations.Nullable;

/** Asks Kafka how many jobs are not done, and how many slots take them, by what it says of the workers' share group itself (KIP-932, KIP-1226). */
final class BacklogQuestion {
    /** The topics of jobs. */
    static final List<String> TOPICS = List.of(Topics.INTERACTIVE_JOBS, Topics.BATCH_JOBS);

    private BacklogQuestion() {}

    /**
     * Asks. The ends of the logs come first: a job that is published meanwhile is then counted as one not done, which makes those that
     * ended too few for once, where the other way round it would be taken for one that has ended.
     *
     * @param limit for each answer, in seconds
     * @throws TimeoutException if an answer did not come
     */
    static QueueBacklog ask(Admin admin, long limit) throws ExecutionException, InterruptedException, TimeoutException {
        List<TopicPartition> partitions = get(admin.describeTopics(TOPICS).allTopicNames(), limit).values().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .map(partition -> new TopicPartition(topic.name(), partition.partition())))
                .toList();
        Map<TopicPartition, ListOffsetsResultInfo> begins = offsets(admin, partitions, OffsetSpec.earliest(), limit);
        Map<TopicPartition, ListOffsetsResultInfo> ends = offsets(admin, partitions, OffsetSpec.latest(), limit);
        Instant asked = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        Map<TopicPartition, SharePartitionOffsetInfo> group = group(admin, partitions, limit);
        Map<String, Long> jobs = new HashMap<>();
        Map<String, Long> ended = new HashMap<>();
        for (TopicPartition partition : partitions) {
            ListOffsetsResultInfo end = ends.get(partition);
            long notDone = notDone(group.get(partition), begins.get(partition), end);
            jobs.merge(partition.topic(), notDone, Long::sum);
            ended.merge(partition.topic(), end == null ? 0 : Math.max(0, end.offset() - notDone), Long::sum);
        }
        return new QueueBacklog(jobs, ended, slots(admin, limit), asked);
    }

    /** Each slot is a member of the group, which is given all partitions of the topics that it subscribes to. */
    private static Map<String, Integer> slots(Admin admin, long limit)
            throws ExecutionException, InterruptedException, TimeoutException {
        Map<String, Integer> slots = new HashMap<>();
        for (ShareMemberDescription member : members(admin, limit)) {
            member.assignment().topicPartitions().stream()
                    .map(TopicPartition::topic)
                    .distinct()
                    .forEach(topic -> slots.merge(topic, 1, Integer::sum));
        }
        return slots;
    }

    private static List<ShareMemberDescription> members(Admin admin, long limit)
            throws ExecutionException, InterruptedException, TimeoutException {
        try {
            return get(admin.describeShareGroups(List.of(Topics.WORKER_GROUP)).all(), limit).values().stream()
                    .flatMap(group -> group.members().stream())
                    .toList();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return List.of();
            }
            throw e;
        }
    }

    /** A group that had no member yet has not begun, so all there is is not done. */
    private static Map<TopicPartition, SharePartitionOffsetInfo> group(
            Admin admin, List<TopicPartition> partitions, long limit)
            throws ExecutionException, InterruptedException, TimeoutException {
        var spec = new ListShareGroupOffsetsSpec().topicPartitions(partitions);
        try {
            return get(
                    admin.listShareGroupOffsets(Map.of(Topics.WORKER_GROUP, spec))
                            .partitionsToOffsetInfo(Topics.WORKER_GROUP),
                    limit);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupIdNotFoundException) {
                return Map.of();
            }
            throw e;
        }
    }

    private static Map<TopicPartition, ListOffsetsResultInfo> offsets(
            Admin admin, List<TopicPartition> partitions, OffsetSpec which, long limit)
            throws ExecutionException, InterruptedException, TimeoutException {
        return get(
                admin.listOffsets(partitions.stream().collect(Collectors.toMap(partition -> partition, _ -> which)))
                        .all(),
                limit);
    }

    /** Kafka's own figure where it has one: what lies past the group's start may be done as well. */
    private static long notDone(
            @Nullable SharePartitionOffsetInfo group,
            @Nullable ListOffsetsResultInfo begin,
            @Nullable ListOffsetsResultInfo end) {
        if (group != null && group.lag().filter(lag -> lag >= 0).isPresent()) {
            return group.lag().get();
        }
        if (begin == null || end == null) {
            return 0;
        }
        long start = group == null ? begin.offset() : Math.max(begin.offset(), group.startOffset());
        return Math.max(0, end.offset() - start);
    }

    private static <T> T get(KafkaFuture<T> answer, long limit)
            throws ExecutionException, InterruptedException, TimeoutException {
        return answer.get(limit, TimeUnit.SECONDS);
    }
}
