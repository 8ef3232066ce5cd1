package io.docmill.worker;

import io.docmill.model.security.ServiceKey;
import io.docmill.platform.cache.DocumentCache;
import io.docmill.platform.cache.RedisConnection;
import io.docmill.platform.config.InvalidSettingsException;
import io.docmill.platform.management.Readiness;
import io.docmill.platform.queue.QueueSetup;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.worker.engine.ConversionEngine;
import io.docmill.worker.engine.EngineStatus;
import io.docmill.worker.engine.EngineUnavailableException;
import io.docmill.worker.job.DocumentConverter;
import io.docmill.worker.job.JobConsumers;
import io.docmill.worker.job.JobHandler;
import io.docmill.worker.job.JobMetrics;
import io.docmill.worker.job.JobStorage;
import io.docmill.worker.job.Neighbours;
import io.docmill.worker.job.ReplyPublisher;
import io.docmill.worker.libreoffice.JodConverterEngine;
import io.docmill.worker.libreoffice.JodConverterSettings;
import io.docmill.worker.sandbox.ResourceLimits;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.redisson.api.RedissonClient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker: takes jobs from the queue, converts, answers. It starts in the background and waits for neighbours that are away; only
 * an engine that can't run at all ends it. Safe for use by several threads; once closed it stays closed.
 */
