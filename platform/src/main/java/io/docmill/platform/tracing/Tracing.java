package io.docmill.platform.tracing;

import io.docmill.platform.config.TracingSettings;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Begins the spans of a process and sends them to a collector (OTLP over HTTP), in batches on a thread of its own: nobody waits
 * for the collector, and while it is away spans are dropped and a warning tells so. Where no collector is set nothing is done.
 * Thread-safe.
 */
public final class Tracing implements AutoCloseable {
    /** The headers of a request or a message that name its trace, in lower case (W3C Trace Context). */
    public static final List<String> HEADERS = List.of("traceparent", "tracestate");

    /** Who makes the spans. */
    static final String SCOPE = "io.docmill";

    private static final Tracing OFF = new Tracing(null);

    private final @Nullable SpanDelivery delivery;
    private final @Nullable Tracer tracer;

    private Tracing(@Nullable SpanDelivery delivery) {
        this.delivery = delivery;
        tracer = delivery == null ? null : delivery.tracer();
    }

    /**
     * Opens what sends spans; makes no call yet.
     *
     * @param service as which they are sent, such as {@code docmill-gateway}
     * @param settings without {@link #mistakes}
     */
    public static Tracing start(String service, TracingSettings settings) {
        return settings.endpoint()
                .map(endpoint -> new Tracing(SpanDelivery.open(service, endpoint, settings)))
                .orElse(OFF);
    }

    /** One that does nothing. */
    public static Tracing off() {
        return OFF;
    }

    /** What can't be used of the settings, each with its variable. */
    public static List<String> mistakes(TracingSettings settings) {
        List<String> mistakes = new ArrayList<>();
        if (settings.endpoint().filter(endpoint -> !isHttp(endpoint)).isPresent()) {
            mistakes.add("DOCMILL_TRACING_ENDPOINT: takes a URL such as http://collector:4318");
        }
        if (!(settings.sample() >= 0 && settings.sample() <= 1)) {
            mistakes.add("DOCMILL_TRACING_SAMPLE: from 0 to 1");
        }
        if (settings.headers()
                .filter(headers -> CollectorHeaders.parse(headers).isEmpty())
                .isPresent()) {
            mistakes.add("DOCMILL_TRACING_HEADERS: takes name=value, several separated by commas");
        }
        return mistakes;
    }

    private static boolean isHttp(URI endpoint) {
        return List.of("http", "https").contains(endpoint.getScheme()) && endpoint.getHost() != null;
    }

    /**
     * Begins with a request.
     *
     * @param header the request's header of a name, or null
     */
    public TraceSpan request(Function<String, @Nullable String> header) {
        return begin("HTTP", SpanKind.SERVER, header);
    }

    /**
     * Begins with a message that was taken: a part of the trace in which it was published.
     *
     * @param header the message's header of a name, or null
     */
    public TraceSpan message(String topic, Function<String, @Nullable String> header) {
        return begin("process " + topic, SpanKind.CONSUMER, header).messaging("process", topic);
    }

    private TraceSpan begin(String name, SpanKind kind, Function<String, @Nullable String> header) {
        Tracer to = tracer;
        if (to == null) {
            return TraceSpan.NONE;
        }
        Context parent = W3CTraceContextPropagator.getInstance()
                .extract(Context.root(), header, (from, named) -> from == null ? null : from.apply(named));
        return new TraceSpan(
                to, to.spanBuilder(name).setParent(parent).setSpanKind(kind).startSpan());
    }

    /** Sends what is not sent yet, for a few seconds at most. A second call does nothing. */
    @Override
    public void close() {
        if (delivery != null) {
            delivery.close();
        }
    }
}
