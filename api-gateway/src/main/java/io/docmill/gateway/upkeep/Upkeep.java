package io.docmill.gateway.upkeep;

import io.docmill.gateway.source.SourceDeletion;
import io.docmill.gateway.source.SourceExpiry;
import io.docmill.model.record.DueWork;
import io.docmill.model.record.UnreadableRecordException;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.StorageUnavailableException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what storage says is due, about once a minute, on a thread of its own. Every gateway does so, without asking the others: all
 * of it may be done twice. A marker goes when its work is done, so nothing is lost with the gateway that does it.
 */
public final class Upkeep implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Upkeep.class);
    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(45);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(75);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(5);

    /** What is looked at before the list is read anew. */
    private static final int MOST_OF_A_SWEEP = 1000;

    private final DocumentStore documents;
    private final SourceDeletion deletion;
    private final SourceExpiry expiry;
    private final Clock clock;
    private final MeterRegistry metrics;
    private final Set<String> toldOf = ConcurrentHashMap.newKeySet();
    private volatile boolean closing;
    private volatile @Nullable Thread thread;

    public Upkeep(
            DocumentStore documents, SourceDeletion deletion, SourceExpiry expiry, Clock clock, MeterRegistry metrics) {
        this.documents = documents;
        this.deletion = deletion;
        this.expiry = expiry;
        this.clock = clock;
        this.metrics = metrics;
        // All at once: a rate of a counter that appears with its first event misses that one.
        DueWork.LABELS.forEach(this::done);
    }

    private Counter done(String what) {
        return Counter.builder("docmill.upkeep.done")
                .description("Work that time triggers and that was done")
                .tag("what", what)
                .register(metrics);
    }

    /** Begins to do what is due, the first time within a minute or so. To be called once. */
    public void start() {
        thread = Thread.ofVirtual().name("upkeep").start(this::run);
    }

    private void run() {
        try {
            while (!closing) {
                Thread.sleep(pause());
                sweepUntilNothingIsDue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Of differing length, so that gateways which started together seldom do the same at once. */
    private static Duration pause() {
        return Duration.ofMillis(
                ThreadLocalRandom.current().nextLong(SHORTEST_PAUSE.toMillis(), LONGEST_PAUSE.toMillis()));
    }

    private void sweepUntilNothingIsDue() {
        try {
            int done;
            do {
                done = sweep();
            } while (done > 0 && !closing);
        } catch (StorageUnavailableException e) {
            // The watch of neighbours tells of outages; what is due stays due.
            log.debug("Upkeep waits for object storage: {}", e.getMessage());
        } catch (RuntimeException e) {
            log.error("Upkeep ran into a defect of Docmill and goes on in a minute. Please report this.", e);
        }
    }

    /**
     * Does what is due by now, a thousand markers at most. Blocks.
     *
     * @return how many were done
     * @throws StorageUnavailableException if storage is away; then the rest stays due
     */
    public int sweep() {
        // What can't be done stays at the head of the list, and must not keep the rest from being seen.
        List<String> due = new ArrayList<>(documents.listDue(clock.instant(), MOST_OF_A_SWEEP + toldOf.size()));
        toldOf.retainAll(due);
        // Gateways that sweep at the same time then share the work, and one marker that storage refuses is not always
        // the first.
        Collections.shuffle(due);
        int done = 0;
        for (String key : due) {
            if (closing) {
                break;
            }
            if (tryToDo(key)) {
                done++;
            }
        }
        return done;
    }

    private boolean tryToDo(String key) {
        try {
            Optional<DueWork> work = documents.findDue(key);
            if (work.isEmpty()) {
                return false;
            }
            work(work.get());
            documents.removeDue(key);
            toldOf.remove(key);
            done(work.get().label()).increment();
            return true;
        } catch (StorageUnavailableException e) {
            throw e;
        } catch (UnreadableRecordException e) {
            tell(key, "What is due can't be read; it is left to a Docmill that can", e);
            return false;
        } catch (RuntimeException e) {
            tell(key, "What is due ran into a defect of Docmill; it is tried again each minute. Please report this", e);
            return false;
        }
    }

    private void work(DueWork work) {
        switch (work) {
            case DueWork.RepeatDelete delete -> deletion.repeat(delete);
            case DueWork.ExpireSource expiring -> expiry.expire(expiring);
        }
    }

    /** Once for each marker. */
    private void tell(String key, String message, RuntimeException failure) {
        if (toldOf.add(key)) {
            log.error("{}: {}", message, key, failure);
        }
    }

    /** Ends after the marker that is being done, and waits for that a few seconds. */
    @Override
    public void close() {
        closing = true;
        Thread running = thread;
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            running.join(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
