package io.docmill.worker.job;

/** The services that a worker needs, as they were last seen. */
public record Neighbours(Neighbour storage, Neighbour kafka, Neighbour redis) {
    /** None of them was asked yet. */
    public static Neighbours unseen() {
        return new Neighbours(
                new Neighbour("Object storage", "Slots keep their jobs and wait for it."),
                new Neighbour("Kafka", "No jobs come, and slots keep the ones they have."),
                new Neighbour("Redis", "Jobs go on without it; gateways ask object storage instead."));
    }
}
