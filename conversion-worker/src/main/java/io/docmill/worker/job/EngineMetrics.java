package io.docmill.worker.job;

import io.docmill.worker.engine.ConversionEngine;
import io.docmill.worker.engine.EngineObserver;
import io.docmill.worker.engine.EngineStatus;
import io.docmill.worker.engine.EngineStatus.EngineKind;
import io.docmill.worker.engine.ProcessEnd;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** What is counted of an engine's processes. The labels are closed sets. Thread-safe. */
public final class EngineMetrics implements EngineObserver {
    private final MeterRegistry registry;
    private final Map<ProcessEnd, Counter> ends = new EnumMap<>(ProcessEnd.class);
    private final Timer starts;
    private final Counter failedStarts;
    private final DistributionSummary documents;

    public EngineMetrics(MeterRegistry registry) {
        this.registry = registry;
        // All at once: a rate of a counter that appears with its first event misses that one.
        for (ProcessEnd end : ProcessEnd.values()) {
            ends.put(
                    end,
                    Counter.builder("docmill.engine.processes.ended")
                            .description("LibreOffice processes that were ended or lost, by cause")
                            .tag("cause", end.label())
                            .register(registry));
        }
        starts = Timer.builder("docmill.engine.process.start")
                .description("Time until a LibreOffice takes documents")
                .serviceLevelObjectives(
                        Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(20))
                .register(registry);
        failedStarts = Counter.builder("docmill.engine.process.start.failures")
                .description("LibreOffice processes that did not come up")
                .register(registry);
        documents = DistributionSummary.builder("docmill.engine.process.documents")
                .description("Documents that a LibreOffice had until it was ended or lost")
                .serviceLevelObjectives(1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000)
                .register(registry);
    }

    /** Shows an engine's slots and processes for as long as it lives. */
    public void watch(ConversionEngine engine) {
        for (EngineKind kind : EngineKind.values()) {
            Gauge.builder("docmill.engine.kind", engine, e -> e.status().kind() == kind ? 1 : 0)
                    .description("1 for where LibreOffices come from, 0 for where they do not")
                    .tag("kind", kind.label())
                    .register(registry);
        }
        gauge(
                engine,
                "docmill.engine.passed.over",
                "1 where documents share LibreOffices although a fork server was wanted",
                status -> status.passedOver().isEmpty() ? 0 : 1);
        gauge(engine, "docmill.worker.slots", "Conversions that can run at a time", EngineStatus::slots);
        gauge(engine, "docmill.worker.slots.busy", "Conversions that run now", EngineStatus::busy);
        gauge(engine, "docmill.worker.slots.ready", "Conversions that could begin at once", EngineStatus::ready);
        gauge(engine, "docmill.engine.processes.starting", "LibreOffices being started", EngineStatus::starting);
        gauge(engine, "docmill.engine.spares.ready", "LibreOffices ready beyond the slots", EngineStatus::spares);
        for (int process = 1; process <= engine.processes(); process++) {
            int number = process;
            Gauge.builder("docmill.engine.resident.memory", engine, e -> e.residentBytes(number))
                    .description("Memory that a LibreOffice and what belongs to it hold; 0 while that one is not up")
                    .baseUnit("bytes")
                    .tag("process", Integer.toString(process))
                    .register(registry);
        }
    }

    private void gauge(ConversionEngine engine, String name, String description, ToDoubleFunction<EngineStatus> value) {
        Gauge.builder(name, engine, e -> value.applyAsDouble(e.status()))
                .description(description)
                .register(registry);
    }

    @Override
    public void processStarted(Duration time) {
        starts.record(time);
    }

    @Override
    public void startFailed() {
        failedStarts.increment();
    }

    @Override
    public void processEnded(ProcessEnd end, int number) {
        Objects.requireNonNull(ends.get(end)).increment();
        documents.record(number);
    }

    /** The processes that ended so far, by cause, as a line for the log. */
    public String endsSoFar() {
        return Totals.of(registry, "docmill.engine.processes.ended", "cause");
    }
}
