package io.docmill.worker;

import io.docmill.platform.config.InvalidSettingsException;
import io.docmill.platform.config.Settings;
import io.docmill.platform.management.ManagementServer;
import io.docmill.platform.management.ProcessMetrics;
import io.docmill.platform.management.Readiness;
import io.docmill.platform.process.EndOfProcess;
import io.docmill.worker.engine.EngineUnavailableException;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The worker as a process of its own. Ends with status 1 if it can't start, and drains on SIGTERM; a second one ends it at once. */
public final class WorkerMain {
    private static final Logger log = LoggerFactory.getLogger(WorkerMain.class);

    private WorkerMain() {}

    /** Reads the settings from the environment; there are no arguments. */
    public static void main(String[] arguments) {
        try {
            WorkerSettings settings = Settings.fromEnvironment(WorkerSettings.class, System.getenv());
            run(settings);
        } catch (InvalidSettingsException | EngineUnavailableException e) {
            log.error("The worker can't start. {}", e.getMessage());
            System.exit(1);
        } catch (RuntimeException e) {
            // Threads that are up already would keep a process alive that converts nothing.
            log.error("The worker can't start. {}", e.getMessage(), e);
            System.exit(1);
        }
    }

    private static void run(WorkerSettings settings) {
        PrometheusMeterRegistry metrics = ProcessMetrics.registry();
        AtomicReference<Readiness> readiness = new AtomicReference<>(WorkerMain::notStarted);
        // First: a worker without it would take jobs while nobody can tell how it is.
        ManagementServer management = new ManagementServer(
                settings.management(), () -> readiness.get().report(), metrics);
        WorkerApplication worker = WorkerApplication.start(settings, metrics);
        readiness.set(worker);
        EndOfProcess.onSignal(() -> {
            worker.close();
            management.close();
        });
        worker.awaitReady();
    }

    private static Readiness.Report notStarted() {
        return new Readiness.Report(false, Map.of("worker", "starting"));
    }
}
