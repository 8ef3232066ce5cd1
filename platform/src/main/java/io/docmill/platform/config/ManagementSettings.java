package io.docmill.platform.config;

import io.smallrye.config.WithDefault;

/** The port for operators: {@code /health/live}, {@code /health/ready} and {@code /metrics}. Not for callers. */
public interface ManagementSettings {
    /** The address of the port for operators. */
    @WithDefault("0.0.0.0")
    String host();

    /**
     * The port for operators: {@code /health/live}, {@code /health/ready} and {@code /metrics}, without a key, so not for
     * callers. 0 takes any free one.
     */
    @WithDefault("9090")
    int port();
}
