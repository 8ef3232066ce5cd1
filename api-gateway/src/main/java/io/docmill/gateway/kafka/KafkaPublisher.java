package io.docmill.gateway.kafka;

import io.docmill.gateway.conversion.JobPublisher;
import io.docmill.gateway.deadletter.ReplyPublisher;
import io.docmill.gateway.key.RevocationPublisher;
import io.docmill.model.job.CancelNotice;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply;
import io.docmill.model.job.MessageCodec;
import io.docmill.model.job.RevocationNotice;
import io.docmill.model.job.Topics;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.queue.KafkaClients;
import io.docmill.platform.tracing.TraceAttribute;
import io.docmill.platform.tracing.TraceSpan;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.kafka.client.producer.KafkaProducer;
import io.vertx.kafka.client.producer.KafkaProducerRecord;
import java.util.HashMap;
import java.util.Map;

/** Puts messages into Kafka. A message is taken once all replicas in sync have it. */
public final class KafkaPublisher implements JobPublisher, ReplyPublisher, RevocationPublisher {
    private static final long CLOSE_TIMEOUT_MILLIS = 5_000;

    private final KafkaProducer<String, byte[]> producer;

    public KafkaPublisher(Vertx vertx, KafkaSettings settings) {
        Map<String, String> config = new HashMap<>();
        KafkaClients.producer(settings).forEach((name, value) -> config.put(name, value.toString()));
        producer = KafkaProducer.create(vertx, config);
        // Send failures reach the caller through the future; without a handler each would be logged a second time.
        producer.exceptionHandler(_ -> {});
    }

    @Override
    public Future<Void> publish(ConversionJob job, TraceSpan span) {
        TraceSpan publication = span.publication(Topics.INTERACTIVE_JOBS)
                .with(TraceAttribute.CONVERSION, job.conversion().toString())
                .with(TraceAttribute.ATTEMPT, job.attempt().toString());
        return send(Topics.INTERACTIVE_JOBS, job.conversion(), job, publication.headers())
                .onFailure(publication::fail)
                .onComplete(_ -> publication.end());
    }

    @Override
    public Future<Void> publish(CancelNotice notice) {
        return send(Topics.CONTROL, notice.conversion(), notice);
    }

    @Override
    public Future<Void> publish(JobReply reply) {
        return send(Topics.REPLIES, reply.conversion(), reply);
    }

    @Override
    public Future<Void> publish(RevocationNotice notice) {
        return send(Topics.CONTROL, notice.revokedKey(), notice);
    }

    private Future<Void> send(String topic, Object key, Record message) {
        return send(topic, key, message, Map.of());
    }

    private Future<Void> send(String topic, Object key, Record message, Map<String, String> headers) {
        KafkaProducerRecord<String, byte[]> content =
                KafkaProducerRecord.create(topic, key.toString(), MessageCodec.encode(message));
        headers.forEach(content::addHeader);
        return producer.send(content).mapEmpty();
    }

    /** Sends what is on its way, for a few seconds, then closes. */
    public Future<Void> close() {
        return producer.close(CLOSE_TIMEOUT_MILLIS);
    }
}
