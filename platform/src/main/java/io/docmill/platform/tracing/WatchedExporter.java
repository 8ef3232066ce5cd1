package io.docmill.platform.tracing;

import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells, once a minute at most, of spans that could not be sent, and once when that is over. Thread-safe. */
final class WatchedExporter implements SpanExporter {
    private static final Logger log = LoggerFactory.getLogger(WatchedExporter.class);

    private final SpanExporter exporter;
    private final String collector;
    private final WarningPause pause;
    private long dropped;
    private boolean toldToBeAway;

    /**
     * @param collector where spans go, for the log
     * @param nanoTime as {@link System#nanoTime()}
     */
    WatchedExporter(SpanExporter exporter, String collector, LongSupplier nanoTime) {
        this.exporter = exporter;
        this.collector = collector;
        pause = new WarningPause(nanoTime);
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        // The collection is used again once this has ended.
        int count = spans.size();
        CompletableResultCode result = exporter.export(spans);
        return result.whenComplete(() -> {
            if (result.isSuccess()) {
                succeeded();
            } else {
                failed(count, result.getFailureThrowable());
            }
        });
    }

    private synchronized void failed(int count, @Nullable Throwable cause) {
        dropped += count;
        if (!pause.isOver()) {
            return;
        }
        toldToBeAway = true;
        log.warn(
                "The collector of traces at {} takes no spans ({}); {} are lost so far. Nothing else is concerned."
                        + " Look at the collector, or at DOCMILL_TRACING_ENDPOINT.",
                collector,
                reason(cause),
                dropped);
    }

    private static String reason(@Nullable Throwable cause) {
        if (cause instanceof HttpExportException failed && failed.getResponse() != null) {
            return "it answers " + failed.getResponse().getStatusCode();
        }
        if (cause == null) {
            return "no reason is known";
        }
        return (cause.getCause() == null ? cause : cause.getCause()).toString();
    }

    private synchronized void succeeded() {
        if (toldToBeAway) {
            toldToBeAway = false;
            log.info("The collector of traces takes spans again; {} were lost", dropped);
        }
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
