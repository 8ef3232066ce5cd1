package io.docmill.gateway.conversion;

import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.job.CancelNotice;
import io.docmill.model.job.JobReply;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The conversions that callers of this gateway wait for: equal requests join one attempt, and a reply completes them
 * all. What nobody waits for is passed over, so replies may repeat and come late. Thread-safe.
 */
public final class InFlightConversions {
    private final Map<InFlight.Key, InFlight> conversions = new ConcurrentHashMap<>();

    /**
     * Joins a conversion that is waited for already, or begins one by calling {@code opening}. A wait that has ended is not joined:
     * who is told of its end may come back before it is forgotten. Whoever joins leaves.
     */
    InFlight join(WantedConversion wanted, Consumer<InFlight> opening) {
        InFlight inFlight = conversions.compute(wanted.key(), (key, present) -> {
            InFlight joined = present == null || present.resolution().isDone() ? create(key, wanted, opening) : present;
            joined.entered();
            return joined;
        });
        inFlight.begin();
        return inFlight;
    }

    private InFlight create(InFlight.Key key, WantedConversion wanted, Consumer<InFlight> opening) {
        InFlight created = new InFlight(wanted, opening);
        var _ = created.resolution().whenComplete((_, _) -> conversions.remove(key, created));
        return created;
    }

    /** Waits no more. What nobody waits for any more goes on without this gateway, and whoever asks next looks for it. */
    void leave(InFlight inFlight) {
        conversions.compute(
                inFlight.wanted().key(), (_, present) -> inFlight.left() && present == inFlight ? null : present);
    }

    /** Completes those who wait for what a reply tells. */
    public void complete(JobReply reply) {
        forEach(reply.scope(), reply.conversion(), inFlight -> inFlight.receive(reply.outcome()));
    }

    /** Has those who wait for a canceled attempt go on with the next. */
    public void canceled(CancelNotice notice) {
        canceled(notice.scope(), notice.conversion(), notice.attempt());
    }

    void canceled(ScopeId scope, ConversionId conversion, AttemptId attempt) {
        forEach(scope, conversion, inFlight -> inFlight.canceled(attempt));
    }

    private void forEach(ScopeId scope, ConversionId conversion, Consumer<InFlight> action) {
        for (boolean refresh : new boolean[] {false, true}) {
            InFlight inFlight = conversions.get(new InFlight.Key(scope, conversion, refresh));
            if (inFlight != null) {
                action.accept(inFlight);
            }
        }
    }

    /** How many conversions are waited for. */
    public int size() {
        return conversions.size();
    }
}
