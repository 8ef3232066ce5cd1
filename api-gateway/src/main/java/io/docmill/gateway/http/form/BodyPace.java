package io.docmill.gateway.http.form;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/**
 * How slowly a body may come. A connection on which a byte a second arrives is never idle, so without this a caller could hold
 * connections, and room in the spool, for as long as it likes.
 */
public final class BodyPace {
    /** Less than any network that anyone uploads documents over; 200 MB at this pace take two days. */
    private static final long LEAST_BYTES_PER_SECOND = 1_000;

    private final Vertx vertx;
    private final Duration patience;

    /**
     * @param patience in each such time, from 1 ms, the body must come along by its least pace, or end
     */
    public BodyPace(Vertx vertx, Duration patience) {
        this.vertx = vertx;
        this.patience = patience;
    }

    /** How long a body may be too slow. */
    public Duration patience() {
        return patience;
    }

    /**
     * Watches the body of a request until it has ended. To be called on the event loop of the request.
     *
     * @param tooSlow called once, on the same event loop, if the body does not come along
     */
    public void watch(HttpServerRequest request, Runnable tooSlow) {
        long least = Math.max(1, patience.toMillis() * LEAST_BYTES_PER_SECOND / 1000);
        long[] before = {request.bytesRead()};
        long timer = vertx.setPeriodic(patience.toMillis(), self -> {
            long now = request.bytesRead();
            if (now - before[0] < least) {
                vertx.cancelTimer(self);
                tooSlow.run();
            }
            before[0] = now;
        });
        // Else it would hold the request until its next look, and there would be as many as calls in that time.
        request.end().onComplete(_ -> vertx.cancelTimer(timer));
    }
}