public final class WorkerApplication implements Readiness, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WorkerApplication.class);

    private final WorkerSettings settings;
    private final Neighbours neighbours = Neighbours.unseen();
    private final ObjectStore objects;
    private final RedissonClient redis;
    private final ConversionEngine engine;
    private final JobMetrics metrics;
    private final NeighbourWatch watch;
    private final CompletableFuture<JobConsumers> started;
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile @Nullable ReplyPublisher publisher;

    private WorkerApplication(WorkerSettings settings, MeterRegistry registry, ConversionEngine engine) {
        this.settings = settings;
        this.engine = engine;
        objects = new ObjectStore(settings.storage());
        redis = RedisConnection.open(settings.redis());
        metrics = new JobMetrics(registry);
        metrics.watch(engine);
        watch = new NeighbourWatch(settings.kafka(), objects, redis, neighbours);
        started = begin();
    }

    /**
     * Begins to start a worker and returns at once.
     *
     * @param registry where its figures go
     * @throws InvalidSettingsException if the settings contradict themselves
     * @throws EngineUnavailableException if LibreOffice or the sandbox is missing
     */
    public static WorkerApplication start(WorkerSettings settings, MeterRegistry registry) {
        return start(settings, registry, WorkerApplication::libreOffice);
    }

    static WorkerApplication start(
            WorkerSettings settings, MeterRegistry registry, Function<WorkerSettings.Worker, ConversionEngine> engine) {
        check(settings);
        return new WorkerApplication(settings, registry, engine.apply(settings.worker()));
    }

    private static void check(WorkerSettings settings) {
        List<String> mistakes = new ArrayList<>();
        WorkerSettings.Worker worker = settings.worker();
        if (worker.slots() < 1) {
            mistakes.add("DOCMILL_WORKER_SLOTS: at least 1");
        } else if (reservedSlots(worker) < 0 || reservedSlots(worker) >= worker.slots()) {
            mistakes.add("DOCMILL_WORKER_RESERVED_SLOTS: from 0 to one less than DOCMILL_WORKER_SLOTS");
        }
        if (worker.documentsPerProcess() < 1) {
            mistakes.add("DOCMILL_WORKER_DOCUMENTS_PER_PROCESS: at least 1");
        }
        if (worker.memoryLimit().bytes() < 1) {
            mistakes.add("DOCMILL_WORKER_MEMORY_LIMIT: more than 0");
        }
        try {
            ServiceKey.of(settings.serviceKey().value());
        } catch (IllegalArgumentException e) {
            mistakes.add("DOCMILL_SERVICE_KEY: " + e.getMessage());
        }
        if (!mistakes.isEmpty()) {
            throw new InvalidSettingsException(mistakes);
        }
    }

    private static int reservedSlots(WorkerSettings.Worker worker) {
        return worker.reservedSlots().orElse(worker.slots() > 1 ? 1 : 0);
    }

    private static ConversionEngine libreOffice(WorkerSettings.Worker worker) {
        JodConverterSettings defaults =
                JodConverterSettings.of(Path.of(worker.workDirectory()).resolve("engine"), worker.slots());
        return new JodConverterEngine(new JodConverterSettings(
                Path.of(worker.officeHome()),
                defaults.workDirectory(),
                worker.slots(),
                worker.sandbox(),
                ResourceLimits.DEFAULT,
                worker.documentsPerProcess(),
                defaults.residentMarkBytes()));
    }

    /** Engine, queue and bucket at the same time; jobs are taken once the engine and the queue are ready. */
    private CompletableFuture<JobConsumers> begin() {
        Executor background = Executors.newVirtualThreadPerTaskExecutor();
        CompletableFuture.runAsync(
                () -> neighbours.storage().awaitAnswer(closing::get, objects::ensureBucket), background);
        CompletableFuture<Void> engineReady = CompletableFuture.runAsync(this::awaitEngine, background);
        CompletableFuture<Void> queueReady = CompletableFuture.runAsync(
                () -> neighbours.kafka().awaitAnswer(closing::get, () -> QueueSetup.ensure(settings.kafka())),
                background);
        return engineReady.thenCombineAsync(queueReady, (_, _) -> takeJobs(), background);
    }

    private void awaitEngine() {
        try {
            engine.awaitReady();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }

    private JobConsumers takeJobs() {
        WorkerSettings.Worker worker = settings.worker();
        ReplyPublisher replies = new ReplyPublisher(settings.kafka());
        publisher = replies;
        JobStorage storage =
                new JobStorage(new DocumentStore(objects), new DocumentCache(redis), neighbours);
        DocumentConverter converter = new DocumentConverter(
                engine,
                ServiceKey.of(settings.serviceKey().value()),
                worker.memoryLimit().bytes(),
                metrics);
        JobHandler handler = new JobHandler(
                storage,
                converter,
                replies,
                neighbours.kafka(),
                Path.of(worker.workDirectory()).resolve("jobs"),
                metrics);
        int slots = closing.get() ? 0 : worker.slots();
        JobConsumers consumers = JobConsumers.start(
                slots, reservedSlots(worker), settings.kafka(), handler, replies, metrics, neighbours.kafka());
        log.info(
                "The worker takes jobs: {} slots, {} of them for callers who wait, {} in {}",
                slots,
                reservedSlots(worker),
                engine.description(),
                engine.status().sandbox());
        return consumers;
    }

    /**
     * Waits until jobs are taken.
     *
     * @throws EngineUnavailableException if the engine can't start
     */
    public void awaitReady() throws InterruptedException {
        try {
            started.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof EngineUnavailableException unavailable) {
                throw unavailable;
            }
            throw e;
        }
    }

    @Override
    public Report report() {
        boolean starting = !started.isDone() || started.isCompletedExceptionally();
        EngineStatus status = engine.status();
        return new Report(
                !starting && !closing.get(),
                Map.of(
                        "worker", closing.get() ? "draining" : starting ? "starting" : "takes jobs",
                        "engine", engine.description(),
                        "sandbox", status.sandbox(),
                        "slots", "%d, %d busy, %d ready".formatted(status.slots(), status.busy(), status.ready()),
                        "spare", status.spareReady() ? "ready" : "not ready",
                        "kafka", neighbours.kafka().state(),
                        "storage", neighbours.storage().state(),
                        "redis", neighbours.redis().state()));
    }

    /**
     * Takes no more jobs, finishes those that run within the drain time, passes the rest on to other workers, and ends. Takes up
     * to 20 seconds more than the drain time when a neighbour is away.
     */
    @Override
    public void close() {
        if (closing.getAndSet(true)) {
            return;
        }
        try {
            if (started.isDone() && !started.isCompletedExceptionally()) {
                started.join().drain(settings.worker().drainTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        engine.close();
        ReplyPublisher replies = publisher;
        if (replies != null) {
            replies.close();
        }
        watch.close();
        redis.shutdown();
        objects.close();
    }
}
