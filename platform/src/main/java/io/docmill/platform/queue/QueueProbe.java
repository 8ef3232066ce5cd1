package io.docmill.platform.queue;

import io.docmill.platform.config.KafkaSettings;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Asks Kafka whether it is there. For one thread, but for {@link #close()}. */
public final class QueueProbe implements AutoCloseable {
    private static final long ANSWER_LIMIT_SECONDS = 5;

    private final KafkaSettings settings;
    private volatile @Nullable Admin admin;

    public QueueProbe(KafkaSettings settings) {
        this.settings = settings;
    }

    /**
     * Waits for any answer, for a few seconds.
     *
     * @return the cluster's id
     * @throws QueueUnavailableException if none came
     */
    public String ask() throws InterruptedException {
        try {
            Admin asked = admin;
            if (asked == null) {
                asked = Admin.create(KafkaClients.admin(settings));
                admin = asked;
            }
            return asked.describeCluster().clusterId().get(ANSWER_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw unavailable(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException | KafkaException e) {
            throw unavailable(e);
        }
    }

    private QueueUnavailableException unavailable(Throwable cause) {
        return new QueueUnavailableException(
                "Kafka at %s does not answer: %s".formatted(settings.bootstrapServers(), cause.getMessage()), cause);
    }

    @Override
    public void close() {
        Admin asked = admin;
        if (asked != null) {
            asked.close(Duration.ZERO);
        }
    }
}
