package io.docmill.worker.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionFailure.TooComplex;
import io.docmill.model.id.AttemptId;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply.Failed;
import io.docmill.model.job.JobReply.Outcome;
import io.docmill.model.job.JobReply.Succeeded;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.security.ServiceKey;
import io.docmill.model.storage.ObjectKeys;
import io.docmill.platform.cache.DocumentCache;
import io.docmill.platform.cache.LiveAttempts;
import io.docmill.platform.cache.RedisConnection;
import io.docmill.platform.neighbour.Neighbours;
import io.docmill.platform.queue.QueueSetup;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.platform.tracing.Tracing;
import io.docmill.testing.documents.EncryptedDocuments;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import io.docmill.worker.NeighbourProcesses;
import io.docmill.worker.QueueClient;
import io.docmill.worker.ScriptedEngine;
import io.docmill.worker.TestJobs;
import io.docmill.worker.WorkerSettings;
import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.engine.EngineUsage;
import io.docmill.worker.job.Cancellation.Reason;
import io.docmill.worker.plan.ConversionStep.LibreOfficeStep;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JobHandlerIT {
    private static final TestDocument DOCUMENT = TestDocuments.docx("Hello");

    private Path directory;
    private NeighbourProcesses processes;
    private ObjectStore objects;
    private DocumentStore store;
    private RedisConnection redis;
    private ReplyPublisher replies;
    private QueueClient queue;
    private TestJobs jobs;
    private ServiceKey serviceKey;
    private final Neighbours neighbours = Neighbours.ofWorker();

    @BeforeAll
    void startNeighbours(@TempDir Path directory) {
        this.directory = directory;
        processes = NeighbourProcesses.start(directory);
        WorkerSettings settings = processes.settings(Map.of());
        objects = new ObjectStore(settings.storage());
        store = new DocumentStore(objects);
        redis = RedisConnection.open(settings.redis(), neighbours.redis());
        replies = new ReplyPublisher(settings.kafka());
        queue = new QueueClient(settings.kafka());
        jobs = new TestJobs(store);
        serviceKey = ServiceKey.of(settings.serviceKey().value());
    }

    @AfterAll
    void stopNeighbours() {
        queue.close();
        replies.close();
        redis.close();
        objects.close();
        processes.close();
    }

    @Test
    void keepsAndRepliesWhatItConverted() throws IOException {
        // Given
        ScriptedEngine engine = new ScriptedEngine(1, ScriptedEngine::convert);
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        // When
        Ending ending = handle(job, engine);
        // Then
        assertThat(ending).isEqualTo(new Ending.Answered());
        ArtifactRecord artifact = artifactOf(job);
        assertThat(queue.awaitReply(job.attempt())).isEqualTo(new Succeeded(artifact));
        assertThat(artifact.attempt()).isEqualTo(job.attempt());
        assertThat(artifact.contentType()).isEqualTo("application/pdf");
        assertThat(artifact.pages()).isEqualTo(1);
        assertThat(artifact.size()).isEqualTo(ScriptedEngine.CONTENT.length());
        assertThat(leftInWorkspaces()).isEmpty();
    }

    @Test
    void answersWithAnArtifactThatIsThere() {
        // Given
        ScriptedEngine engine = new ScriptedEngine(1, ScriptedEngine::convert);
        ConversionJob earlier = jobs.docxToPdf(DOCUMENT);
        ArtifactRecord artifact = jobs.putArtifact(earlier);
        // When
        Ending ending = handle(TestJobs.again(earlier, 60, false), engine);
        // Then
        assertThat(ending).isEqualTo(new Ending.Answered());
        assertThat(queue.awaitReply(earlier.attempt())).isEqualTo(new Succeeded(artifact));
        assertThat(engine.plans()).isEmpty();
    }

    @Test
    void replacesAnArtifactForARefresh() {
        // Given
        ConversionJob earlier = jobs.docxToPdf(DOCUMENT);
        jobs.putArtifact(earlier);
        ConversionJob refresh = TestJobs.again(earlier, 60, true);
        // When
        handle(refresh, new ScriptedEngine(1, ScriptedEngine::convert));
        // Then
        assertThat(artifactOf(refresh).attempt()).isEqualTo(refresh.attempt());
        assertThat(queue.awaitReply(refresh.attempt())).isInstanceOf(Succeeded.class);
    }

    @Test
    void endsARefreshWithALaterAttemptsFailure() {
        // Given
        ScriptedEngine engine = new ScriptedEngine(1, ScriptedEngine::convert);
        ConversionJob refresh = TestJobs.again(jobs.docxToPdf(DOCUMENT), 60, true);
        FailureRecord later = failed(TestJobs.again(refresh, 60, false), new ConversionFailure.Corrupt());
        // When
        handle(refresh, engine);
        // Then
        assertThat(queue.awaitReply(later.attempt())).isEqualTo(new Failed(later));
        assertThat(engine.plans()).isEmpty();
    }

    @Test
    void repeatsARememberedFailureUnderItsOwnAttempt() {
        // Given
        ScriptedEngine engine = new ScriptedEngine(1, ScriptedEngine::convert);
        ConversionJob earlier = jobs.docxToPdf(DOCUMENT);
        FailureRecord remembered = failed(earlier, new ConversionFailure.Corrupt());
        ConversionJob job = TestJobs.again(earlier, 60, false);
        // When
        handle(job, engine);
        // Then
        assertThat(failureOf(queue.awaitReply(job.attempt()))).isEqualTo(new ConversionFailure.Corrupt());
        FailureRecord kept = store.findFailure(job.scope(), job.conversion()).orElseThrow();
        assertThat(kept.attempt()).isEqualTo(job.attempt());
        assertThat(kept.rememberedUntil()).isEqualTo(remembered.rememberedUntil());
        assertThat(engine.plans()).isEmpty();
    }

    @Test
    void triesAgainWithMoreTimeWhatWasTooComplex() {
        // Given
        ConversionJob earlier = jobs.docxToPdf(DOCUMENT);
        failed(earlier, new TooComplex(TooComplex.Limit.TIME, 60));
        ConversionJob job = TestJobs.again(earlier, 120, false);
        // When
        handle(job, new ScriptedEngine(1, ScriptedEngine::convert));
        // Then
        assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class);
    }

    @Test
    void remembersAFailureTwiceAsLongAsTheOneBefore() {
        // Given
        ConversionJob earlier = jobs.docxToPdf(DOCUMENT);
        failed(earlier, new ConversionFailure.Corrupt());
        ConversionJob refresh = TestJobs.again(earlier, 60, true);
        // When
        handle(refresh, ending(() -> new EngineOutcome.TimedOut(Duration.ofSeconds(60), EngineUsage.NONE)));
        // Then
        FailureRecord kept =
                store.findFailure(refresh.scope(), refresh.conversion()).orElseThrow();
        assertThat(kept.failure()).isEqualTo(new TooComplex(TooComplex.Limit.TIME, 60));
        assertThat(kept.consecutive()).isEqualTo(2);
        assertThat(kept.rememberedUntil()).isEqualTo(kept.failedAt().plus(Duration.ofMinutes(20)));
    }

    @Test
    void answersSourceMissingAndWritesNothingWhenTheSourceIsGone() {
        // Given
        ScriptedEngine engine = new ScriptedEngine(1, ScriptedEngine::convert);
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        store.deleteSource(job.scope(), job.conversion().source());
        // When
        handle(job, engine);
        // Then
        assertThat(failureOf(queue.awaitReply(job.attempt()))).isEqualTo(new ConversionFailure.SourceMissing());
        assertThat(keysOf(job)).isEmpty();
        assertThat(engine.plans()).isEmpty();
    }

    @Test
    void dropsItsResultForALaterAttemptsArtifact() {
        // Given
        ConversionJob job = TestJobs.again(jobs.docxToPdf(DOCUMENT), 60, true);
        ConversionJob later = TestJobs.again(job, 60, true);
        ScriptedEngine engine = new ScriptedEngine(1, (plan, outcome) -> {
            jobs.putArtifact(later);
            ScriptedEngine.convert(plan, outcome);
        });
        // When
        handle(job, engine);
        // Then
        assertThat(queue.awaitReply(later.attempt())).isInstanceOf(Succeeded.class);
        assertThat(artifactOf(job).attempt()).isEqualTo(later.attempt());
    }

    @Test
    void dropsItsResultWhenItWasCanceledMeanwhile() {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        ScriptedEngine engine = new ScriptedEngine(1, (plan, outcome) -> {
            failed(job, new ConversionFailure.Canceled());
            ScriptedEngine.convert(plan, outcome);
        });
        // When
        handle(job, engine);
        // Then
        assertThat(failureOf(queue.awaitReply(job.attempt()))).isEqualTo(new ConversionFailure.Canceled());
        assertThat(store.findArtifact(job.scope(), job.conversion())).isEmpty();
    }

    @Test
    void triesOnceMoreAfterACrash() {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        CompletableFuture<Void> crashed = new CompletableFuture<>();
        ScriptedEngine engine = new ScriptedEngine(1, (plan, outcome) -> {
            if (crashed.complete(null)) {
                outcome.complete(new EngineOutcome.Crashed(EngineUsage.NONE));
            } else {
                ScriptedEngine.convert(plan, outcome);
            }
        });
        // When
        handle(job, engine);
        // Then
        assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class);
        assertThat(engine.plans()).hasSize(2);
    }

    @Test
    void givesUpAndKeepsADeadLetterAfterASecondCrash() {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        ScriptedEngine engine = ending(() -> new EngineOutcome.Crashed(EngineUsage.NONE));
        // When
        handle(job, engine);
        // Then
        assertThat(failureOf(queue.awaitReply(job.attempt()))).isEqualTo(new ConversionFailure.EngineCrashed(2));
        assertThat(engine.plans()).hasSize(2);
        assertThat(objects.head(ObjectKeys.deadLetter(job.attempt()))).isPresent();
    }

    @Test
    void asksForAPasswordOrRefusesTheOneThatCame() {
        // Given
        AttemptId attempt = AttemptId.after(null);
        TestDocument encrypted = EncryptedDocuments.docx("Hello");
        ConversionJob without = jobs.encryptedDocxToPdf(encrypted, AttemptId.after(null), null);
        ConversionJob with =
                jobs.encryptedDocxToPdf(encrypted, attempt, serviceKey.sealPassword("secret", attempt.toString()));
        ScriptedEngine engine = new ScriptedEngine(1, ScriptedEngine::convert);
        // When
        List.of(without, with).forEach(job -> handle(job, engine));
        // Then
        assertThat(failureOf(queue.awaitReply(without.attempt()))).isEqualTo(new ConversionFailure.PasswordRequired());
        assertThat(failureOf(queue.awaitReply(with.attempt()))).isEqualTo(new ConversionFailure.WrongPassword());
        assertThat(engine.plans()).isEmpty();
    }

    @Test
    void givesTheEngineADecryptedDocumentAndNoPassword() {
        // Given
        AttemptId attempt = AttemptId.after(null);
        ConversionJob job = jobs.encryptedDocxToPdf(
                EncryptedDocuments.docx("Hello"),
                attempt,
                serviceKey.sealPassword(EncryptedDocuments.PASSWORD, attempt.toString()));
        ScriptedEngine engine = new ScriptedEngine(1, ScriptedEngine::convert);
        // When
        handle(job, engine);
        // Then
        assertThat(queue.awaitReply(attempt)).isInstanceOf(Succeeded.class);
        assertThat(engine.plans().getFirst().steps().getFirst())
                .isInstanceOfSatisfying(
                        LibreOfficeStep.class,
                        step -> assertThat(step.load().values()).doesNotContainKey("Password"));
    }

    @Test
    void callsCorruptWhatTheEngineRefuses() {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        // When
        handle(job, ending(() -> new EngineOutcome.LoadRefused(EngineUsage.NONE)));
        // Then
        assertThat(failureOf(queue.awaitReply(job.attempt()))).isEqualTo(new ConversionFailure.Corrupt());
    }

    @Test
    void doesNotRunWhatIsDeliveredForTheLastTime() {
        // Given
        ScriptedEngine engine = new ScriptedEngine(1, ScriptedEngine::convert);
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        // When
        handler(engine).handle(Deliveries.of(job, 0, QueueSetup.DELIVERY_LIMIT), new Cancellation());
        // Then
        assertThat(failureOf(queue.awaitReply(job.attempt())))
                .isEqualTo(new ConversionFailure.WorkersLost(QueueSetup.DELIVERY_LIMIT - 1));
        assertThat(objects.head(ObjectKeys.deadLetter(job.attempt()))).isPresent();
        assertThat(engine.plans()).isEmpty();
    }

    @Test
    void keepsItsJobWhileTheStoreIsAway() throws InterruptedException {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        processes.stopStore();
        // When
        RunningJob running =
                RunningJob.start(handler(new ScriptedEngine(1, ScriptedEngine::convert)), Deliveries.first(job));
        await().until(() -> neighbours.storage().isAway());
        processes.restartStore();
        // Then
        assertThat(running.awaitEnd(Duration.ofSeconds(30))).isTrue();
        assertThat(running.ending()).isEqualTo(new Ending.Answered());
        assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class);
        assertThat(neighbours.storage().isAway()).isFalse();
    }

    @Test
    void stopsWhileItConvertsAndLeavesNothing() throws Exception {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        ScriptedEngine engine = new ScriptedEngine(1, (plan, outcome) -> {});
        RunningJob running = RunningJob.start(handler(engine), Deliveries.first(job));
        await().until(() -> engine.plans().size() == 1);
        // When
        running.stop(Reason.SHUTDOWN);
        // Then
        assertThat(running.awaitEnd(Duration.ofSeconds(10))).isTrue();
        assertThat(running.ending()).isEqualTo(new Ending.Stopped(true));
        assertThat(leftInWorkspaces()).isEmpty();
        assertThat(store.findFailure(job.scope(), job.conversion())).isEmpty();
    }

    @Test
    void answersADefectOfOursAsInterrupted() {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        ScriptedEngine engine = new ScriptedEngine(1, (plan, outcome) -> {
            throw new IllegalArgumentException("a defect");
        });
        // When
        Ending ending = handle(job, engine);
        // Then
        assertThat(ending).isEqualTo(new Ending.Answered());
        assertThat(failureOf(queue.awaitReply(job.attempt()))).isEqualTo(new ConversionFailure.Interrupted());
    }

    @Test
    void answersAFaultOfItsOwnFilesAsADefectAndNotAsAnOutageOfTheStore() {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        ScriptedEngine engine = new ScriptedEngine(1, (plan, outcome) -> {
            ScriptedEngine.convert(plan, outcome);
            assertThat(plan.output()).satisfies(Files::delete);
        });
        // When
        Ending ending = handle(job, engine);
        // Then
        assertThat(ending).isEqualTo(new Ending.Answered());
        assertThat(failureOf(queue.awaitReply(job.attempt()))).isEqualTo(new ConversionFailure.Interrupted());
        assertThat(neighbours.storage().isAway()).isFalse();
    }

    @Test
    void tellsAFileThatItCannotWriteFromAStoreThatIsAway() {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        Path nowhere = directory.resolve("nowhere/source.docx");
        // When
        assertThatThrownBy(() -> store.fetchSource(job.scope(), job.conversion().source(), nowhere))
                // Then
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void waitsForRoomForADocumentWithoutBlamingTheStore() throws Exception {
        // Given
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        JobHandler handler = handler(new ScriptedEngine(1, ScriptedEngine::convert));
        Path root = Files.createFile(directory.resolve("jobs"));
        // When
        RunningJob running = RunningJob.start(handler, Deliveries.first(job));
        assertThat(running.awaitEnd(Duration.ofMillis(500))).isFalse();
        Files.delete(root);
        // Then
        assertThat(running.awaitEnd(Duration.ofSeconds(30))).isTrue();
        assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class);
        assertThat(neighbours.storage().isAway()).isFalse();
    }

    @Test
    void keepsAJobWhileTheDiskIsFullAndBlamesNoDocument() throws IOException {
        // Given
        AtomicInteger runs = new AtomicInteger();
        ScriptedEngine engine = new ScriptedEngine(1, (plan, outcome) -> {
            if (runs.incrementAndGet() < 3) {
                outcome.complete(new EngineOutcome.NoRoom(EngineUsage.NONE));
            } else {
                ScriptedEngine.convert(plan, outcome);
            }
        });
        ConversionJob job = jobs.docxToPdf(DOCUMENT);
        // When
        Ending ending = handle(job, engine);
        // Then
        assertThat(ending).isEqualTo(new Ending.Answered());
        assertThat(runs).hasValue(3);
        assertThat(queue.awaitReply(job.attempt())).isInstanceOf(Succeeded.class);
        assertThat(leftInWorkspaces()).isEmpty();
    }

    private static ScriptedEngine ending(Supplier<EngineOutcome> end) {
        return new ScriptedEngine(1, (plan, outcome) -> outcome.complete(end.get()));
    }

    private JobHandler handler(ScriptedEngine engine) {
        JobMetrics metrics = new JobMetrics(new SimpleMeterRegistry());
        return new JobHandler(
                new JobStorage(store, new DocumentCache(redis, Clock.systemUTC()), neighbours),
                new JobMarks(new LiveAttempts(redis), neighbours.redis()),
                new DocumentConverter(engine, serviceKey, 1L << 30, metrics),
                new JobAnswers(replies, neighbours.kafka(), metrics),
                Tracing.off(),
                directory.resolve("jobs"));
    }

    private Ending handle(ConversionJob job, ScriptedEngine engine) {
        return handler(engine).handle(Deliveries.first(job), new Cancellation());
    }

    private FailureRecord failed(ConversionJob job, ConversionFailure failure) {
        FailureRecord record = JobStorage.failureOf(job, failure, 0, Instant.now());
        store.putFailure(job.scope(), job.conversion(), record);
        return record;
    }

    private ArtifactRecord artifactOf(ConversionJob job) {
        return store.findArtifact(job.scope(), job.conversion()).orElseThrow();
    }

    private List<String> keysOf(ConversionJob job) {
        return objects.keys(
                ObjectKeys.sourcePrefix(job.scope(), job.conversion().source()));
    }

    private static ConversionFailure failureOf(Outcome outcome) {
        assertThat(outcome).isInstanceOf(Failed.class);
        return ((Failed) outcome).failure().failure();
    }

    private List<Path> leftInWorkspaces() throws IOException {
        Path root = directory.resolve("jobs");
        if (!Files.exists(root)) {
            return List.of();
        }
        try (Stream<Path> left = Files.list(root)) {
            return left.toList();
        }
    }
}
