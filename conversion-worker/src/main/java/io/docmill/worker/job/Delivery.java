package io.docmill.worker.job;

import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.MessageCodec;
import io.docmill.model.job.UndecodableMessageException;
import io.docmill.platform.cache.RunningMark;
import io.docmill.platform.queue.QueueSetup;
import io.docmill.platform.tracing.Tracing;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * A job as the broker handed it out.
 *
 * @param topic of its record
 * @param partition of its record
 * @param offset of its record
 * @param count how often it was handed out, this time included; from 1
 * @param traceHeaders those of its record that name the trace in which it was published
 */
record Delivery(
        ConversionJob job, String topic, int partition, long offset, int count, Map<String, String> traceHeaders) {
    Delivery {
        traceHeaders = Map.copyOf(traceHeaders);
    }

    /**
     * Reads a record of the queue.
     *
     * @throws UndecodableMessageException if it is no job, or one of a newer Docmill
     */
    static Delivery of(ConsumerRecord<String, byte[]> record) {
        if (record.value() == null) {
            throw new UndecodableMessageException("a record without a value");
        }
        return new Delivery(
                MessageCodec.decodeJob(record.value()),
                record.topic(),
                record.partition(),
                record.offset(),
                record.deliveryCount().orElse((short) 1).intValue(),
                traceHeaders(record));
    }

    private static Map<String, String> traceHeaders(ConsumerRecord<String, byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        for (String name : Tracing.HEADERS) {
            Header header = record.headers().lastHeader(name);
            if (header != null && header.value() != null) {
                headers.put(name, new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        return headers;
    }

    /** Whether the broker gives it up if it does not end now: whoever had it before died of it, or beside it. */
    boolean isLast() {
        return count >= QueueSetup.DELIVERY_LIMIT;
    }

    /** How a worker that runs it since then tells so. */
    RunningMark mark(Instant startedAt) {
        return new RunningMark(job.attempt(), topic, partition, offset, count, startedAt);
    }
}
