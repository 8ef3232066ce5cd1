package io.docmill.benchmarks;

import io.docmill.worker.engine.ConversionEngine;
import io.docmill.worker.engine.ConversionLimits;
import io.docmill.worker.engine.ConversionRun;
import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.engine.EngineStatus;
import io.docmill.worker.engine.EngineStatus.EngineKind;
import io.docmill.worker.engine.EngineUsage;
import io.docmill.worker.engine.Tenant;
import io.docmill.worker.plan.ConversionPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.OptionalInt;

/** An engine that gives each document back at once as it came: what is left is all that stands around LibreOffice. */
final class InstantEngine implements ConversionEngine {
    private final int slots;

    InstantEngine(int slots) {
        this.slots = slots;
    }

    @Override
    public ConversionRun start(ConversionPlan plan, ConversionLimits limits, Tenant tenant) {
        try {
            Files.copy(plan.input(), plan.output());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        EngineOutcome outcome = new EngineOutcome.Converted(plan.output(), OptionalInt.of(1), EngineUsage.NONE);
        return new ConversionRun() {
            @Override
            public EngineOutcome await() {
                return outcome;
            }

            @Override
            public void kill() {
                // It has ended.
            }
        };
    }

    @Override
    public String description() {
        return "nothing 1";
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public int slots() {
        return slots;
    }

    @Override
    public void awaitReady() {
        // It always is.
    }

    @Override
    public int processes() {
        return 0;
    }

    @Override
    public long residentBytes(int process) {
        return 0;
    }

    @Override
    public EngineStatus status() {
        return new EngineStatus(slots, 0, slots, 0, 1, EngineKind.OTHER, "", "none");
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
