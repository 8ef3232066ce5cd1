package io.docmill.worker.job;

import io.docmill.model.job.CancelNotice;
import io.docmill.model.job.UndecodableMessageException;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.neighbour.Neighbour;
import io.docmill.platform.queue.KafkaClients;
import io.docmill.platform.queue.QueueUnavailableException;
import io.docmill.worker.job.Cancellation.Reason;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One slot's member of the workers' share group, on a thread of its own: takes one job at a time, renews it while it runs, and
 * acknowledges it. Whatever happens to the broker or to a job, the thread goes on until it is told to take no more.
 *
 * <p>It is never woken up: a wake-up may hit a commit instead of a poll, and then what became of the acknowledgement is unknown.
 * Polls are short instead.
 */
final class JobConsumer {
    private static final Logger log = LoggerFactory.getLogger(JobConsumer.class);

    /** How long an idle slot may take to notice that it is to stop; as long as a fetch waits at the broker anyway. */
    private static final Duration POLL = Duration.ofMillis(500);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(2);

    private final KafkaSettings settings;
    private final List<String> topics;
    private final JobHandler handler;
    private final ReplyPublisher publisher;
    private final JobMetrics metrics;
    private final Neighbour kafka;
    private final Duration renewal;
    private final Thread thread;
    private volatile boolean draining;
    private boolean stopping;
    private @Nullable RunningJob running;

    /** @param renewal how often a job is renewed: a third of the lock leaves room for a slow broker */
    JobConsumer(
            String name,
            List<String> topics,
            KafkaSettings settings,
            JobHandler handler,
            ReplyPublisher publisher,
            JobMetrics metrics,
            Neighbour kafka,
            Duration renewal) {
        this.topics = List.copyOf(topics);
        this.settings = settings;
        this.handler = handler;
        this.publisher = publisher;
        this.metrics = metrics;
        this.kafka = kafka;
        this.renewal = renewal;
        thread = Thread.ofPlatform().name(name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Takes no more jobs; the one that runs goes on. */
    void drain() {
        draining = true;
    }

    /** Takes no more jobs and stops the one that runs. */
    synchronized void stop() {
        draining = true;
        stopping = true;
        if (running != null) {
            running.stop(Reason.SHUTDOWN);
        }
    }

    /** Stops the job that runs if it is what a caller canceled; the slot goes on. */
    synchronized void cancel(CancelNotice notice) {
        if (running != null) {
            running.cancel(notice);
        }
    }

    /** Waits for the end of the slot, and tells whether it came. */
    boolean join(Duration limit) throws InterruptedException {
        return thread.join(limit);
    }

    private void run() {
        while (!draining) {
            try {
                takeJobs();
            } catch (KafkaException e) {
                kafka.failed(e);
                pause();
            } catch (RuntimeException e) {
                log.error("A slot failed and begins anew. Please report this.", e);
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void takeJobs() throws InterruptedException {
        ShareConsumer<String, byte[]> consumer = new KafkaShareConsumer<>(KafkaClients.shareConsumer(settings));
        try {
            consumer.subscribe(topics);
            boolean usable = true;
            while (usable && !draining) {
                // One at most, by the consumer's settings.
                for (ConsumerRecord<String, byte[]> record : consumer.poll(POLL)) {
                    usable = process(new HeldRecord(consumer, record));
                }
            }
        } finally {
            consumer.close(CLOSE_LIMIT);
        }
    }

    /** Sees a record to its end and tells whether the consumer can take another. */
    private boolean process(HeldRecord record) throws InterruptedException {
        Delivery delivery;
        try {
            delivery = Delivery.of(record.content());
        } catch (UndecodableMessageException e) {
            metrics.undecodable();
            log.error(
                    "Record {} of {}-{} is no job and goes to dlq.conversion. Another program writes there, or a newer"
                            + " Docmill.",
                    record.content().offset(),
                    record.content().topic(),
                    record.content().partition(),
                    e);
            record.end(AcknowledgeType.REJECT);
            return record.consumerIsUsable();
        }
        switch (run(record, delivery)) {
            case Ending.Answered _, Ending.Dropped _ -> record.end(AcknowledgeType.ACCEPT);
            case Ending.Unanswerable _ -> record.end(AcknowledgeType.REJECT);
            case Ending.Stopped(boolean unmarked) -> passOn(record, unmarked);
            // Refused, because it is someone else's; the consumer takes no other job before it has let go of this one.
            case Ending.TakenOver _ -> record.end(AcknowledgeType.RELEASE);
        }
        return record.consumerIsUsable();
    }

    private Ending run(HeldRecord record, Delivery delivery) throws InterruptedException {
        RunningJob job = RunningJob.start(handler, delivery);
        setRunning(job);
        try {
            while (!job.awaitEnd(renewal)) {
                record.renew();
                // While the broker is away the job goes on: what it brings is kept, and whoever gets the job again
                // finds it.
                if (record.hold() == HeldRecord.Hold.LOST) {
                    job.stop(Reason.TAKEN_OVER);
                }
            }
            return job.ending();
        } finally {
            setRunning(null);
        }
    }

    private synchronized void setRunning(@Nullable RunningJob job) {
        running = job;
        if (job != null && stopping) {
            job.stop(Reason.SHUTDOWN);
        }
    }

    /**
     * A release counts as one of the deliveries after which a job is given up, so it is only for what can't be published again: a
     * record that a mark still tells of would be accepted here, and the one in its place dropped over that mark.
     */
    private void passOn(HeldRecord record, boolean unmarked) {
        if (record.hold() != HeldRecord.Hold.HELD) {
            return;
        }
        if (!unmarked) {
            log.warn("A job is released rather than published again: Redis does not tell that its mark is removed");
            record.end(AcknowledgeType.RELEASE);
            return;
        }
        try {
            publisher.publishAgain(record.content());
            metrics.publishedAgain();
            record.end(AcknowledgeType.ACCEPT);
        } catch (QueueUnavailableException e) {
            log.warn("A job could not be published again and is released: {}", e.getMessage());
            record.end(AcknowledgeType.RELEASE);
        }
    }

    private void pause() {
        try {
            Thread.sleep(draining ? Duration.ZERO : PAUSE_AFTER_FAILURE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
