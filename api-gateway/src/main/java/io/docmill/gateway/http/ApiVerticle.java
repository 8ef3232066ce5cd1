package io.docmill.gateway.http;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The API on one event loop. Deployed once for each processor; the instances share the port. */
public final class ApiVerticle extends VerticleBase {
    private static final long DRAIN_SECONDS = 20;

    private final HttpServerOptions options;
    private final Router router;
    private volatile @Nullable HttpServer server;

    public ApiVerticle(HttpServerOptions options, Router router) {
        this.options = options;
        this.router = router;
    }

    @Override
    public Future<?> start() {
        HttpServer created = vertx.createHttpServer(options)
                .requestHandler(router)
                .invalidRequestHandler(ErrorHandler::answerInvalidRequest);
        server = created;
        return created.listen();
    }

    /** Takes no more connections, and lets calls that wait finish for a while. */
    @Override
    public Future<?> stop() {
        HttpServer created = server;
        return created == null ? Future.succeededFuture() : created.shutdown(DRAIN_SECONDS, TimeUnit.SECONDS);
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
