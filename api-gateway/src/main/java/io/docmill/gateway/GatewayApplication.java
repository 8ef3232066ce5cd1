package io.docmill.gateway;

import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.gateway.conversion.Answers;
import io.docmill.gateway.conversion.Attempts;
import io.docmill.gateway.conversion.ConversionService;
import io.docmill.gateway.conversion.InFlightConversions;
import io.docmill.gateway.download.DownloadUrls;
import io.docmill.gateway.file.FileService;
import io.docmill.gateway.http.ApiRouter;
import io.docmill.gateway.http.form.UploadSpool;
import io.docmill.gateway.kafka.KafkaJobPublisher;
import io.docmill.gateway.kafka.KafkaReplyReader;
import io.docmill.gateway.key.ApiKeys;
import io.docmill.inspection.DocumentInspector;
import io.docmill.model.security.ApiKey;
import io.docmill.model.security.ServiceKey;
import io.docmill.platform.cache.ApiKeyCache;
import io.docmill.platform.cache.DocumentCache;
import io.docmill.platform.cache.RedisConnection;
import io.docmill.platform.management.Readiness;
import io.docmill.platform.queue.QueueSetup;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.ObjectStore;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway: wired here, in the order in which data flows. {@link #start} returns once it takes requests; a neighbour that
 * is away meanwhile is waited for, and told in the log and on the management port.
 */
public final class GatewayApplication implements Readiness, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GatewayApplication.class);
    private static final Duration PAUSE_BETWEEN_TRIES = Duration.ofSeconds(1);

    private final GatewaySettings settings;
    private final Vertx vertx = Vertx.vertx();
    private final Clock clock = Clock.systemUTC();
    private final BlockingCalls blocking = new BlockingCalls(vertx);
    private final ServiceKey serviceKey;
    private final ObjectStore objects;
    private final DocumentStore documents;
    private final RedissonClient redis;
    private final InFlightConversions inFlight = new InFlightConversions();
    private final UploadSpool spool;
    private final List<HttpServer> servers = new ArrayList<>();
    private volatile String state = "starting";
    private volatile @Nullable KafkaReplyReader replies;
    private volatile @Nullable KafkaJobPublisher jobs;

    /**
     * Opens what needs no neighbour: the spool and the clients.
     *
     * @throws RuntimeException if one of them can't be opened; the message says what to do
     */
    public GatewayApplication(GatewaySettings settings, MeterRegistry metrics) {
        this.settings = settings;
        serviceKey = ServiceKey.of(settings.serviceKey().value());
        spool = new UploadSpool(
                settings.gateway().spoolDirectory(),
                settings.gateway().spoolQuota().bytes());
        objects = new ObjectStore(settings.storage());
        documents = new DocumentStore(objects);
        redis = RedisConnection.open(settings.redis());
        metrics.gauge("docmill.gateway.waiting.conversions", inFlight, InFlightConversions::size);
        metrics.gauge("docmill.gateway.spool.bytes", spool, UploadSpool::used);
    }

    /**
     * Makes sure of bucket, topics and reader, then listens.
     *
     * @throws InterruptedException if the wait for a neighbour was ended
     */
    public void start() throws InterruptedException {
        untilItWorks("object storage", () -> {
            objects.ensureBucket();
            settings.gateway()
                    .bootstrapOperatorKey()
                    .ifPresent(key -> apiKeys().ensureOperator(new ApiKey(key.value())));
        });
        untilItWorks("Kafka", () -> {
            QueueSetup.ensure(settings.kafka());
            replies = new KafkaReplyReader(settings.kafka(), inFlight::complete);
        });
        KafkaJobPublisher publisher = new KafkaJobPublisher(vertx, settings.kafka());
        jobs = publisher;
        await(listen(publisher));
        state = "ready";
        log.info("The API is served on port {}", port());
    }

    private Future<Void> listen(KafkaJobPublisher publisher) {
        DocumentCache cache = new DocumentCache(redis);
        DownloadUrls urls = new DownloadUrls(objects, serviceKey, clock);
        Answers answers = new Answers(cache, urls, clock);
        Attempts attempts = new Attempts(vertx, documents, publisher, inFlight, serviceKey, answers, blocking, clock);
        ConversionService conversions =
                new ConversionService(documents, cache, serviceKey, attempts, answers, blocking);
        FileService files = new FileService(documents, cache, new DocumentInspector(), blocking, clock);
        var gateway = settings.gateway();
        var router = new ApiRouter(
                vertx,
                new ApiRouter.UseCases(apiKeys(), files, conversions),
                new ApiRouter.Limits(gateway.waitLimit(), gateway.maxUpload(), gateway.publicUrl()),
                spool,
                urls,
                objects,
                blocking);
        return router.create().compose(this::bind);
    }

    private Future<Void> bind(Router router) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost(settings.gateway().host())
                .setPort(settings.gateway().port())
                .setTcpNoDelay(true)
                // A refused upload ends its connection, which over HTTP/2 would end the other calls on it as well.
                // Where callers speak HTTP/2, it ends at the proxy that has the certificate.
                .setHttp2ClearTextEnabled(false)
                // A connection on which nothing moves for longer than any call waits is dead.
                .setIdleTimeout(Math.toIntExact(
                        settings.gateway().waitLimit().plusMinutes(1).toSeconds()))
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        HttpServer server = vertx.createHttpServer(options).requestHandler(router);
        return server.listen().onSuccess(servers::add).mapEmpty();
    }

    private ApiKeys apiKeys() {
        return new ApiKeys(documents, new ApiKeyCache(redis), blocking, clock);
    }

    /** The port of the API. */
    public int port() {
        return servers.getFirst().actualPort();
    }

    @Override
    public Report report() {
        KafkaReplyReader reader = replies;
        boolean positioned = reader != null && reader.isPositioned();
        return new Report(
                state.equals("ready") && positioned,
                Map.of(
                        "state",
                        state,
                        "replies",
                        positioned ? "every reply is read" : "the reply reader is not positioned",
                        "waiting",
                        inFlight.size() + " conversions are waited for"));
    }

    private static void untilItWorks(String what, Runnable step) throws InterruptedException {
        for (boolean told = false; ; told = true) {
            try {
                step.run();
                return;
            } catch (RuntimeException e) {
                if (!told) {
                    log.warn("Waiting for {}: {}", what, e.getMessage());
                }
                TimeUnit.MILLISECONDS.sleep(PAUSE_BETWEEN_TRIES.toMillis());
            }
        }
    }

    private static <T> T await(Future<T> future) throws InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The API can't be served: " + e.getMessage(), e);
        }
    }

    /** Takes no more connections, lets what waits finish for a while, and closes the clients. */
    @Override
    public void close() {
        state = "stopping";
        try {
            for (HttpServer server : servers) {
                closed("the HTTP server", server.shutdown(20, TimeUnit.SECONDS));
            }
            if (jobs != null) {
                closed("the producer of jobs", jobs.close());
            }
            if (replies != null) {
                replies.close();
            }
            closed("the event loops", vertx.close());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            blocking.close();
            redis.shutdown();
            objects.close();
        }
    }

    /** What does not close in time is left to the end of the process: the rest has to be closed all the same. */
    private static void closed(String what, Future<Void> closing) throws InterruptedException {
        try {
            closing.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.warn("{} did not close: {}", what, e.toString());
        }
    }
}
