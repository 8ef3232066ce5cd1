package io.docmill.platform.config;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.Optional;

/** Where traces go. */
public interface TracingSettings {
    /**
     * An OpenTelemetry collector that takes OTLP over HTTP, such as {@code http://collector:4318}; spans are sent to {@code
     * /v1/traces} below it. Without it there are no traces.
     */
    Optional<URI> endpoint();

    /** Headers of each request to it, such as {@code Authorization=Bearer …}; several are separated by commas. */
    Optional<Secret> headers();

    /**
     * The share of requests that are traced, from 0 to 1, of those whose caller sends no {@code traceparent}. A caller who sends
     * one has decided.
     */
    @WithDefault("1")
    double sample();
}
