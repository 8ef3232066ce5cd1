package io.docmill.gateway;

import io.docmill.gateway.conversion.InFlightConversions;
import io.docmill.gateway.http.form.UploadSpool;
import io.docmill.platform.queue.QueueProbe;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What a gateway shows of itself at any moment. */
final class GatewayGauges {
    private GatewayGauges() {}

    /** Shows them for as long as these live. */
    static void watch(MeterRegistry metrics, InFlightConversions inFlight, UploadSpool spool, QueueProbe queue) {
        Gauge.builder("docmill.gateway.waiting.conversions", inFlight, InFlightConversions::size)
                .description("Conversions that callers of this gateway wait for")
                .register(metrics);
        Gauge.builder("docmill.gateway.spool", spool, UploadSpool::used)
                .description("Uploads on their way to storage")
                .baseUnit("bytes")
                .register(metrics);
        for (String topic : QueueProbe.measuredTopics()) {
            Gauge.builder("docmill.queue.jobs.waiting", queue, probe -> jobs(probe, topic))
                    .description("Jobs that no worker is done with, those in hand included; the same at each gateway")
                    .tag("topic", topic)
                    .register(metrics);
        }
    }

    /** No number while Kafka does not tell. */
    private static double jobs(QueueProbe queue, String topic) {
        return queue.backlog()
                .map(backlog -> backlog.jobs().get(topic))
                .map(Long::doubleValue)
                .orElse(Double.NaN);
    }
}
