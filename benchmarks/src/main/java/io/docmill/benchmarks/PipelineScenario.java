package io.docmill.benchmarks;

import io.docmill.benchmarks.MeasuredSystem.Caller;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Each job a new one, through gateway, queue, worker and store, with an engine that takes no time. */
final class PipelineScenario implements Scenario {
    private static final int SLOTS = 32;
    private static final int CALLERS = 64;
    private static final Duration WINDOW = Duration.ofSeconds(6);

    /** By jobs and not by time: what takes long at first is the JVM's own work. */
    private static final int WARM_UP_JOBS = 15_000;

    /** More than are converted in a window on any machine that this runs on. */
    private static final int FILES_A_SECOND = 700;

    @Override
    public String name() {
        return "pipeline";
    }

    @Override
    public void run(Path directory, int repetitions, Report report) {
        long seconds = repetitions * WINDOW.toSeconds();
        try (MeasuredSystem system = MeasuredSystem.startWithoutLibreOffice(directory, SLOTS)) {
            Caller caller = system.newCaller();
            List<String> files = system.seeds(caller).files(WARM_UP_JOBS + Math.toIntExact(seconds * FILES_A_SECOND));
            try (Load load = new Load(
                    CALLERS, number -> Load.convert(system.gatewayPort(), caller.key(), files.get((int) number)))) {
                load.times(CALLERS, WARM_UP_JOBS);
                for (int i = 0; i < repetitions; i++) {
                    measure(system, load, report);
                }
            }
        }
    }

    private void measure(MeasuredSystem system, Load load, Report report) {
        ProcessHandle gateway = system.gateway().handle();
        ProcessHandle worker = system.worker().handle();
        double gatewayBefore = Machine.processorMillis(gateway);
        double workerBefore = Machine.processorMillis(worker);
        long begin = System.nanoTime();
        Load.Outcome outcome = load.saturate(CALLERS, WINDOW);
        double seconds = (System.nanoTime() - begin) / 1e9;
        if (outcome.failed() > 0) {
            throw new IllegalStateException(outcome.failed() + " jobs failed");
        }
        report.add(name(), "jobs", "jobs/s", outcome.answered() / seconds, "≥ 300");
        report.add(name(), "call to answer: p50", "ms", outcome.millisAt(50));
        report.add(name(), "call to answer: p99", "ms", outcome.millisAt(99));
        report.add(
                name(),
                "processor time of the gateway",
                "ms/job",
                (Machine.processorMillis(gateway) - gatewayBefore) / outcome.answered());
        report.add(
                name(),
                "processor time of the worker",
                "ms/job",
                (Machine.processorMillis(worker) - workerBefore) / outcome.answered());
    }
}
