package io.docmill.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The API on one event loop. Deployed once for each processor; the instances share the port. */
public final class ApiVerticle extends VerticleBase {
    private final HttpServerOptions options;
    private final Router router;
    private final Duration drainTime;
    private volatile @Nullable HttpServer server;

    /**
     * Nothing is listened on yet.
     *
     * @param drainTime how long requests under way may go on once it is stopped
     */
    public ApiVerticle(HttpServerOptions options, Router router, Duration drainTime) {
        this.options = options;
        this.router = router;
        this.drainTime = drainTime;
    }

    @Override
    public Future<?> start() {
        HttpServer created = vertx.createHttpServer(options)
                .requestHandler(router)
                .invalidRequestHandler(ErrorHandler::answerInvalidRequest);
        server = created;
        return created.listen();
    }

    /** Takes no more connections, closes those that are idle, and the others as their requests end, at the latest after the drain time. */
    @Override
    public Future<?> stop() {
        HttpServer created = server;
        return created == null
                ? Future.succeededFuture()
                : created.shutdown(drainTime.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The port that is listened on, once it is deployed. */
    public int port() {
        HttpServer created = server;
        if (created == null) {
            throw new IllegalStateException("the API is not deployed");
        }
        return created.actualPort();
    }
}
