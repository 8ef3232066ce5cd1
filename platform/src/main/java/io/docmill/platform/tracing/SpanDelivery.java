package io.docmill.platform.tracing;

import io.docmill.platform.config.TracingSettings;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.export.RetryPolicy;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The way of spans from this process to the collector. Apart from {@link Tracing}, so that while that is off none of it is loaded. */
final class SpanDelivery implements AutoCloseable {
    private static final String PATH = "/v1/traces";

    /** A collector is near; what takes longer is as good as away. */
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

    private static final Duration EXPORT_LIMIT = Duration.ofSeconds(5);

    /** As the specification of OTLP asks, for an answer such as 503; the next batches wait meanwhile, or are dropped. */
    private static final RetryPolicy RETRIES = RetryPolicy.builder()
            .setMaxAttempts(3)
            .setInitialBackoff(Duration.ofSeconds(1))
            .build();

    /** An end of the process that is waited for must not hang on a collector. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);

    private final SdkTracerProvider provider;

    /** Held, and by it its parent, because a logger that nobody holds forgets what it was told. */
    private final Logger exporterLog;

    private SpanDelivery(SdkTracerProvider provider) {
        this.provider = provider;
        LibraryLog.take("io.opentelemetry", System::nanoTime);
        // WatchedExporter tells the same.
        exporterLog = Logger.getLogger("io.opentelemetry.exporter");
        exporterLog.setLevel(Level.OFF);
    }

    static SpanDelivery open(String service, URI endpoint, TracingSettings settings) {
        var exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(endpoint.toString().replaceAll("/+$", "") + PATH)
                .setConnectTimeout(CONNECT_LIMIT)
                .setTimeout(EXPORT_LIMIT)
                .setRetryPolicy(RETRIES);
        Map<String, String> headers =
                settings.headers().flatMap(CollectorHeaders::parse).orElse(Map.of());
        headers.forEach(exporter::addHeader);
        var watched = new WatchedExporter(exporter.build(), collector(endpoint), System::nanoTime);
        return new SpanDelivery(SdkTracerProvider.builder()
                .setResource(Resource.getDefault().merge(Resource.create(describe(service))))
                .setSampler(Sampler.parentBased(Sampler.traceIdRatioBased(settings.sample())))
                .addSpanProcessor(BatchSpanProcessor.builder(watched).build())
                .build());
    }

    /** Not all of the URL: there may be a password in it. */
    private static String collector(URI endpoint) {
        return endpoint.getPort() < 0 ? endpoint.getHost() : endpoint.getHost() + ":" + endpoint.getPort();
    }

    private static Attributes describe(String service) {
        return Attributes.of(
                AttributeKey.stringKey("service.name"),
                service,
                AttributeKey.stringKey("service.instance.id"),
                UUID.randomUUID().toString());
    }

    Tracer tracer() {
        return provider.get(Tracing.SCOPE);
    }

    @Override
    public void close() {
        var _ = provider.shutdown().join(CLOSE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    }
}
