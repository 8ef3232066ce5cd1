package io.docmill.gateway.conversion;

import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.job.JobReply;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The conversions that callers of this gateway wait for: equal requests join one attempt, and a reply completes them
 * all. What nobody waits for is passed over, so replies may repeat and come late. Thread-safe.
 */
public final class InFlightConversions {
    private final Map<Key, InFlight> conversions = new ConcurrentHashMap<>();

    /**
     * What can be joined.
     *
     * @param refresh a refresh is not completed by an older attempt's artifact, so it is another thing to wait for
     */
    record Key(ScopeId scope, ConversionId conversion, boolean refresh) {}

    /** How a wait ended: with the outcome, and whether it was there before anyone asked. */
    record Resolution(JobReply.Outcome outcome, boolean cached) {}

    /** One conversion that is waited for. */
    static final class InFlight {
        private final Key key;
        private final CompletableFuture<Resolution> resolution = new CompletableFuture<>();
        private final AtomicInteger waiting = new AtomicInteger();
        private final Instant since;
        private volatile @Nullable AttemptId attempt;
        private final CompletableFuture<Boolean> publication = new CompletableFuture<>();

        private InFlight(Key key, Instant since) {
            this.key = key;
            this.since = since;
        }

        Key key() {
            return key;
        }

        /** Completed on any thread. */
        CompletableFuture<Resolution> resolution() {
            return resolution;
        }

        AtomicInteger waiting() {
            return waiting;
        }

        Instant since() {
            return since;
        }

        /** The attempt that is or will be published, or null while storage is still being looked at. */
        @Nullable
        AttemptId attempt() {
            return attempt;
        }

        /** From here on replies count: called before the job is published, so that none can come earlier. */
        void expect(AttemptId expected) {
            attempt = expected;
        }

        /** Whether the queue has the job, so that it will not be lost. */
        boolean isPublished() {
            return publication.getNow(false);
        }

        void published() {
            publication.complete(true);
        }

        /** Completed on any thread, once the queue has the job or there is nothing to be published any more. */
        CompletableFuture<Boolean> publication() {
            return publication;
        }

        private void receive(JobReply.Outcome outcome) {
            AttemptId expected = attempt;
            boolean ofThisOrLater = expected != null && outcome.attempt().isSameOrLaterThan(expected);
            boolean counts = switch (outcome) {
                case JobReply.Succeeded _ -> ofThisOrLater || !key.refresh();
                case JobReply.Failed _ -> ofThisOrLater;
            };
            if (counts) {
                resolution.complete(new Resolution(outcome, false));
            }
        }
    }

    /** Joins a conversion that is waited for already, or begins one by calling {@code start}. */
    InFlight join(Key key, Instant now, Consumer<InFlight> start) {
        InFlight begun = new InFlight(key, now);
        InFlight inFlight = conversions.computeIfAbsent(key, _ -> begun);
        if (inFlight == begun) {
            var _ = begun.resolution.whenComplete((_, _) -> {
                conversions.remove(key, begun);
                begun.publication.complete(false);
            });
            start.accept(begun);
        }
        return inFlight;
    }

    /** Completes those who wait for what a reply tells. */
    public void complete(JobReply reply) {
        for (boolean refresh : new boolean[] {false, true}) {
            InFlight inFlight = conversions.get(new Key(reply.scope(), reply.conversion(), refresh));
            if (inFlight != null) {
                inFlight.receive(reply.outcome());
            }
        }
    }

    /** How many conversions are waited for. */
    public int size() {
        return conversions.size();
    }
}
