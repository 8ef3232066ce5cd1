package io.docmill.benchmarks;

import io.docmill.platform.config.Settings;
import io.docmill.platform.management.ManagementServer;
import io.docmill.platform.management.ProcessMetrics;
import io.docmill.platform.process.EndOfProcess;
import io.docmill.worker.WorkerApplication;
import io.docmill.worker.WorkerSettings;

/** A worker as {@code WorkerMain} runs it, but with an {@link InstantEngine}. */
public final class InstantWorkerMain {
    private InstantWorkerMain() {}

    /** Reads the settings from the environment; there are no arguments. */
    public static void main(String[] arguments) {
        WorkerSettings settings = Settings.fromEnvironment(WorkerSettings.class, System.getenv());
        var metrics = ProcessMetrics.registry();
        WorkerApplication worker = WorkerApplication.start(
                settings, metrics, _ -> new InstantEngine(settings.worker().slots()));
        ManagementServer management = new ManagementServer(settings.management(), worker, metrics);
        EndOfProcess.onSignal(() -> {
            worker.close();
            management.close();
        });
        worker.awaitReady();
    }
}
