package io.docmill.gateway;

import io.docmill.gateway.conversion.InFlightConversions;
import io.docmill.gateway.deadletter.DeadLetterHandler;
import io.docmill.gateway.deadletter.DeadLetterMetrics;
import io.docmill.gateway.kafka.KafkaDeadLetterReader;
import io.docmill.gateway.kafka.KafkaPublisher;
import io.docmill.model.job.ControlNotice;
import io.docmill.model.job.MessageCodec;
import io.docmill.model.job.Topics;
import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.queue.QueueSetup;
import io.docmill.platform.queue.TopicReader;
import io.vertx.core.Vertx;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway's ends of the queue: jobs and notices out; replies, notices and dead letters in. */
final class QueueEnds implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(QueueEnds.class);
    private static final String KAFKA = "Kafka";
    private static final long CLOSE_LIMIT_SECONDS = 30;

    private final KafkaSettings settings;
    private final KafkaPublisher publisher;
    private volatile @Nullable TopicReader replies;
    private volatile @Nullable TopicReader notices;
    private volatile @Nullable KafkaDeadLetterReader deadLetters;

    private QueueEnds(Vertx vertx, KafkaSettings settings) {
        this.settings = settings;
        publisher = new KafkaPublisher(vertx, settings);
    }

    /**
     * Makes sure of the topics, and reads from now on every reply and every notice; waits until that works.
     *
     * @throws InterruptedException if the wait was ended
     */
    static QueueEnds open(
            Vertx vertx, KafkaSettings settings, InFlightConversions inFlight, Consumer<ControlNotice> notices)
            throws InterruptedException {
        Patience.untilItWorks(KAFKA, () -> QueueSetup.ensure(settings));
        QueueEnds ends = new QueueEnds(vertx, settings);
        Patience.untilItWorks(
                KAFKA,
                () -> ends.replies =
                        ends.reader(Topics.REPLIES, reply -> inFlight.complete(MessageCodec.decodeReply(reply))));
        Patience.untilItWorks(
                KAFKA,
                () -> ends.notices =
                        ends.reader(Topics.CONTROL, notice -> notices.accept(MessageCodec.decodeControl(notice))));
        return ends;
    }

    private TopicReader reader(String topic, Consumer<byte[]> messages) {
        return new TopicReader(settings, topic, messages);
    }

    /**
     * Begins to take a part of the dead letters; waits until that works.
     *
     * @throws InterruptedException if the wait was ended
     */
    void readDeadLetters(DeadLetterHandler handler, DeadLetterMetrics metrics) throws InterruptedException {
        Patience.untilItWorks(KAFKA, () -> deadLetters = new KafkaDeadLetterReader(settings, handler, metrics));
    }

    KafkaPublisher publisher() {
        return publisher;
    }

    /** Whether every reply from now on is seen. */
    boolean readsReplies() {
        TopicReader reader = replies;
        return reader != null && reader.isPositioned();
    }

    /** Sends what is on its way for a while, and reads no more. */
    @Override
    public void close() {
        if (deadLetters != null) {
            deadLetters.close();
        }
        try {
            publisher.close().toCompletionStage().toCompletableFuture().get(CLOSE_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.warn("The producer of jobs did not close: {}", e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (notices != null) {
            notices.close();
        }
        if (replies != null) {
            replies.close();
        }
    }
}
