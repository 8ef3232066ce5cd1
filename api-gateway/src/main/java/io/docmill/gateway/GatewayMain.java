package io.docmill.gateway;

import io.docmill.platform.config.InvalidSettingsException;
import io.docmill.platform.config.Settings;
import io.docmill.platform.management.ManagementServer;
import io.docmill.platform.management.ProcessMetrics;
import io.docmill.platform.process.EndOfProcess;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway as a process of its own. Ends with status 1 if it can't start, and drains on SIGTERM; a second one ends it at once. */
public final class GatewayMain {
    private static final Logger log = LoggerFactory.getLogger(GatewayMain.class);

    private GatewayMain() {}

    /** Reads the settings from the environment; there are no arguments. */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            run(Settings.fromEnvironment(GatewaySettings.class, System.getenv()));
        } catch (InvalidSettingsException e) {
            log.error("The gateway can't start. {}", e.getMessage());
            System.exit(1);
        } catch (RuntimeException e) {
            log.error("The gateway can't start", e);
            System.exit(1);
        }
    }

    private static void run(GatewaySettings settings) throws InterruptedException {
        PrometheusMeterRegistry metrics = ProcessMetrics.registry();
        GatewayApplication gateway = new GatewayApplication(settings, metrics);
        ManagementServer management = new ManagementServer(settings.management(), gateway, metrics);
        EndOfProcess.onSignal(() -> {
            gateway.close();
            management.close();
        });
        gateway.start();
    }
}
