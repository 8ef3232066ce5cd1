package io.docmill.worker.job;

import io.docmill.model.job.CancelNotice;
import io.docmill.model.job.Topics;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.neighbour.Neighbour;
import io.docmill.platform.queue.QueueSetup;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The slots of a worker, and its idle member of their group. Every worker has one, also beside reserved slots: then no
 * start, end or death of another worker, and of no slot either, changes what a slot is given.
 */
public final class JobConsumers {
    private static final Logger log = LoggerFactory.getLogger(JobConsumers.class);

    /** For a job that was stopped to be passed on, and its consumer to be closed. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);

    private final List<JobConsumer> slots;
    private final IdleMember idle;

    private JobConsumers(List<JobConsumer> slots, IdleMember idle) {
        this.slots = slots;
        this.idle = idle;
    }

    /**
     * Begins to take jobs. Topics and group must be set up before (see {@link QueueSetup}).
     *
     * @param slots how many jobs at a time
     * @param reserved how many of them take no jobs of batches; less than {@code slots}
     */
    public static JobConsumers start(
            int slots,
            int reserved,
            KafkaSettings settings,
            JobHandler handler,
            ReplyPublisher publisher,
            JobMetrics metrics,
            Neighbour kafka) {
        Duration renewal = QueueSetup.LOCK.dividedBy(3);
        List<JobConsumer> consumers = IntStream.range(0, slots)
                .mapToObj(i -> new JobConsumer(
                        "slot-" + (i + 1),
                        i < reserved
                                ? List.of(Topics.INTERACTIVE_JOBS)
                                : List.of(Topics.INTERACTIVE_JOBS, Topics.BATCH_JOBS),
                        settings,
                        handler,
                        publisher,
                        metrics,
                        kafka,
                        renewal))
                .toList();
        IdleMember idle = IdleMember.start(settings, kafka);
        consumers.forEach(JobConsumer::start);
        return new JobConsumers(consumers, idle);
    }

    /** Stops a job that a caller canceled, if it runs here. Returns at once; the slot is free soon. */
    public void cancel(CancelNotice notice) {
        slots.forEach(slot -> slot.cancel(notice));
    }

    /**
     * Takes no more jobs, waits for those that run, and stops and passes on those that don't end in time.
     *
     * <p>An interrupt ends the waiting alone.
     *
     * @param grace how long jobs may go on
     */
    public void drain(Duration grace) {
        slots.forEach(JobConsumer::drain);
        try {
            awaitEnd(grace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            slots.forEach(JobConsumer::stop);
            idle.end();
        }
    }

    private void awaitEnd(Duration grace) throws InterruptedException {
        if (!join(grace)) {
            log.warn("Stopping the jobs that did not end within {} s; other workers will run them", grace.toSeconds());
            slots.forEach(JobConsumer::stop);
            if (!join(STOP_LIMIT)) {
                log.error("A slot did not stop. Its job is delivered to another worker when its lock lapses.");
            }
        }
        // After the slots: one that has a job in hand keeps its topics.
        idle.end();
        if (!idle.join(STOP_LIMIT)) {
            log.warn("The idle member of the share group did not leave it; the broker drops it when its session ends");
        }
    }

    private boolean join(Duration limit) throws InterruptedException {
        Instant end = Instant.now().plus(limit);
        boolean all = true;
        for (JobConsumer slot : slots) {
            Duration rest = Duration.between(Instant.now(), end);
            all &= slot.join(rest.isPositive() ? rest : Duration.ofMillis(1));
        }
        return all;
    }
}
