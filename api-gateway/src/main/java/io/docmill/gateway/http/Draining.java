package io.docmill.gateway.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/**
 * Sends callers on to other gateways while this one ends: from {@link #begin} on every answer says {@code Connection: close},
 * and its connection is closed behind it (RFC 9112, section 9.6). Thread-safe.
 */
public final class Draining implements Handler<RoutingContext> {
    private volatile boolean begun;

    /** From now on connections are not kept; also for requests that came before. */
    public void begin() {
        begun = true;
    }

    @Override
    public void handle(RoutingContext context) {
        context.addHeadersEndHandler(_ -> {
            if (begun) {
                context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
            }
        });
        context.addEndHandler(_ -> {
            // While a body still comes, a close would reset the connection and take the answer from the caller.
            if (begun && context.request().isEnded()) {
                context.request().connection().close();
            }
        });
        context.next();
    }
}
