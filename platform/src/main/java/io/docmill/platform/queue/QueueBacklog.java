package io.docmill.platform.queue;

import java.time.Instant;
import java.util.Map;

/**
 * The jobs in the queue that no worker is done with: those that wait, and those that workers have in hand.
 *
 * @param jobs how many there are, by topic
 * @param ended how many workers were ever done with, by topic; only the difference of two figures says something. Too few, until the
 *     next figures, by the jobs that came while Kafka was asked
 * @param slots how many slots take jobs, by topic: those that work included, those of a killed worker for 45 s more
 * @param measuredAt when Kafka was asked for the jobs that are not done: those that were published before are among them
 */
public record QueueBacklog(
        Map<String, Long> jobs, Map<String, Long> ended, Map<String, Integer> slots, Instant measuredAt) {
    public QueueBacklog {
        jobs = Map.copyOf(jobs);
        ended = Map.copyOf(ended);
        slots = Map.copyOf(slots);
    }
}
