package io.docmill.worker;

import io.docmill.model.job.CancelNotice;
import io.docmill.model.job.MessageCodec;
import io.docmill.model.job.RevocationNotice;
import io.docmill.model.job.Topics;
import io.docmill.model.security.ServiceKey;
import io.docmill.platform.cache.DocumentCache;
import io.docmill.platform.cache.LiveAttempts;
import io.docmill.platform.cache.RedisConnection;
import io.docmill.platform.config.InvalidSettingsException;
import io.docmill.platform.config.Secret;
import io.docmill.platform.files.PrivateDirectory;
import io.docmill.platform.management.NeighbourWatch;
import io.docmill.platform.management.Readiness;
import io.docmill.platform.neighbour.Neighbours;
import io.docmill.platform.queue.QueueProbe;
import io.docmill.platform.queue.QueueSetup;
import io.docmill.platform.queue.TopicReader;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.platform.tracing.Tracing;
import io.docmill.worker.engine.ConversionEngine;
import io.docmill.worker.engine.EngineObserver;
import io.docmill.worker.engine.EngineStatus;
import io.docmill.worker.engine.EngineUnavailableException;
import io.docmill.worker.job.DocumentConverter;
import io.docmill.worker.job.EngineMetrics;
import io.docmill.worker.job.JobAnswers;
import io.docmill.worker.job.JobConsumers;
import io.docmill.worker.job.JobHandler;
import io.docmill.worker.job.JobMarks;
import io.docmill.worker.job.JobMetrics;
import io.docmill.worker.job.JobStorage;
import io.docmill.worker.job.ReplyPublisher;
import io.docmill.worker.libreoffice.ForkServerSettings;
import io.docmill.worker.libreoffice.LibreOfficeEngines;
import io.docmill.worker.libreoffice.LibreOfficeSettings;
import io.docmill.worker.libreoffice.Recycling;
import io.docmill.worker.sandbox.SlotQuota;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker: takes jobs from the queue, converts, answers. It starts in the background and waits for neighbours that are away; only
 * an engine that can't run at all ends it. Safe for use by several threads; once closed it stays closed.
 */
