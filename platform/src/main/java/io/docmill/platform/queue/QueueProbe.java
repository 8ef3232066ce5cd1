package io.docmill.platform.queue;

import io.docmill.platform.config.KafkaSettings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks Kafka whether it is there, and how many jobs it has. For one thread, but for {@link #backlog()} and {@link #close()}. */
public final class QueueProbe implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(QueueProbe.class);
    private static final long ANSWER_LIMIT_SECONDS = 5;

    private final KafkaSettings settings;
    private final boolean measures;
    private final Consumer<QueueBacklog> figures;
    private volatile @Nullable Admin admin;
    private volatile @Nullable QueueBacklog backlog;

    /** Whether a defect of measuring was logged. */
    private boolean defectTold;

    private QueueProbe(KafkaSettings settings, boolean measures, Consumer<QueueBacklog> figures) {
        this.settings = settings;
        this.measures = measures;
        this.figures = figures;
    }

    /** One that only asks whether Kafka is there. */
    public static QueueProbe ofPresence(KafkaSettings settings) {
        return new QueueProbe(settings, false, _ -> {});
    }

    /**
     * One that asks for the backlog too.
     *
     * @param figures is given each, on the thread that asks; what it throws is logged once
     */
    public static QueueProbe ofBacklog(KafkaSettings settings, Consumer<QueueBacklog> figures) {
        return new QueueProbe(settings, true, figures);
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
            String cluster = asked.describeCluster().clusterId().get(ANSWER_LIMIT_SECONDS, TimeUnit.SECONDS);
            if (measures) {
                measure(asked);
            }
            return cluster;
        } catch (ExecutionException e) {
            backlog = null;
            throw unavailable(e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException | KafkaException e) {
            backlog = null;
            throw unavailable(e);
        }
    }

    /** Asks for the backlog alone, where it is measured and the last answer is there. */
    public void measureAgain() throws InterruptedException {
        Admin asked = admin;
        if (asked != null && backlog != null) {
            measure(asked);
        }
    }

    /** A Kafka that does not tell this is there all the same. */
    private void measure(Admin asked) throws InterruptedException {
        try {
            QueueBacklog measured = BacklogQuestion.ask(asked, ANSWER_LIMIT_SECONDS);
            backlog = measured;
            figures.accept(measured);
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            log.debug("Kafka does not tell how many jobs wait: {}", e.toString());
            backlog = null;
        } catch (RuntimeException e) {
            // No reason to ask no more, for anything.
            if (!defectTold) {
                defectTold = true;
                log.error("The backlog of jobs could not be measured or taken, which is a defect; asking on", e);
            }
        }
    }

    /** The topics whose backlog is measured. */
    public static List<String> measuredTopics() {
        return BacklogQuestion.TOPICS;
    }

    /** The backlog at the last question; empty where it is not measured, and while Kafka does not tell. */
    public Optional<QueueBacklog> backlog() {
        return Optional.ofNullable(backlog);
    }

    private QueueUnavailableException unavailable(Throwable cause) {
        return new QueueUnavailableException(
                "Kafka at %s does not answer: %s"
                        .formatted(
                                settings.bootstrapServers(),
                                Objects.requireNonNullElse(cause.getMessage(), "no answer in time")),
                cause);
    }

    @Override
    public void close() {
        Admin asked = admin;
        if (asked != null) {
            asked.close(Duration.ZERO);
        }
    }
}
