package io.docmill.worker;

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
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

/** An engine that does as a test tells it, and remembers what it was asked for. */
public final class ScriptedEngine implements ConversionEngine {
    /** What stands in for a converted document. */
    public static final String CONTENT = "converted";

    private final List<ConversionPlan> plans = new CopyOnWriteArrayList<>();
    private final int slots;
    private final Script script;

    /** What a run does: completes its outcome, now or later, unless the run is killed first. */
    @FunctionalInterface
    public interface Script {
        void run(ConversionPlan plan, CompletableFuture<EngineOutcome> outcome);
    }

    public ScriptedEngine(int slots, Script script) {
        this.slots = slots;
        this.script = script;
    }

    /** Writes the output and is done. */
    public static void convert(ConversionPlan plan, CompletableFuture<EngineOutcome> outcome) {
        try {
            Files.writeString(plan.output(), CONTENT);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        outcome.complete(new EngineOutcome.Converted(plan.output(), OptionalInt.of(1), EngineUsage.NONE));
    }

    /** The plans of all runs that were begun. */
    public List<ConversionPlan> plans() {
        return plans;
    }

    @Override
    public ConversionRun start(ConversionPlan plan, ConversionLimits limits, Tenant tenant) {
        plans.add(plan);
        CompletableFuture<EngineOutcome> outcome = new CompletableFuture<>();
        script.run(plan, outcome);
        return new ConversionRun() {
            @Override
            public EngineOutcome await() throws InterruptedException {
                try {
                    return outcome.get();
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e);
                }
            }

            @Override
            public void kill() {
                outcome.complete(new EngineOutcome.Killed(EngineUsage.NONE));
            }
        };
    }

    @Override
    public String description() {
        return "Script 1";
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
    public void awaitReady() {}

    @Override
    public int processes() {
        return slots;
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
    public void close() {}
}
