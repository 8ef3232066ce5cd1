package io.docmill.benchmarks;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.redisson.Redisson;
import org.redisson.api.RMap;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/**
 * What the cached path is compared with: a Vert.x server that reads the same form and gives the same answer, and does nothing else
 * but, where it is told a Redis, read the answer from there. Arguments: port, file with the answer, and address and password of
 * Redis. Says {@link #SIGN} once it listens.
 */
public final class ComparisonServer extends VerticleBase {
    static final String SIGN = "the comparison listens";

    private static final String HASH = "comparison";
    private static final String FIELD = "answer";

    private final int port;
    private final Buffer answer;
    private final @Nullable RMap<String, String> redis;

    private ComparisonServer(int port, Buffer answer, @Nullable RMap<String, String> redis) {
        this.port = port;
        this.answer = answer;
        this.redis = redis;
    }

    /** Serves until it is killed. */
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        Buffer answer = Buffer.buffer(Files.readAllBytes(Path.of(arguments[1])));
        RMap<String, String> redis = arguments.length > 2 ? redis(arguments[2], arguments[3], answer.toString()) : null;
        Vertx.vertx()
                .deployVerticle(
                        () -> new ComparisonServer(port, answer, redis),
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors()))
                .onSuccess(_ -> System.out.println(SIGN))
                .onFailure(failure -> {
                    failure.printStackTrace();
                    System.exit(1);
                });
    }

    /** With as many threads and connections as Docmill has. */
    private static RMap<String, String> redis(String address, String password, String answer) {
        Config config = new Config();
        config.setCodec(StringCodec.INSTANCE);
        config.setNettyThreads(2);
        config.setThreads(2);
        config.setPassword(password);
        config.useSingleServer().setAddress(address).setConnectionPoolSize(8).setConnectionMinimumIdleSize(8);
        RMap<String, String> map = Redisson.create(config).getMap(HASH, StringCodec.INSTANCE);
        map.put(FIELD, answer);
        return map;
    }

    @Override
    public Future<?> start() {
        Router router = Router.router(vertx);
        router.post("/v1/files/:id/convert").handler(BodyHandler.create(false)).handler(this::answer);
        return vertx.createHttpServer().requestHandler(router).listen(port).map(HttpServer::actualPort);
    }

    private void answer(RoutingContext context) {
        if (!"pdf".equals(context.request().getFormAttribute("format"))) {
            context.fail(400);
        } else if (redis == null) {
            send(context, answer);
        } else {
            redis.getAsync(FIELD)
                    .whenComplete((found, failure) ->
                            context.vertx().runOnContext(_ -> send(context, Buffer.buffer(String.valueOf(found)))));
        }
    }

    private static void send(RoutingContext context, Buffer body) {
        context.response().putHeader("Content-Type", "application/json").end(body);
    }
}
