package io.docmill.platform.management;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ReadinessTest {
    private final MeterRegistry metrics = new SimpleMeterRegistry();

    private double shown(String component) {
        return metrics.get("docmill.ready").tag("component", component).gauge().value();
    }

    @Test
    void metricsShowWhatHealthSays() {
        // Given
        AtomicBoolean ready = new AtomicBoolean();
        Readiness gateway = () -> new Readiness.Report(ready.get(), Map.of());
        Readiness worker = () -> new Readiness.Report(false, Map.of());
        gateway.watch(metrics, "gateway");
        worker.watch(metrics, "worker");
        assertThat(shown("gateway")).isZero();
        // When
        ready.set(true);
        // Then
        assertThat(shown("gateway")).isOne();
        assertThat(shown("worker")).isZero();
    }
}
