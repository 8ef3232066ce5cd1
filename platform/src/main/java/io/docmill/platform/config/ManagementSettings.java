package io.docmill.platform.config;

import io.smallrye.config.WithDefault;

/** The port for operators: {@code /health/live}, {@code /health/ready} and {@code /metrics}. Not for callers. */
public interface ManagementSettings {
    @WithDefault("0.0.0.0")
    String host();

    /** 0 takes any free port. */
    @WithDefault("9090")
    int port();
}
