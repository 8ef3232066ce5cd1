package io.docmill.platform.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import io.docmill.platform.config.Settings;
import io.docmill.testing.services.TestPort;
import io.docmill.testing.traces.TraceCollector;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A collector that is away costs its spans and a warning. */
class CollectorAwayTest {
    /** More than the queue of spans has room for. */
    private static final int MANY = 10_000;

    private final Logger logger = (Logger) LoggerFactory.getLogger(WatchedExporter.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    private final Logger libraryLogger = (Logger) LoggerFactory.getLogger(LibraryLog.class);
    private final ListAppender<ILoggingEvent> libraryLog = new ListAppender<>();

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
        libraryLog.start();
        libraryLogger.addAppender(libraryLog);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        libraryLogger.detachAppender(libraryLog);
    }

    private List<String> lines() {
        return log.list.stream()
                .map(event -> event.getLevel() + " " + event.getFormattedMessage())
                .toList();
    }

    private static Tracing tracing(URI endpoint) {
        return Tracing.start(
                "a-service",
                Settings.fromProperties(
                                TracingTest.ProcessSettings.class,
                                Map.of("docmill.tracing.endpoint", endpoint.toString()))
                        .tracing());
    }

    @Test
    void requestsGoOnAndOneWarningIsTold() {
        // Given
        int port = TestPort.choose();
        // When
        try (Tracing tracing = tracing(URI.create("http://127.0.0.1:" + port))) {
            for (int i = 0; i < MANY; i++) {
                TraceSpan request = tracing.request(_ -> null);
                request.step("step", step -> step.headers());
                request.end();
            }
        }
        // Then
        assertThat(lines())
                .singleElement()
                .asString()
                .startsWith("WARN ")
                .contains("127.0.0.1:" + port, "ConnectException", "DOCMILL_TRACING_ENDPOINT");
        assertThat(libraryLog.list).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void theEndOfTheProcessDoesNotWaitForOneThatDoesNotAnswer() throws IOException {
        // Given
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            server.setExecutor(threads);
            server.createContext("/", _ -> {
                asked.countDown();
                try {
                    answer.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            server.start();
            // When
            try (Tracing tracing =
                    tracing(URI.create("http://127.0.0.1:" + server.getAddress().getPort()))) {
                tracing.request(_ -> null).end();
            }
            // Then
            assertThat(asked.getCount()).isZero();
            assertThat(answer.getCount()).isOne();
            answer.countDown();
            server.stop(0);
        }
    }

    @Test
    void spansThatAreRefusedAreSentAgainAndNotLost() {
        // Given
        try (TraceCollector collector = TraceCollector.start()) {
            collector.answer(503);
            try (Tracing tracing = tracing(collector.endpoint())) {
                tracing.request(_ -> null).end();
                collector.answer(200);
            }
            // Then
            assertThat(collector.spans()).hasSize(1);
        }
        assertThat(lines()).isEmpty();
    }

    @Test
    void aRefusalIsToldWithItsStatus() {
        // Given
        try (TraceCollector collector = TraceCollector.start()) {
            collector.answer(401);
            // When
            try (Tracing tracing = tracing(collector.endpoint())) {
                tracing.request(_ -> null).end();
            }
        }
        // Then
        assertThat(lines()).singleElement().asString().contains("it answers 401", "1 are lost");
    }

    @Test
    void whatTheLibraryWarnsOfComesIntoTheLogOnceAMinute() {
        // Given
        AtomicLong nanoTime = new AtomicLong();
        var library = LibraryLog.take("io.docmill.test.library", nanoTime::get);
        // When
        LibraryLog.take("io.docmill.test.library", nanoTime::get);
        library.log(Level.INFO, "Nothing of interest");
        library.log(Level.WARNING, "dropped {0} span(s)", 7);
        library.log(Level.WARNING, "dropped {0} span(s)", 8);
        nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());
        library.log(Level.SEVERE, "dropped {0} span(s)", 9);
        // Then
        assertThat(library.getUseParentHandlers()).isFalse();
        assertThat(libraryLog.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("dropped 7 span(s)"),
                        line -> assertThat(line).startsWith("dropped 9 span(s)"));
    }

    @Test
    void warnsOnceAMinuteAndTellsOnceThatItIsOver() {
        // Given
        AtomicLong nanoTime = new AtomicLong();
        ScriptedExporter scripted = new ScriptedExporter();
        try (WatchedExporter exporter = new WatchedExporter(scripted, "collector:4318", nanoTime::get)) {
            // When
            scripted.result = CompletableResultCode.ofExceptionalFailure(new IOException("refused"));
            for (int i = 0; i < 3; i++) {
                exporter.export(List.of());
            }
            nanoTime.addAndGet(Duration.ofMinutes(1).toNanos());
            exporter.export(List.of());
            scripted.result = CompletableResultCode.ofSuccess();
            exporter.export(List.of());
            exporter.export(List.of());
            scripted.result = CompletableResultCode.ofFailure();
            exporter.export(List.of());
            scripted.result = CompletableResultCode.ofSuccess();
            exporter.export(List.of());
        }
        // Then
        assertThat(lines())
                .hasSize(3)
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("WARN").contains("collector:4318", "refused"),
                        line -> assertThat(line).startsWith("WARN"),
                        line -> assertThat(line).startsWith("INFO").contains("again"));
    }

    /** Ends as it is told. */
    private static final class ScriptedExporter implements SpanExporter {
        private CompletableResultCode result = CompletableResultCode.ofSuccess();

        @Override
        public CompletableResultCode export(Collection<SpanData> spans) {
            return result;
        }

        @Override
        public CompletableResultCode flush() {
            return CompletableResultCode.ofSuccess();
        }

        @Override
        public CompletableResultCode shutdown() {
            return CompletableResultCode.ofSuccess();
        }
    }
}
