package io.docmill.gateway.http;

import io.docmill.gateway.key.ApiKeys.Caller;
import io.docmill.platform.tracing.TraceAttribute;
import io.docmill.platform.tracing.TraceSpan;
import io.docmill.platform.tracing.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * A line of the log, a measurement and a span for each request, once it has ended. All name the operation of the contract, never the
 * path: in that there may be a signed URL. Thread-safe.
 */
final class RequestLog {
    private static final Logger log = LoggerFactory.getLogger(RequestLog.class);

    private static final String OPERATION = "docmill.operation";

    /** Of a request that is for no operation: a wrong path, the contract itself. */
    private static final String NO_OPERATION = "none";

    /** As web servers have it for a caller who did not wait for the answer. */
    private static final int CALLER_LEFT = 499;

    private static final int FIRST_OF_OURS = 500;

    /** From an answer out of the cache to the longest wait. */
    private static final Duration[] BUCKETS = LongStream.of(
                    5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private static final String ROUTE = "docmill.route";

    /** The methods that a span may name; any other could be a text of the caller's. */
    private static final Set<String> METHODS =
            Set.of("CONNECT", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "QUERY", "TRACE");

    private final MeterRegistry metrics;
    private final Tracing tracing;
    private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();

    RequestLog(MeterRegistry metrics, Tracing tracing) {
        this.metrics = metrics;
        this.tracing = tracing;
    }

    /** What is measured together; the statuses of one hundred. */
    private record Kind(String operation, int statusClass) {}

    /** Begins with a request. */
    void begin(RoutingContext context) {
        long begin = System.nanoTime();
        TraceSpan span = tracing.request(context.request()::getHeader);
        if (span.traceId().isPresent()) {
            Requests.setSpan(context, span);
        }
        context.addEndHandler(end -> ended(context, end.succeeded(), Duration.ofNanos(System.nanoTime() - begin)));
        context.next();
    }

    /**
     * Tells which operation a request is for.
     *
     * @param route its path in the contract
     */
    static void name(RoutingContext context, String operation, String route) {
        context.put(OPERATION, operation);
        context.put(ROUTE, route);
    }

    private void ended(RoutingContext context, boolean answered, Duration time) {
        String operation = context.get(OPERATION, NO_OPERATION);
        int status = answered ? context.response().getStatusCode() : CALLER_LEFT;
        timers.computeIfAbsent(new Kind(operation, status / 100), this::timer).record(time);
        TraceSpan span = Requests.span(context);
        LoggingEventBuilder line = line(context.request(), operation, status, Requests.id(context))
                .addKeyValue("durationMs", time.toMillis())
                .addKeyValue("key", keyOf(Requests.callerIfKnown(context)));
        span.traceId()
                .map(trace -> line.addKeyValue("traceId", trace))
                .orElse(line)
                .log();
        if (span.isRecorded()) {
            tell(span, context, operation, status);
        }
        span.end();
    }

    /** By the semantic conventions for HTTP, but for path and query: in those there may be a signed URL. */
    private static void tell(TraceSpan span, RoutingContext context, String operation, int status) {
        String method = context.request().method().name();
        boolean known = METHODS.contains(method);
        String route = context.get(ROUTE);
        span.with(TraceAttribute.HTTP_METHOD, known ? method : "_OTHER")
                .with(TraceAttribute.OPERATION, operation)
                .with(TraceAttribute.REQUEST_ID, Requests.id(context))
                .with(TraceAttribute.HTTP_STATUS, status);
        if (route == null) {
            span.name(known ? method : "HTTP");
        } else {
            span.name(method + " " + route);
            span.with(TraceAttribute.HTTP_ROUTE, route);
        }
        if (status >= FIRST_OF_OURS) {
            span.fail(String.valueOf(status));
        }
    }

    private Timer timer(Kind kind) {
        return Timer.builder("http.server.requests")
                .description("Requests, from their first line until the end of their answer")
                .serviceLevelObjectives(BUCKETS)
                .tag("operation", kind.operation())
                .tag("status", kind.statusClass() + "xx")
                .register(metrics);
    }

    /** Tells of a request that Vert.x refused: it comes past no route, and is measured nowhere. */
    static void refused(HttpServerRequest request, int status, String requestId) {
        line(request, NO_OPERATION, status, requestId).log();
    }

    private static LoggingEventBuilder line(HttpServerRequest request, String operation, int status, String requestId) {
        return log.atInfo()
                .setMessage("Request ended")
                .addKeyValue("method", request.method())
                .addKeyValue("operation", operation)
                .addKeyValue("status", status)
                .addKeyValue("requestId", requestId);
    }

    private static String keyOf(@Nullable Caller caller) {
        return caller == null ? "none" : caller.key().toString();
    }
}
