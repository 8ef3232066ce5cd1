package io.docmill.launcher;

import io.docmill.embedded.EmbeddedKafka;
import io.docmill.embedded.EmbeddedObjectStore;
import io.docmill.embedded.RedisProcess;
import io.docmill.gateway.GatewayApplication;
import io.docmill.gateway.GatewaySettings;
import io.docmill.platform.config.Settings;
import io.docmill.platform.management.ManagementServer;
import io.docmill.platform.management.ProcessMetrics;
import io.docmill.platform.management.Readiness;
import io.docmill.worker.WorkerApplication;
import io.docmill.worker.WorkerSettings;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Docmill with its neighbours on one machine: the same gateway and worker that a cluster runs, configured to use a broker
 * and a store within this process and a Redis that is its child.
 */
final class OneMachine implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OneMachine.class);

    private final Deque<AutoCloseable> running = new ArrayDeque<>();
    private boolean closed;
    private @Nullable GatewayApplication gateway;
    private @Nullable ManagementServer management;

    /**
     * What can be chosen.
     *
     * @param api where the API listens
     * @param management where health and metrics are served
     * @param slots conversions at a time
     * @param engine as the worker's setting
     * @param forkServer the program, unless it is where the worker looks by itself
     * @param tracing where traces go, by the names of the settings
     */
    record Options(
            ListenAddress api,
            ListenAddress management,
            int slots,
            String engine,
            Optional<Path> forkServer,
            Map<String, String> tracing) {}

    /**
     * Starts everything and returns once documents can be converted without waiting.
     *
     * @throws RuntimeException if a part can't start; the message says what to do
     */
    void start(DataDirectory data, Options options) throws InterruptedException {
        options.api().requireFree("--port");
        options.management().requireFree("--management-port");
        Map<String, String> settings = startNeighbours(data);
        settings.putAll(options.tracing());
        settings.put("docmill.service-key", data.serviceKey());
        settings.put("docmill.management.host", options.management().host());
        settings.put(
                "docmill.management.port", String.valueOf(options.management().port()));
        WorkerSettings workerSettings =
                Settings.fromProperties(WorkerSettings.class, with(settings, worker(data, options)));
        GatewaySettings gatewaySettings =
                Settings.fromProperties(GatewaySettings.class, with(settings, gateway(data, options)));

        PrometheusMeterRegistry metrics = ProcessMetrics.registry();
        WorkerApplication worker = closeAtTheEnd(WorkerApplication.start(workerSettings, metrics));
        GatewayApplication api = closeAtTheEnd(new GatewayApplication(gatewaySettings, metrics));
        gateway = api;
        management =
                closeAtTheEnd(new ManagementServer(gatewaySettings.management(), () -> together(api, worker), metrics));
        try {
            api.start();
        } catch (IllegalStateException e) {
            // Says which port, where somebody took it since the first look.
            options.api().requireFree("--port");
            throw e;
        }
        worker.awaitReady();
    }

    /** The three start at the same time: one after the other they take twice as long. */
    private Map<String, String> startNeighbours(DataDirectory data) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var kafka = starting(() -> EmbeddedKafka.start(data.kafka()), threads);
            var store = starting(() -> EmbeddedObjectStore.start(data.objects()), threads);
            var redis = starting(() -> RedisProcess.start(data.redis()), threads);
            CompletableFuture.allOf(kafka, store, redis).handle((_, _) -> null).join();
            Map<String, String> settings = new HashMap<>();
            settings.put("docmill.kafka.bootstrap-servers", kafka.join().bootstrapServers());
            settings.put("docmill.storage.endpoint", store.join().endpoint().toString());
            settings.put("docmill.storage.region", store.join().region());
            settings.put("docmill.storage.access-key", store.join().accessKey());
            settings.put("docmill.storage.secret-key", store.join().secretKey());
            settings.put("docmill.redis.address", redis.join().address().toString());
            settings.put("docmill.redis.password", redis.join().password());
            return settings;
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private <T extends AutoCloseable> CompletableFuture<T> starting(Supplier<T> start, ExecutorService threads) {
        return CompletableFuture.supplyAsync(() -> closeAtTheEnd(start.get()), threads);
    }

    /** A part that is started while everything is being ended ends at once: nobody would do it later. */
    private <T extends AutoCloseable> T closeAtTheEnd(T part) {
        synchronized (running) {
            if (!closed) {
                running.push(part);
                return part;
            }
        }
        end(part);
        throw new IllegalStateException("Docmill was ended while it started");
    }

    private static Map<String, String> worker(DataDirectory data, Options options) {
        Map<String, String> settings = new HashMap<>();
        settings.put("docmill.worker.slots", String.valueOf(options.slots()));
        settings.put("docmill.worker.work-directory", data.work().toString());
        settings.put("docmill.worker.engine", options.engine());
        options.forkServer().ifPresent(program -> settings.put("docmill.worker.fork-server", program.toString()));
        return settings;
    }

    private static Map<String, String> gateway(DataDirectory data, Options options) {
        return Map.of(
                "docmill.gateway.host", options.api().host(),
                "docmill.gateway.port", String.valueOf(options.api().port()),
                "docmill.gateway.spool-directory", data.spool().toString(),
                // There is no load balancer that would have to notice.
                "docmill.gateway.drain-delay", "0s",
                "docmill.gateway.bootstrap-operator-key", data.operatorKey());
    }

    private static Map<String, String> with(Map<String, String> settings, Map<String, String> more) {
        Map<String, String> all = new HashMap<>(settings);
        all.putAll(more);
        return all;
    }

    private static Readiness.Report together(GatewayApplication gateway, WorkerApplication worker) {
        Readiness.Report ofGateway = gateway.report();
        Readiness.Report ofWorker = worker.report();
        Map<String, String> details = new TreeMap<>(ofWorker.details());
        details.putAll(ofGateway.details());
        return new Readiness.Report(ofGateway.ready() && ofWorker.ready(), details);
    }

    /** The port of the API. */
    int port() {
        if (gateway == null) {
            throw new IllegalStateException("not started");
        }
        return gateway.port();
    }

    /** The port for operators. */
    int managementPort() {
        if (management == null) {
            throw new IllegalStateException("not started");
        }
        return management.port();
    }

    /** Ends everything, the neighbours last. It can't be started again. */
    @Override
    public void close() {
        while (true) {
            AutoCloseable part;
            synchronized (running) {
                closed = true;
                part = running.poll();
            }
            if (part == null) {
                return;
            }
            end(part);
        }
    }

    private static void end(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            log.warn("{} did not end in order", part.getClass().getSimpleName(), e);
        }
    }
}
