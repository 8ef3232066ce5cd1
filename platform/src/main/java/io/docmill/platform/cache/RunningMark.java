package io.docmill.platform.cache;

import io.docmill.model.id.AttemptId;
import java.time.Instant;

/**
 * The attempt that a worker is running, and by which record of the queue it came.
 *
 * @param attempt the attempt
 * @param topic of its record
 * @param partition of its record
 * @param offset of its record
 * @param deliveryCount how often the broker had handed the record out when this worker took it, from 1
 * @param startedAt when the worker took it
 */
public record RunningMark(
        AttemptId attempt, String topic, int partition, long offset, int deliveryCount, Instant startedAt) {
    /** Whether both came by one record of the queue, in one delivery or in several. */
    public boolean isOfSameRecord(RunningMark other) {
        return topic.equals(other.topic) && partition == other.partition && offset == other.offset;
    }
}
