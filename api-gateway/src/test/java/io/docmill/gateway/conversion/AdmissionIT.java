package io.docmill.gateway.conversion;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.docmill.gateway.GatewaySettings;
import io.docmill.gateway.admission.JobAdmission;
import io.docmill.gateway.admission.QueueBusyException;
import io.docmill.gateway.blocking.BlockingCalls;
import io.docmill.gateway.download.DownloadUrls;
import io.docmill.gateway.file.FileService;
import io.docmill.gateway.onecall.Admission;
import io.docmill.gateway.onecall.OneCallConversions;
import io.docmill.gateway.source.SourceDeletion;
import io.docmill.gateway.source.SourceExpiry;
import io.docmill.gateway.upload.UploadCheck;
import io.docmill.gateway.upload.UploadedFile;
import io.docmill.inspection.DocumentInspector;
import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionFailure.TooComplex.Limit;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.conversion.ConversionParameters;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.job.CancelNotice;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply;
import io.docmill.model.job.Topics;
import io.docmill.model.record.FileRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.model.security.ServiceKey;
import io.docmill.platform.cache.DocumentCache;
import io.docmill.platform.cache.LiveAttempts;
import io.docmill.platform.cache.RedisConnection;
import io.docmill.platform.config.Settings;
import io.docmill.platform.neighbour.Neighbours;
import io.docmill.platform.queue.QueueBacklog;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.platform.tracing.TraceSpan;
import io.docmill.testing.documents.EncryptedDocuments;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import io.docmill.testing.services.TestService;
import io.docmill.testing.services.TestServices;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who is refused where a job would wait for hours, and who is not. */
class AdmissionIT {
    private static final Duration WAIT_LIMIT = Duration.ofSeconds(50);
    private static final Duration NO_WAIT = Duration.ZERO;

    private final Clock clock = Clock.systemUTC();
    private final Vertx vertx = Vertx.vertx();
    private final Context eventLoop = vertx.getOrCreateContext();
    private final BlockingCalls blocking = new BlockingCalls(vertx);
    private final InFlightConversions inFlight = new InFlightConversions();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final List<ConversionJob> published = new CopyOnWriteArrayList<>();
    private final ScopeId scope = ScopeId.create();
    private Path directory;
    private TestServices<TestService> services;
    private ObjectStore objects;
    private DocumentStore documents;
    private RedisConnection redis;
    private ConversionService conversions;
    private OneCallConversions oneCall;

    /** Takes each job. */
    private final class Queue implements JobPublisher {
        @Override
        public Future<Void> publish(ConversionJob job, TraceSpan span) {
            published.add(job);
            return Future.succeededFuture();
        }

        @Override
        public Future<Void> publish(CancelNotice notice) {
            return Future.succeededFuture();
        }
    }

    @BeforeEach
    void start(@TempDir Path temporary) throws InterruptedException {
        directory = temporary;
        services = TestServices.inThisProcess(directory.resolve("services"));
        Map<String, String> properties = new HashMap<>(services.settings());
        properties.put("docmill.service-key", "a service key for tests, long enough");
        GatewaySettings settings = Settings.fromProperties(GatewaySettings.class, properties);
        objects = new ObjectStore(settings.storage());
        objects.ensureBucket();
        documents = new DocumentStore(objects);
        Neighbours neighbours = Neighbours.ofGateway();
        redis = RedisConnection.open(settings.redis(), neighbours.redis());
        assertThat(redis.awaitConnection(Duration.ofSeconds(10))).isTrue();
        DocumentCache cache = new DocumentCache(redis, clock);
        ServiceKey key = ServiceKey.of(settings.serviceKey().value());
        conversions = new ConversionService(
                new ConversionService.Dependencies(
                        vertx,
                        documents,
                        cache,
                        new LiveAttempts(redis),
                        new Queue(),
                        inFlight,
                        key,
                        new DownloadUrls(objects, key, clock),
                        blocking,
                        neighbours.storage(),
                        clock,
                        busy(),
                        metrics),
                WAIT_LIMIT);
        SourceDeletion deletion = new SourceDeletion(documents, cache, clock);
        UploadCheck check = new UploadCheck(new DocumentInspector(), clock);
        oneCall = new OneCallConversions(
                check,
                new FileService(documents, cache, deletion, check, blocking),
                conversions,
                new SourceExpiry(documents, deletion, clock),
                deletion,
                blocking);
    }

    @AfterEach
    void stop() {
        redis.close();
        objects.close();
        blocking.close();
        vertx.close().await();
        services.close();
    }

    /** One slot that has ended a job each second, and has ten thousand ahead of it. */
    private JobAdmission busy() {
        Instant now = clock.instant();
        JobAdmission admission = new JobAdmission(Clock.fixed(now, ZoneOffset.UTC), WAIT_LIMIT, metrics);
        for (int second = -20; second <= 0; second++) {
            admission.measured(new QueueBacklog(
                    Map.of(Topics.INTERACTIVE_JOBS, 10_000L),
                    Map.of(Topics.INTERACTIVE_JOBS, 100L + second),
                    Map.of(Topics.INTERACTIVE_JOBS, 1),
                    now.plusSeconds(second)));
        }
        assertThat(admission.refusal()).isPresent();
        return admission;
    }

