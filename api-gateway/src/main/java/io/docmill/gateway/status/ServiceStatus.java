package io.docmill.gateway.status;

import io.docmill.platform.management.Readiness;
import io.docmill.platform.queue.QueueBacklog;
import io.docmill.platform.queue.QueueProbe;
import java.util.Optional;
import java.util.function.IntSupplier;

/** How the service stands, as this gateway sees it. Makes no call: all of it was found out before. Thread-safe. */
public final class ServiceStatus {
    private final Readiness readiness;
    private final IntSupplier waiting;
    private final QueueProbe queue;

    /**
     * @param readiness of this gateway
     * @param waiting how many conversions callers of this gateway wait for
     * @param queue which measures the backlog
     */
    public ServiceStatus(Readiness readiness, IntSupplier waiting, QueueProbe queue) {
        this.readiness = readiness;
        this.waiting = waiting;
        this.queue = queue;
    }

    /** The version of Docmill, as its jar was built. */
    public String version() {
        String version = ServiceStatus.class.getPackage().getImplementationVersion();
        return version == null ? "not packaged" : version;
    }

    /** What {@code /health/ready} says of this gateway. */
    public Readiness.Report readiness() {
        return readiness.report();
    }

    /** How many conversions callers of this gateway wait for. */
    public int waiting() {
        return waiting.getAsInt();
    }

    /** The jobs that are not done, some seconds ago; empty while Kafka does not tell. */
    public Optional<QueueBacklog> backlog() {
        return queue.backlog();
    }
}
