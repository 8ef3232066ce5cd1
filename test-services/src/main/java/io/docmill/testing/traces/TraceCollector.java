package io.docmill.testing.traces;

import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;

/** Takes spans as an OpenTelemetry collector does (OTLP over HTTP, protobuf), on a free port of 127.0.0.1, and keeps them. */
public final class TraceCollector implements AutoCloseable {
    /** Spans are sent within 5 s, and a machine may be busy. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int OK = 200;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<ReceivedSpan> spans = new CopyOnWriteArrayList<>();
    private final List<String> authorizations = new CopyOnWriteArrayList<>();
    private volatile int status = OK;

    private TraceCollector(HttpServer server) {
        this.server = server;
    }

    /** Starts one on any free port. */
    public static TraceCollector start() {
        return start(0);
    }

    /** Starts one on a port. */
    public static TraceCollector start(int port) {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
            TraceCollector collector = new TraceCollector(server);
            server.createContext("/v1/traces", collector::take);
            server.setExecutor(collector.threads);
            server.start();
            return collector;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            int answer = status;
            if (answer == OK) {
                keep(ExportTraceServiceRequest.parseFrom(body));
                authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            }
            exchange.getResponseHeaders().add("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(answer, -1);
        }
    }

    private void keep(ExportTraceServiceRequest request) {
        request.getResourceSpansList().forEach(resource -> {
            String service = ReceivedSpan.attributes(resource.getResource().getAttributesList())
                    .getOrDefault("service.name", "");
            resource.getScopeSpansList()
                    .forEach(scope -> scope.getSpansList().forEach(span -> spans.add(ReceivedSpan.of(service, span))));
        });
    }

    /** From now on it answers so; what comes with another status than 200 is not kept. */
    public void answer(int next) {
        status = next;
    }

    /** Where gateways and workers are to send their spans. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** All so far. */
    public List<ReceivedSpan> spans() {
        return List.copyOf(spans);
    }

    /** The header {@code Authorization} of each request so far. */
    public List<String> authorizations() {
        return List.copyOf(authorizations);
    }

    /** Those of a trace so far. */
    public List<ReceivedSpan> spansOf(String traceId) {
        return spans.stream().filter(span -> span.traceId().equals(traceId)).toList();
    }

    /** Waits for a span. */
    public ReceivedSpan awaitSpan(String what, Predicate<ReceivedSpan> wanted) {
        await(what).atMost(PATIENCE).until(() -> spans.stream().anyMatch(wanted));
        return spans.stream().filter(wanted).findFirst().orElseThrow();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
