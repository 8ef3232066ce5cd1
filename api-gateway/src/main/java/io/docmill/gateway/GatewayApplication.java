package io.docmill.gateway;

import io.docmill.gateway.admission.JobAdmission;
import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.gateway.conversion.ConversionService;
import io.docmill.gateway.conversion.InFlightConversions;
import io.docmill.gateway.deadletter.DeadLetterHandler;
import io.docmill.gateway.deadletter.DeadLetterMetrics;
import io.docmill.gateway.deadletter.DeadLetters;
import io.docmill.gateway.download.DownloadUrls;
import io.docmill.gateway.file.FileService;
import io.docmill.gateway.http.ApiRouter;
import io.docmill.gateway.http.ApiVerticle;
import io.docmill.gateway.http.Draining;
import io.docmill.gateway.http.form.UploadSpool;
import io.docmill.gateway.kafka.KafkaPublisher;
import io.docmill.gateway.key.ApiKeys;
import io.docmill.gateway.key.KeyRevocation;
import io.docmill.gateway.key.StoredKeys;
import io.docmill.gateway.onecall.OneCallConversions;
import io.docmill.gateway.run.RunService;
import io.docmill.gateway.source.SourceDeletion;
import io.docmill.gateway.source.SourceExpiry;
import io.docmill.gateway.status.ServiceStatus;
import io.docmill.gateway.upkeep.Upkeep;
import io.docmill.gateway.upload.UploadCheck;
import io.docmill.inspection.DocumentInspector;
import io.docmill.model.job.CancelNotice;
import io.docmill.model.job.ControlNotice;
import io.docmill.model.job.RevocationNotice;
import io.docmill.model.security.ApiKey;
import io.docmill.model.security.ServiceKey;
import io.docmill.platform.cache.ApiKeyCache;
import io.docmill.platform.cache.DocumentCache;
import io.docmill.platform.cache.LiveAttempts;
import io.docmill.platform.cache.RedisConnection;
import io.docmill.platform.config.InvalidSettingsException;
import io.docmill.platform.config.Secret;
import io.docmill.platform.management.NeighbourWatch;
import io.docmill.platform.management.Readiness;
import io.docmill.platform.neighbour.Neighbours;
import io.docmill.platform.queue.QueueProbe;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.platform.storage.StorageUnavailableException;
import io.docmill.platform.tracing.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A gateway: wired here, in the order in which data flows. {@link #start} returns once it takes requests; a neighbour that
 * is away meanwhile is waited for, and told in the log and on the management port.
 */
public final class GatewayApplication implements Readiness, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GatewayApplication.class);
    /** A gateway without Redis is slower, not wrong, so it does not wait for it longer than a start takes anyway. */
    private static final Duration LONGEST_WAIT_FOR_REDIS = Duration.ofSeconds(2);

    /** Signed URLs and requests of a clock that is further off are refused by stores. */
    private static final Duration MOST_OFF_THE_CLOCK = Duration.ofMinutes(5);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private final GatewaySettings settings;
    private final MeterRegistry metrics;
    private final Tracing tracing;
    private final Vertx vertx = Vertx.vertx();
    private final Clock clock = Clock.systemUTC();
    private final BlockingCalls blocking = new BlockingCalls(vertx);
    private final Neighbours neighbours = Neighbours.ofGateway();
    private final NeighbourWatch watch;
    private final JobAdmission admission;
    private final QueueProbe queueProbe;
    private final ServiceKey serviceKey;
    private final ObjectStore objects;
    private final DocumentStore documents;
    private final RedisConnection redis;
    private final DocumentCache cache;
    private final ApiKeyCache keyCache;
    private final ApiKeys keys;
    private final StoredKeys storedKeys;
    private final SourceDeletion deletion;
    private final SourceExpiry expiry;
    private final Upkeep upkeep;
    private final InFlightConversions inFlight = new InFlightConversions();
    private final UploadSpool spool;
    private final Draining draining = new Draining();
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile String state = "starting";
    private volatile @Nullable ApiVerticle api;
    private volatile @Nullable String deployment;
    private volatile @Nullable QueueEnds queue;

    /**
     * Opens what needs no neighbour: the spool and the clients.
     *
     * @throws InvalidSettingsException if the settings are not usable together
     * @throws RuntimeException if something can't be opened; the message says what to do
     */
    public GatewayApplication(GatewaySettings settings, MeterRegistry metrics) {
        this.settings = settings;
        this.metrics = metrics;
        List<String> mistakes = mistakes(settings);
        if (!mistakes.isEmpty()) {
            throw new InvalidSettingsException(mistakes);
        }
        tracing = Tracing.start("docmill-gateway", settings.tracing());
        serviceKey = ServiceKey.of(
                settings.serviceKey().value(), settings.serviceKeyAccepted().map(Secret::value));
        spool = new UploadSpool(
                settings.gateway().spoolDirectory(),
                settings.gateway().spoolQuota().bytes());
        objects = new ObjectStore(settings.storage());
        documents = new DocumentStore(objects);
        redis = RedisConnection.open(
                settings.redis(), neighbours.redis(), ((VertxInternal) vertx).nettyEventLoopGroup());
        cache = new DocumentCache(redis, clock);
        keyCache = new ApiKeyCache(redis);
        keys = new ApiKeys(documents, keyCache, blocking, clock);
        storedKeys = new StoredKeys(documents, clock);
        deletion = new SourceDeletion(documents, cache, clock);
        expiry = new SourceExpiry(documents, deletion, clock);
        upkeep = new Upkeep(documents, deletion, expiry, clock, metrics);
        admission = new JobAdmission(clock, settings.gateway().waitLimit(), metrics);
        queueProbe = QueueProbe.ofBacklog(settings.kafka(), admission::measured);
        watch = NeighbourWatch.start(neighbours, objects, queueProbe, redis);
        neighbours.watch(metrics, "gateway");
        objects.watchClock(metrics, "gateway");
        GatewayGauges.watch(metrics, inFlight, spool, queueProbe);
        watch(metrics, "gateway");
    }

    private static List<String> mistakes(GatewaySettings settings) {
        List<String> mistakes = Tracing.mistakes(settings.tracing());
        try {
            ServiceKey.of(settings.serviceKey().value());
        } catch (IllegalArgumentException e) {
            mistakes.add("DOCMILL_SERVICE_KEY: " + e.getMessage());
        }
        try {
            settings.serviceKeyAccepted().map(Secret::value).ifPresent(ServiceKey::of);
        } catch (IllegalArgumentException e) {
            mistakes.add("DOCMILL_SERVICE_KEY_ACCEPTED: " + e.getMessage());
        }
        if (settings.gateway()
                .bootstrapOperatorKey()
                .filter(key -> ApiKey.parse(key.value()).isEmpty())
                .isPresent()) {
            mistakes.add("DOCMILL_GATEWAY_BOOTSTRAP_OPERATOR_KEY: not an API key, or mistyped: its checksum is wrong");
        }
        return mistakes;
    }

    /**
     * Makes sure of bucket, topics and readers, then listens.
     *
     * @throws InterruptedException if the wait for a neighbour was ended
     */
    public void start() throws InterruptedException {
        prepareStorage();
        QueueEnds opened = QueueEnds.open(vertx, settings.kafka(), inFlight, this::take);
        queue = opened;
        redis.awaitConnection(LONGEST_WAIT_FOR_REDIS);
        await(listen(opened.publisher()));
        upkeep.start();
        DeadLetterMetrics deadLetterMetrics = new DeadLetterMetrics(metrics);
        opened.readDeadLetters(
                new DeadLetterHandler(
                        documents, new LiveAttempts(redis), opened.publisher(), neighbours, clock, deadLetterMetrics),
                deadLetterMetrics);
        state = "ready";
        log.info("The API is served on port {}", port());
    }

    private void take(ControlNotice notice) {
        switch (notice) {
            case CancelNotice cancel -> inFlight.canceled(cancel);
            case RevocationNotice revocation -> keys.refuse(revocation.revokedKey());
        }
    }

    /** A gateway that starts while storage is away answers what Redis holds; bucket and first key come when storage does. */
    private void prepareStorage() {
        Runnable preparation = () -> {
            objects.ensureBucket();
            settings.gateway()
                    .bootstrapOperatorKey()
                    .ifPresent(key -> storedKeys.ensureOperator(new ApiKey(key.value())));
        };
        try {
            preparation.run();
        } catch (StorageUnavailableException e) {
            log.warn("Starting without object storage: {}", e.getMessage());
            Thread.ofVirtual().name("prepare-storage").start(() -> {
                try {
                    Patience.untilItWorks("object storage", preparation);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            });
        }
    }

    private Future<Void> listen(KafkaPublisher publisher) {
        DownloadUrls urls = new DownloadUrls(objects, serviceKey, clock);
        ConversionService conversions = new ConversionService(
                new ConversionService.Dependencies(
                        vertx,
                        documents,
                        cache,
                        new LiveAttempts(redis),
                        publisher,
                        inFlight,
                        serviceKey,
                        urls,
                        blocking,
                        neighbours.storage(),
                        clock,
                        admission,
                        metrics),
                settings.gateway().waitLimit());
        UploadCheck uploadCheck = new UploadCheck(new DocumentInspector(), clock);
        FileService files = new FileService(documents, cache, deletion, uploadCheck, blocking);
        OneCallConversions oneCall =
                new OneCallConversions(uploadCheck, files, conversions, expiry, deletion, blocking);
        RunService runs = new RunService(documents, deletion, uploadCheck, blocking, clock);
        ApiRouter.Operations operations = new ApiRouter.Operations(
                storedKeys,
                new KeyRevocation(storedKeys, keys, keyCache, publisher, vertx, blocking, clock),
                new DeadLetters(documents, conversions, blocking),
                new ServiceStatus(this, inFlight::size, queueProbe));
        var gateway = settings.gateway();
        var router = new ApiRouter(
                vertx,
                new ApiRouter.UseCases(keys, files, runs, conversions, oneCall, operations),
                new ApiRouter.Limits(
                        gateway.waitLimit(), gateway.maxUpload(), gateway.bodyPatience(), gateway.publicUrl()),
                spool,
                urls,
                objects,
                blocking,
                metrics,
                tracing);
        return router.create().compose(this::deploy);
    }

    private Future<Void> deploy(Router router) {
        var gateway = settings.gateway();
        router.route().order(-1).handler(draining);
        HttpServerOptions options = new HttpServerOptions()
                .setHost(gateway.host())
                // Any free port, but the same for all instances, is -1 to Vert.x.
                .setPort(gateway.port() == 0 ? -1 : gateway.port())
                .setTcpNoDelay(true)
                // A refused upload ends its connection, which over HTTP/2 would end the other calls on it as well.
                // Where callers speak HTTP/2, it ends at the proxy that has the certificate.
                .setHttp2ClearTextEnabled(false)
                // There are no web sockets, and looking for them costs every request.
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                // A connection on which nothing moves for longer than any call waits is dead.
                .setIdleTimeout(
                        Math.toIntExact(gateway.waitLimit().plusMinutes(1).toSeconds()))
                .setIdleTimeoutUnit(TimeUnit.SECONDS);
        Supplier<ApiVerticle> instances = () -> {
            ApiVerticle instance = new ApiVerticle(options, router, gateway.drainTime());
            api = instance;
            return instance;
        };
        return vertx.deployVerticle(
                        instances,
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors()))
                .onSuccess(id -> deployment = id)
                .mapEmpty();
    }

    /** The port of the API. */
    public int port() {
        ApiVerticle deployed = api;
        if (deployed == null) {
            throw new IllegalStateException("the gateway has not started");
        }
        return deployed.port();
    }

    @Override
    public Report report() {
        QueueEnds opened = queue;
        boolean positioned = opened != null && opened.readsReplies();
        Map<String, String> details = new HashMap<>(neighbours.states());
        details.put("state", state);
        details.put("replies", positioned ? "every reply is read" : "the reply reader is not positioned");
        details.put("waiting", inFlight.size() + " conversions are waited for");
        Duration ahead = objects.clockDifference().orElse(Duration.ZERO);
        boolean clockIsRight = ahead.abs().compareTo(MOST_OFF_THE_CLOCK) <= 0;
        details.put(
                "clock",
                clockIsRight
                        ? "agrees with object storage's"
                        : "off object storage's by %d s; set it right (NTP)".formatted(ahead.toSeconds()));
        return new Report(state.equals("ready") && positioned && clockIsRight, details);
    }

    private static <T> T await(Future<T> future) throws InterruptedException {
        try {
            return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("The API can't be served: " + e.getMessage(), e);
        }
    }

    /**
     * Is not ready from now on, goes on for the drain delay, then takes no more connections, lets requests under way end
     * within the drain time, and closes the clients. A thread that is interrupted in here waits for nothing more. A second
     * call does nothing.
     */
    @Override
    public void close() {
        if (closing.getAndSet(true)) {
            return;
        }
        state = "draining";
        try {
            if (deployment != null) {
                drain(deployment);
            }
            upkeep.close();
            if (queue != null) {
                queue.close();
            }
            // Before the event loops, on which its answers come.
            redis.close();
            closed("the event loops", vertx.close(), CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            watch.close();
            blocking.close();
            redis.close();
            objects.close();
            tracing.close();
        }
    }

    private void drain(String api) throws InterruptedException {
        Duration delay = settings.gateway().drainDelay();
        Duration time = settings.gateway().drainTime();
        log.info(
                "Told to end: not ready from now on, no more connections after {} ms, {} conversions are waited for and have {} s more",
                delay.toMillis(),
                inFlight.size(),
                time.toSeconds());
        draining.begin();
        TimeUnit.MILLISECONDS.sleep(delay.toMillis());
        closed("the API", vertx.undeploy(api), time.plus(CLOSE_LIMIT));
        log.info("The API has ended; {} conversions were still waited for", inFlight.size());
    }

    /** What does not close in time is left to the end of the process: the rest has to be closed all the same. */
    private static void closed(String what, Future<Void> closing, Duration limit) throws InterruptedException {
        try {
            closing.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            log.warn("{} did not close: {}", what, e.toString());
        }
    }
}