    private SourceId uploaded() {
        SourceId source = SourceId.create(SourceId.Kind.FILE);
        Path content = TestDocuments.docx("Waits.").writeInto(directory);
        documents.putSource(scope, source, content, record());
        return source;
    }

    private static FileRecord record() {
        return new FileRecord(
                StoredRecord.VERSION, "a.docx", DocumentFormat.DOCX, 7, "ab".repeat(32), false, Instant.EPOCH);
    }

    /** A caller's wait whose look at storage and lease has not ended yet. */
    private InFlight opening(SourceId source, Duration timeout) {
        WantedConversion wanted = new WantedConversion(
                scope,
                ConversionOptions.DEFAULT.conversionOf(source, DocumentFormat.PDF, null),
                record(),
                new ConversionParameters(DocumentFormat.PDF, ConversionOptions.DEFAULT, timeout, false, null),
                true,
                false,
                clock.instant(),
                "a request",
                TraceSpan.NONE);
        return inFlight.join(wanted, _ -> {});
    }

    private CompletableFuture<ConversionAnswer> convert(SourceId source, Duration wait, boolean refusable) {
        CompletableFuture<ConversionAnswer> answer = new CompletableFuture<>();
        Future<?> callerLeft = Promise.promise().future();
        ConversionRequest request = new ConversionRequest(
                scope,
                source,
                "pdf",
                Map.of("timeout", "120"),
                wait,
                refusable,
                callerLeft,
                "another request",
                TraceSpan.NONE);
        eventLoop.runOnContext(
                _ -> conversions.convert(request).onSuccess(answer::complete).onFailure(answer::completeExceptionally));
        return answer;
    }

    /** One who waits for the queue alone. */
    private static void awaitWaiterForTheQueue(InFlight joined) {
        await().atMost(20, SECONDS).until(() -> joined.queued().getNumberOfDependents() > 0);
    }

    private void refuse(InFlight joined) {
        eventLoop.runOnContext(_ -> joined.notPublished(1, new QueueBusyException(Duration.ofHours(3))));
    }

    private static AttemptId pendingAttempt(CompletableFuture<ConversionAnswer> answer) {
        return answer.orTimeout(30, SECONDS).join() instanceof ConversionAnswer.Answered(ConversionView.Pending pending)
                ? pending.attempt()
                : AttemptId.after(null);
    }

    private double refusals() {
        return metrics.get("docmill.admission.refused").counter().count();
    }

    @Test
    void whoDoesNotWaitIsAcceptedThoughTheOneWhoseWaitItJoinedIsRefused() {
        // Given
        SourceId source = uploaded();
        InFlight joined = opening(source, Duration.ofMinutes(2));
        CompletableFuture<ConversionAnswer> answer = convert(source, NO_WAIT, false);
        awaitWaiterForTheQueue(joined);
        // When
        refuse(joined);
        // Then
        AttemptId attempt = pendingAttempt(answer);
        assertThat(published).extracting(ConversionJob::attempt).containsExactly(attempt);
        assertThat(refusals()).isZero();
    }

    @Test
    void whoIsRefusedWhileItWaitsForTheQueueIsCounted() {
        // Given
        SourceId source = uploaded();
        InFlight joined = opening(source, Duration.ofMinutes(2));
        CompletableFuture<ConversionAnswer> answer = convert(source, NO_WAIT, true);
        awaitWaiterForTheQueue(joined);
        // When
        refuse(joined);
        // Then
        assertThatThrownBy(() -> answer.orTimeout(30, SECONDS).join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(QueueBusyException.class);
        assertThat(refusals()).isOne();
        assertThat(published).isEmpty();
    }

    @Test
    void whoHasWaitedForAnAttemptThatHadLessTimeIsNotRefusedThen() {
        // Given
        SourceId source = uploaded();
        InFlight joined = opening(source, Duration.ofSeconds(30));
        AttemptId first = AttemptId.after(null);
        joined.expect(first);
        CompletableFuture<ConversionAnswer> answer = convert(source, NO_WAIT, true);
        awaitWaiterForTheQueue(joined);
        // When
        joined.receive(new JobReply.Failed(joined.wanted()
                .accepted(first)
                .failed(new ConversionFailure.TooComplex(Limit.TIME, 30), null, clock.instant())));
        // Then
        AttemptId attempt = pendingAttempt(answer);
        assertThat(published).extracting(ConversionJob::attempt).containsExactly(attempt);
        assertThat(refusals()).isZero();
    }

    @Test
    void aDocumentThatNeedsNoJobIsTakenInOneCall() {
        // When
        Admission locked =
                admit(EncryptedDocuments.docx("Only with a password.")).join();
        CompletableFuture<Admission> plain = admit(TestDocuments.docx("Waits."));
        // Then
        assertThat(locked).isInstanceOf(Admission.Admitted.class);
        assertThatThrownBy(plain::join).hasRootCauseInstanceOf(QueueBusyException.class);
        assertThat(refusals()).isOne();
    }

    private CompletableFuture<Admission> admit(TestDocument document) {
        UploadedFile file = new UploadedFile(document.writeInto(directory), document.name(), "ab".repeat(32));
        return oneCall.admit(scope, file, new OneCallConversions.Wanted("pdf", Map.of(), true, true))
                .toCompletionStage()
                .toCompletableFuture();
    }
}
