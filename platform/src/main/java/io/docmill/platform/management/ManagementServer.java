package io.docmill.platform.management;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.docmill.model.json.Json;
import io.docmill.platform.config.ManagementSettings;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The port for operators: {@code GET /health/live}, {@code /health/ready} and {@code /metrics}. On threads of its own, so
 * that it answers also when the rest is at its limit.
 */
public final class ManagementServer implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /**
     * Starts to listen.
     *
     * @throws UncheckedIOException if the port is taken
     */
    public ManagementServer(ManagementSettings settings, Readiness readiness, PrometheusMeterRegistry metrics) {
        try {
            server = HttpServer.create(new InetSocketAddress(settings.host(), settings.port()), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The management port %s:%d can't be opened".formatted(settings.host(), settings.port()), e);
        }
        server.setExecutor(threads);
        server.createContext("/health/live", exchange -> answer(exchange, 200, "application/json", "{\"live\":true}"));
        server.createContext("/health/ready", exchange -> {
            Readiness.Report report = readiness.report();
            answer(exchange, report.ready() ? 200 : 503, "application/json", Json.text(report));
        });
        server.createContext(
                "/metrics",
                exchange -> answer(exchange, 200, "text/plain; version=0.0.4; charset=utf-8", metrics.scrape()));
        server.start();
    }

    /** The port it listens on. */
    public int port() {
        return server.getAddress().getPort();
    }

    private static void answer(HttpExchange exchange, int status, String contentType, String body) throws IOException {
        try (exchange) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", contentType);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
    }
}
