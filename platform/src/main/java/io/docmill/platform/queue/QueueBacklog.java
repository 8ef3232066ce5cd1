package io.docmill.platform.queue;

import java.time.Instant;
import java.util.Map;

/**
 * The jobs in the queue that no worker is done with: those that wait, and those that workers have in hand.
 *
 * @param jobs how many there are, by topic
 * @param measuredAt when Kafka said so
 */
public record QueueBacklog(Map<String, Long> jobs, Instant measuredAt) {
    public QueueBacklog {
        jobs = Map.copyOf(jobs);
    }
}