public final class WorkerApplication implements Readiness, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(WorkerApplication.class);

    private static final Duration LONGEST_WAIT_FOR_REDIS = Duration.ofSeconds(2);

    private final WorkerSettings settings;
    private final Tracing tracing;
    private final Neighbours neighbours = Neighbours.ofWorker();
    private final ObjectStore objects;
    private final RedisConnection redis;
    private final JobMetrics metrics;
    private final EngineMetrics engineMetrics;
    private final NeighbourWatch watch;
    private final CompletableFuture<ConversionEngine> engine;
    private final CompletableFuture<JobConsumers> started;
    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile @Nullable ReplyPublisher publisher;
    private volatile @Nullable TopicReader cancels;

    private WorkerApplication(
            WorkerSettings settings, MeterRegistry registry, Function<EngineObserver, ConversionEngine> engineStart) {
        this.settings = settings;
        tracing = Tracing.start("docmill-worker", settings.tracing());
        objects = new ObjectStore(settings.storage());
        redis = RedisConnection.open(settings.redis(), neighbours.redis());
        metrics = new JobMetrics(registry);
        engineMetrics = new EngineMetrics(registry);
        watch = NeighbourWatch.start(neighbours, objects, QueueProbe.ofPresence(settings.kafka()), redis);
        neighbours.watch(registry, "worker");
        objects.watchClock(registry, "worker");
        Executor background = Executors.newVirtualThreadPerTaskExecutor();
        engine = CompletableFuture.supplyAsync(() -> engineStart.apply(engineMetrics), background);
        started = begin(background);
        watch(registry, "worker");
    }

    /**
     * Begins to start a worker and returns at once; {@link #awaitReady()} tells how it went.
     *
     * @param registry where its figures go
     * @throws InvalidSettingsException if the settings contradict themselves
     */
    public static WorkerApplication start(WorkerSettings settings, MeterRegistry registry) {
        return start(settings, registry, observer -> libreOffice(settings.worker(), observer));
    }

    /**
     * As {@link #start(WorkerSettings, MeterRegistry)}, with another engine than LibreOffice.
     *
     * @param engineStart makes the engine, on a thread of its own; tells the observer of its processes
     */
    public static WorkerApplication start(
            WorkerSettings settings, MeterRegistry registry, Function<EngineObserver, ConversionEngine> engineStart) {
        List<String> mistakes = mistakes(settings);
        if (!mistakes.isEmpty()) {
            throw new InvalidSettingsException(mistakes);
        }
        return new WorkerApplication(settings, registry, engineStart);
    }

    private static List<String> mistakes(WorkerSettings settings) {
        List<String> mistakes = Tracing.mistakes(settings.tracing());
        WorkerSettings.Worker worker = settings.worker();
        if (worker.slots() < 1) {
            mistakes.add("DOCMILL_WORKER_SLOTS: at least 1");
        } else if (reservedSlots(worker) < 0 || reservedSlots(worker) >= worker.slots()) {
            mistakes.add("DOCMILL_WORKER_RESERVED_SLOTS: from 0 to one less than DOCMILL_WORKER_SLOTS");
        }
        if (worker.documentsPerProcess() < 1) {
            mistakes.add("DOCMILL_WORKER_DOCUMENTS_PER_PROCESS: at least 1");
        }
        if (worker.forkServerDocuments() < 1) {
            mistakes.add("DOCMILL_WORKER_FORK_SERVER_DOCUMENTS: at least 1");
        }
        if (worker.scopeDocuments() < 1) {
            mistakes.add("DOCMILL_WORKER_SCOPE_DOCUMENTS: at least 1");
        }
        if (worker.firstSlotUser() < 1) {
            mistakes.add("DOCMILL_WORKER_FIRST_SLOT_USER: at least 1");
        }
        if (worker.spares() < 1) {
            mistakes.add("DOCMILL_WORKER_SPARES: at least 1");
        }
        if (worker.diskLimit().bytes() < 1) {
            mistakes.add("DOCMILL_WORKER_DISK_LIMIT: more than 0");
        }
        if (worker.memoryLimit().bytes() < 1) {
            mistakes.add("DOCMILL_WORKER_MEMORY_LIMIT: more than 0");
        }
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
        return mistakes;
    }

    private static int reservedSlots(WorkerSettings.Worker worker) {
        return worker.reservedSlots().orElse(worker.slots() > 1 ? 1 : 0);
    }

    private static ConversionEngine libreOffice(WorkerSettings.Worker worker, EngineObserver observer) {
        Path work = worker.workDirectory();
        try {
            // Before anything lies in it.
            PrivateDirectory.claim(work);
        } catch (IOException e) {
            throw new EngineUnavailableException("DOCMILL_WORKER_WORK_DIRECTORY cannot be used: " + e, e);
        }
        return LibreOfficeEngines.start(engineSettings(worker), observer);
    }

    private static LibreOfficeSettings engineSettings(WorkerSettings.Worker worker) {
        LibreOfficeSettings defaults =
                LibreOfficeSettings.of(worker.workDirectory().resolve("engine"), worker.slots());
        Recycling recycling = defaults.recycling().after(worker.documentsPerProcess());
        return new LibreOfficeSettings(
                worker.officeHome(),
                defaults.workDirectory(),
                worker.slots(),
                worker.spares(),
                worker.sandbox(),
                defaults.resourceLimits(),
                new SlotQuota(worker.diskLimit().bytes(), defaults.slotQuota().files()),
                switch (worker.recycle()) {
                    case WORN -> recycling;
                    case SCOPE -> recycling.apart();
                },
                worker.firstSlotUser(),
                worker.engine(),
                new ForkServerSettings(
                        worker.forkServer(),
                        worker.forkServerDocuments(),
                        worker.forkServerAge(),
                        worker.isolation(),
                        worker.scopeDocuments(),
                        worker.scopeTime()));
    }

    /** Engine, queue and bucket at the same time; jobs are taken once the engine and the queue are ready. */
    private CompletableFuture<JobConsumers> begin(Executor background) {
        background.execute(() -> neighbours.storage().awaitAnswer(closing::get, objects::ensureBucket));
        CompletableFuture<Void> queueReady = CompletableFuture.runAsync(
                () -> neighbours.kafka().awaitAnswer(closing::get, () -> QueueSetup.ensure(settings.kafka())),
                background);
        CompletableFuture<ConversionEngine> engineReady =
                engine.thenApplyAsync(WorkerApplication::whenReady, background);
        // Composed rather than combined: an engine that can't start is told at once, also while Kafka is away.
        return engineReady.thenCompose(ready -> queueReady.thenApplyAsync(_ -> takeJobs(ready), background));
    }

    private static ConversionEngine whenReady(ConversionEngine engine) {
        try {
            engine.awaitReady();
            return engine;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CompletionException(e);
        }
    }

    private JobConsumers takeJobs(ConversionEngine engine) {
        if (closing.get()) {
            throw new IllegalStateException("the worker was closed while it started");
        }
        engineMetrics.watch(engine);
        awaitRedis();
        WorkerSettings.Worker worker = settings.worker();
        // Positioned before any job is taken: a job that is canceled before that finds so at its first look at storage.
        if (!neighbours.kafka().awaitAnswer(closing::get, () -> cancels = readCancels())) {
            throw new IllegalStateException("the worker was closed while it started");
        }
        ReplyPublisher replies = new ReplyPublisher(settings.kafka());
        publisher = replies;
        JobStorage storage =
                new JobStorage(new DocumentStore(objects), new DocumentCache(redis, Clock.systemUTC()), neighbours);
        ServiceKey serviceKey = ServiceKey.of(
                settings.serviceKey().value(), settings.serviceKeyAccepted().map(Secret::value));
        DocumentConverter converter =
                new DocumentConverter(engine, serviceKey, worker.memoryLimit().bytes(), metrics);
        Path workspaces = worker.workDirectory().toAbsolutePath().resolve("jobs");
        JobMarks marks = new JobMarks(new LiveAttempts(redis), neighbours.redis());
        JobAnswers answers = new JobAnswers(replies, neighbours.kafka(), metrics);
        JobHandler handler = new JobHandler(storage, marks, converter, answers, tracing, workspaces);
        int reserved = reservedSlots(worker);
        log.info(
                "The worker takes jobs: {} slots, {} of them for callers who wait, {}, engine {}, sandbox {}",
                worker.slots(),
                reserved,
                engine.description(),
                engine.status().kind().label(),
                engine.status().sandbox());
        return JobConsumers.start(
                worker.slots(), reserved, settings.kafka(), handler, replies, metrics, neighbours.kafka());
    }

    /** A moment, and no longer: jobs that are taken before there is a connection run unmarked. */
    private void awaitRedis() {
        try {
            redis.awaitConnection(LONGEST_WAIT_FOR_REDIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One that comes before the slots are there waits for them. */
    private TopicReader readCancels() {
        return new TopicReader(settings.kafka(), Topics.CONTROL, message -> {
            switch (MessageCodec.decodeControl(message)) {
                case CancelNotice cancel -> {
                    var _ = started.thenAccept(consumers -> consumers.cancel(cancel));
                }
                // Keys are the gateways' business.
                case RevocationNotice _ -> {}
            }
        });
    }

    /**
     * Waits until jobs are taken, or the worker is closed.
     *
     * @throws EngineUnavailableException if the engine can't start
     */
    public void awaitReady() {
        try {
            started.join();
        } catch (CompletionException e) {
            if (closing.get()) {
                return;
            }
            if (e.getCause() instanceof EngineUnavailableException unavailable) {
                throw unavailable;
            }
            throw e;
        }
    }

    private boolean takesJobs() {
        return started.isDone() && !started.isCompletedExceptionally() && !closing.get();
    }

    @Override
    public Report report() {
        Map<String, String> details = new HashMap<>();
        details.put("worker", closing.get() ? "draining" : takesJobs() ? "takes jobs" : "starting");
        details.putAll(neighbours.states());
        TopicReader reader = cancels;
        details.put("cancels", reader != null && reader.isPositioned() ? "every cancel is read" : "not read");
        if (engine.isDone() && !engine.isCompletedExceptionally()) {
            EngineStatus status = engine.join().status();
            details.put("engine", engine.join().description());
            details.put("engineKind", kind(status));
            details.put("sandbox", status.sandbox());
            details.put("slots", "%d, %d busy, %d ready".formatted(status.slots(), status.busy(), status.ready()));
            details.put("spare", status.spareReady() ? "ready" : "not ready");
            details.put("starting", Integer.toString(status.starting()));
        } else {
            details.put("engine", engine.isDone() ? "can't start" : "starting");
        }
        return new Report(takesJobs(), details);
    }

    private static String kind(EngineStatus status) {
        return status.passedOver().isEmpty()
                ? status.kind().label()
                : "%s (%s)".formatted(status.kind().label(), status.passedOver());
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
        // A start that is just over takes part too.
        CompletableFuture<Void> drained = started.thenAccept(
                consumers -> consumers.drain(settings.worker().drainTime()));
        if (!drained.isDone()) {
            log.info("Stopped while starting");
        }
        engine.thenAccept(ConversionEngine::close).exceptionally(_ -> null).join();
        log.info("The worker ends. Jobs {}. LibreOffices ended: {}.", metrics.soFar(), engineMetrics.endsSoFar());
        TopicReader reader = cancels;
        if (reader != null) {
            reader.close();
        }
        ReplyPublisher replies = publisher;
        if (replies != null) {
            replies.close();
        }
        watch.close();
        redis.close();
        objects.close();
        tracing.close();
    }
}
