package io.docmill.platform.neighbour;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;

/** The services that a process needs, as they were last seen. */
public record Neighbours(Neighbour storage, Neighbour kafka, Neighbour redis) {
    /** What a worker needs; none of them was asked yet. */
    public static Neighbours ofWorker() {
        return new Neighbours(
                new Neighbour("Object storage", "Slots keep their jobs and wait for it."),
                new Neighbour("Kafka", "No jobs come, and slots keep the ones they have."),
                new Neighbour("Redis", "Jobs go on without it; gateways ask object storage instead."));
    }

    /** What a gateway needs; none of them was asked yet. */
    public static Neighbours ofGateway() {
        return new Neighbours(
                new Neighbour("Object storage", "What Redis does not hold is answered 503 until it is back."),
                new Neighbour("Kafka", "Nothing new is converted; what was converted is answered."),
                new Neighbour(
                        "Redis", "Every answer is right but slower, and equal calls join on this gateway alone."));
    }

    /** A line for each, for the details of readiness. */
    public Map<String, String> states() {
        return Map.of("storage", storage.state(), "kafka", kafka.state(), "redis", redis.state());
    }

    /**
     * Shows in metrics which of them answers.
     *
     * @param component who asks, {@code gateway} or {@code worker}: on one machine both report to one registry
     */
    public void watch(MeterRegistry metrics, String component) {
        Map.of("storage", storage, "kafka", kafka, "redis", redis)
                .forEach((name, neighbour) -> Gauge.builder(
                                "docmill.neighbour.up", neighbour, seen -> seen.isAway() ? 0 : 1)
                        .description("Whether a service that this process needs answered when it was last asked")
                        .tag("component", component)
                        .tag("neighbour", name)
                        .register(metrics));
    }
}
