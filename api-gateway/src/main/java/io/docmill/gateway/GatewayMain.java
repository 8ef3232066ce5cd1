package io.docmill.gateway;

import io.docmill.platform.config.InvalidSettingsException;
import io.docmill.platform.config.Settings;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

/** Starts a gateway as a process of its own, configured by the environment. */
public final class GatewayMain {
    private GatewayMain() {}

    /** Runs until the process is told to end. */
    public static void main(String[] arguments) throws InterruptedException {
        GatewaySettings settings;
        try {
            settings = Settings.fromEnvironment(GatewaySettings.class, System.getenv());
        } catch (InvalidSettingsException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        GatewayApplication gateway =
                new GatewayApplication(settings, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
        Runtime.getRuntime().addShutdownHook(new Thread(gateway::close, "shutdown"));
        gateway.start();
        Thread.currentThread().join();
    }
}
