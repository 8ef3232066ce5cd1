package io.docmill.gateway;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply;
import io.docmill.model.job.Topics;
import io.docmill.model.record.RequestRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.platform.cache.Lease;
import io.docmill.platform.cache.LiveAttempts;
import io.docmill.platform.cache.RedisConnection;
import io.docmill.platform.cache.RunningMark;
import io.docmill.platform.neighbour.Neighbours;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One conversion, once: what two gateways make of calls that meet, of attempts that are lost, and of cancels. */
class OneConversionIT {
    private static NeighbourProcesses neighbours;
    private static ScriptedWorker worker;
    private static RunningGateway one;
    private static RunningGateway other;

    /** Has callers come back after 1 s. */
    private static RunningGateway impatient;

    private static RedisConnection redis;
    private static LiveAttempts live;
    private static Path directory;

    @BeforeAll
    static void start(@TempDir Path temporary) throws InterruptedException {
        directory = temporary;
        neighbours = NeighbourProcesses.start(directory);
        one = RunningGateway.start(neighbours, directory.resolve("one"), Map.of());
        other = RunningGateway.start(neighbours, directory.resolve("other"), Map.of());
        impatient = RunningGateway.start(
                neighbours, directory.resolve("impatient"), Map.of("docmill.gateway.wait-limit", "1s"));
        worker = new ScriptedWorker(neighbours.settings(Map.of()));
        redis = RedisConnection.open(
                neighbours.settings(Map.of()).redis(), Neighbours.ofGateway().redis());
        assertThat(redis.awaitConnection(Duration.ofSeconds(10))).isTrue();
        live = new LiveAttempts(redis);
    }

    @AfterAll
    static void stop() {
        redis.close();
        worker.close();
        impatient.close();
        other.close();
        one.close();
        neighbours.close();
    }

    @BeforeEach
    void everyJobSucceeds() {
        worker.does(worker::succeed);
    }

    private static TestDocument document() {
        return TestDocuments.docx("A document that is converted once.");
    }

    /** Jobs that the worker was given and has not done anything with. */
    private static List<ConversionJob> holdJobs() {
        List<ConversionJob> held = new CopyOnWriteArrayList<>();
        worker.does(held::add);
        return held;
    }

    private static ConversionJob first(List<ConversionJob> held) {
        await().atMost(20, SECONDS).until(() -> !held.isEmpty());
        return held.getFirst();
    }

    /** A key's file, and the conversion that a call for a PDF of it will be. */
    private record Upload(String file, ScopeId scope, ConversionId conversion) {}

    /** Uploads a document and finds out under which ids its conversion goes, by a first one that fails in passing. */
    private static Upload uploadWithKnownConversion() {
        String file = one.uploadedBy(one.userKey(), document());
        worker.does(job -> worker.fail(job, new ConversionFailure.Interrupted()));
        assertThat(one.toPdf(file).status()).isEqualTo(502);
        ConversionJob job = worker.jobsOf(file).getFirst();
        return new Upload(file, job.scope(), job.conversion());
    }

    private static int conversionsWaitedFor(RunningGateway gateway) {
        String detail = gateway.application().report().details().getOrDefault("waiting", "no detail");
        return Integer.parseInt(detail.substring(0, detail.indexOf(' ')));
    }

    private static Lease claim(ConversionJob like, AttemptId attempt) {
        return new Lease(Lease.State.CLAIMED, attempt, false, like.format(), like.options(), Instant.now());
    }

    @Test
    void twoHundredEqualCallsAtTwoGatewaysPublishOneJob() throws Exception {
        // Given
        String file = one.uploaded(document());
        List<ConversionJob> held = holdJobs();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            // When
            List<Future<Answer>> answers = IntStream.range(0, 200)
                    .mapToObj(i -> callers.submit(() ->
                            i % 2 == 0 ? one.toPdf(file) : other.convert(file, Map.of("format", "pdf"), one.userKey())))
                    .toList();
            worker.succeed(first(held));
            // Then
            for (Future<Answer> answer : answers) {
                assertThat(answer.get().status()).isEqualTo(200);
                assertThat(answer.get().json().getString("attempt"))
                        .isEqualTo(held.getFirst().attempt().toString());
            }
        }
        assertThat(worker.jobsOf(file)).hasSize(1);
    }

    @Test
    void looksAtStorageBeforeTheFirstJobOfAFileOnlyWhereRedisDoesNotKnowThatItIsTheFirst() {
        // Given
        Upload like = uploadWithKnownConversion();
        String known = one.uploaded(document());
        String forgotten = one.uploaded(document());
        writeArtifactUnseen(known, like);
        writeArtifactUnseen(forgotten, like);
        everyJobSucceeds();
        // When
        Answer first = one.toPdf(known);
        neighbours.flushRedis();
        Answer found = one.toPdf(forgotten);
        // Then
        assertThat(first.status()).isEqualTo(200);
        assertThat(worker.jobsOf(known)).hasSize(1);
        assertThat(found.json().getBoolean("cached")).isTrue();
        assertThat(worker.jobsOf(forgotten)).isEmpty();
    }

    /** An artifact for which no attempt was opened. */
    private static void writeArtifactUnseen(String file, Upload like) {
        ConversionJob other = worker.jobsOf(like.file()).getFirst();
        SourceId source = SourceId.parse(file).orElseThrow();
        worker.writeArtifact(ConversionJob.of(
                new RequestRecord(
                        StoredRecord.VERSION,
                        AttemptId.after(null),
                        other.format(),
                        other.options(),
                        other.sourceFormat(),
                        other.timeoutSeconds(),
                        false,
                        false,
                        other.createdAt()),
                other.options().conversionOf(source, other.format(), null),
                other.scope(),
                null,
                "a request"));
    }

    @Test
    void aGatewayThatStartsLaterJoinsTheAttemptUnderWay() throws Exception {
        // Given
        String file = one.uploaded(document());
        List<ConversionJob> held = holdJobs();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> early = callers.submit(() -> one.toPdf(file));
            first(held);
            // When
            try (RunningGateway late = RunningGateway.start(neighbours, directory.resolve("late"), Map.of())) {
                Future<Answer> joined =
                        callers.submit(() -> late.convert(file, Map.of("format", "pdf"), one.userKey()));
                await().until(() -> conversionsWaitedFor(late) == 1);
                worker.succeed(held.getFirst());
                // Then
                assertThat(joined.get().status()).isEqualTo(200);
                assertThat(joined.get().json().getString("attempt"))
                        .isEqualTo(early.get().json().getString("attempt"));
            }
        }
        assertThat(worker.jobsOf(file)).hasSize(1);
    }

    @Test
    void publishesWhatAGatewayThatDiedHadOnlyClaimed() {
        // Given
        Upload upload = uploadWithKnownConversion();
        ConversionJob before = worker.jobsOf(upload.file()).getFirst();
        AttemptId lost = AttemptId.after(before.attempt());
        var held = live.claim(upload.scope(), upload.conversion(), claim(before, lost), before.attempt());
        assertThat(held.toCompletableFuture().join()).isEmpty();
        everyJobSucceeds();
        // When
        Answer answer = other.convert(upload.file(), Map.of("format", "pdf"), one.userKey());
        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(worker.jobsOf(upload.file())).hasSize(2);
    }

    @Test
    void aRefreshJoinsTheAttemptThatRunsWhereThereIsNoArtifact() throws Exception {
        // Given
        String file = one.uploaded(document());
        List<ConversionJob> held = holdJobs();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> plain = callers.submit(() -> one.toPdf(file));
            first(held);
            // When
            Future<Answer> refresh = callers.submit(
                    () -> other.convert(file, Map.of("format", "pdf", "refresh", "true"), one.userKey()));
            await().until(() -> conversionsWaitedFor(other) == 1);
            // Answered once the wait that both are in has joined an attempt.
            Answer begun = other.send(other.request("/v1/files/" + file + "/convert")
                    .header("X-API-Key", one.userKey())
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .header("Prefer", "respond-async")
                    .POST(BodyPublishers.ofString("format=pdf&refresh=true")));
            assertThat(begun.status()).isEqualTo(202);
            assertThat(begun.json().getString("attempt"))
                    .isEqualTo(held.getFirst().attempt().toString());
            worker.succeed(held.getFirst());
            // Then
            assertThat(refresh.get().json().getString("attempt"))
                    .isEqualTo(plain.get().json().getString("attempt"));
        }
        assertThat(worker.jobsOf(file)).hasSize(1);
    }

    @Test
    void theOldArtifactAnswersUntilARefreshHasReplacedIt() throws Exception {
        // Given
        String file = one.uploaded(document());
        String old = one.toPdf(file).json().getString("attempt");
        List<ConversionJob> held = holdJobs();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            // When
            Future<Answer> refresh =
                    callers.submit(() -> one.convert(file, Map.of("format", "pdf", "refresh", "true")));
            ConversionJob job = first(held);
            // Then
            assertThat(one.toPdf(file).json().getString("attempt")).isEqualTo(old);
            // When
            worker.succeed(job);
            // Then
            assertThat(refresh.get().json().getString("attempt"))
                    .isEqualTo(job.attempt().toString());
        }
    }

    @Test
    void aRefreshThatFailsHidesTheOldArtifactFromNobody() {
        // Given
        String file = one.uploaded(document());
        String old = one.toPdf(file).json().getString("attempt");
        worker.does(job -> worker.fail(job, new ConversionFailure.Corrupt()));
        // When
        Answer refresh = one.convert(file, Map.of("format", "pdf", "refresh", "true"));
        // Then
        assertThat(refresh.status()).isEqualTo(422);
        assertThat(one.toPdf(file).json().getString("attempt")).isEqualTo(old);
        // When
        neighbours.flushRedis();
        String failed = worker.jobsOf(file).getLast().attempt().toString();
        JsonObject poll = one.get("/v1/conversions/%s?attempt=%s"
                        .formatted(worker.jobsOf(file).getLast().conversion(), failed))
                .json();
        // Then
        assertThat(poll.getString("attempt")).isNotNull();
        assertThat(one.toPdf(file).json().getString("attempt")).isEqualTo(old);
    }

    @Test
    void whatWasToldAsSucceededStaysSoWhileALaterRefreshIsUnderWay() {
        // Given
        String file = impatient.uploaded(document());
        JsonObject succeeded = impatient.toPdf(file).json();
        holdJobs();
        Answer refresh = impatient.convert(file, Map.of("format", "pdf", "refresh", "true"));
        assertThat(refresh.status()).isEqualTo(202);
        // When
        String id = succeeded.getString("id");
        JsonObject first = impatient
                .get("/v1/conversions/" + id + "?attempt=" + succeeded.getString("attempt"))
                .json();
        JsonObject later = impatient.get(refresh.header("Location")).json();
        // Then
        assertThat(first.getString("status")).isEqualTo("succeeded");
        assertThat(later.getString("status")).isEqualTo("queued");
    }

    @Test
    void anAttemptThatWasAcceptedBesideALaterOneStandsAsTheConversionDoes() {
        // Given
        String file = impatient.uploaded(document());
        List<ConversionJob> held = holdJobs();
        Answer accepted = impatient.toPdf(file);
        String id = accepted.json().getString("id");
        String beside = AttemptId.after(held.getFirst().attempt()).toString();
        // When
        JsonObject queued =
                impatient.get("/v1/conversions/" + id + "?attempt=" + beside).json();
        worker.fail(held.getFirst(), new ConversionFailure.Corrupt());
        JsonObject failed =
                impatient.get("/v1/conversions/" + id + "?attempt=" + beside).json();
        // Then
        assertThat(queued.getString("status")).isEqualTo("queued");
        assertThat(failed.getString("status")).isEqualTo("failed");
        assertThat(impatient
                        .delete("/v1/conversions/" + id + "?attempt=" + "7ZZZZZZZZZZZZZZZZZZZZZZZZZ")
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aPollPublishesAnAcceptedJobThatWasLostAgainUnderTheSameAttempt() {
        // Given
        String file = impatient.uploaded(document());
        List<ConversionJob> held = holdJobs();
        String location = impatient.toPdf(file).header("Location");
        neighbours.flushRedis();
        // When
        Answer poll = one.get(location, impatient.userKey());
        // Then
        assertThat(poll.json().getString("status")).isEqualTo("queued");
        await().atMost(10, SECONDS).until(() -> held.size() == 2);
        assertThat(held.get(1).attempt()).isEqualTo(held.get(0).attempt());
        // When
        one.get(location, impatient.userKey());
        worker.succeed(held.get(1));
        // Then
        assertThat(one.get(location, impatient.userKey()).json().getString("status"))
                .isEqualTo("succeeded");
        assertThat(held).hasSize(2);
    }

    @Test
    void tellsThatAnAttemptRuns() {
        // Given
        String file = impatient.uploaded(document());
        List<ConversionJob> held = holdJobs();
        String location = impatient.toPdf(file).header("Location");
        ConversionJob job = held.getFirst();
        Instant startedAt = Instant.parse("2026-01-01T00:00:00Z");
        // When
        live.mark(
                        job.scope(),
                        job.conversion(),
                        new RunningMark(job.attempt(), Topics.INTERACTIVE_JOBS, 0, 1, 1, startedAt),
                        null)
                .toCompletableFuture()
                .join();
        // Then
        JsonObject running = impatient.get(location).json();
        assertThat(running.getString("status")).isEqualTo("running");
        assertThat(running.getString("started_at")).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void cancelsWhatIsQueued() {
        // Given
        String file = impatient.uploaded(document());
        holdJobs();
        Answer accepted = impatient.toPdf(file);
        // When
        Answer canceled = impatient.delete(accepted.header("Location"));
        // Then
        assertThat(canceled.status()).isEqualTo(200);
        assertThat(canceled.json().getString("status")).isEqualTo("canceled");
        assertThat(impatient.get(accepted.header("Location")).json().getString("status"))
                .isEqualTo("canceled");
        assertThat(one.get("/v1/conversions/" + accepted.json().getString("id"), impatient.userKey())
                        .json()
                        .getString("status"))
                .isEqualTo("canceled");
    }

    @Test
    void convertsAnewAfterACancel() {
        // Given
        String file = impatient.uploaded(document());
        holdJobs();
        Answer accepted = impatient.toPdf(file);
        impatient.delete(accepted.header("Location"));
        everyJobSucceeds();
        // When
        Answer again = impatient.toPdf(file);
        // Then
        assertThat(again.status()).isEqualTo(200);
        assertThat(worker.jobsOf(file)).hasSize(2);
        assertThat(impatient.get(accepted.header("Location")).json().getString("status"))
                .as("a later success answers for an earlier attempt")
                .isEqualTo("succeeded");
    }

    @Test
    void whoStillWaitsGoesOnWithANewAttemptWhenAnotherCancels() throws Exception {
        // Given
        String file = impatient.uploaded(document());
        List<ConversionJob> held = holdJobs();
        Answer accepted = impatient.toPdf(file);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> waiting =
                    callers.submit(() -> one.convert(file, Map.of("format", "pdf"), impatient.userKey()));
            await().until(() -> conversionsWaitedFor(one) == 1);
            // When
            Answer canceled = other.delete(accepted.header("Location"), impatient.userKey());
            // Then
            assertThat(canceled.json().getString("status")).isEqualTo("canceled");
            await().atMost(20, SECONDS).until(() -> held.size() == 2);
            // When
            worker.succeed(held.get(1));
            // Then
            assertThat(waiting.get().status()).isEqualTo(200);
            assertThat(waiting.get().json().getString("attempt"))
                    .isEqualTo(held.get(1).attempt().toString());
        }
    }

    @Test
    void aCancelOfWhatHasEndedChangesNothing() {
        // Given
        String file = one.uploaded(document());
        JsonObject succeeded = one.toPdf(file).json();
        // When
        Answer canceled = one.delete("/v1/conversions/" + succeeded.getString("id"));
        // Then
        assertThat(canceled.status()).isEqualTo(200);
        assertThat(canceled.json().getString("status")).isEqualTo("succeeded");
        assertThat(one.toPdf(file).json().getString("attempt")).isEqualTo(succeeded.getString("attempt"));
    }

    @Test
    void anArtifactThatIsWrittenBesideACancelWins() {
        // Given
        String file = impatient.uploaded(document());
        List<ConversionJob> held = holdJobs();
        String location = impatient.toPdf(file).header("Location");
        impatient.delete(location);
        // When
        worker.writeArtifact(held.getFirst());
        // Then
        assertThat(impatient.get(location).json().getString("status")).isEqualTo("succeeded");
    }

    @Test
    void doesNotCancelWhatItDoesNotKnow() {
        // Given
        String file = one.uploaded(document());
        String id = one.toPdf(file).json().getString("id");
        // Then
        assertThat(one.delete("/v1/conversions/conv_nonsense").status()).isEqualTo(404);
        assertThat(one.delete("/v1/conversions/" + file).status()).isEqualTo(404);
        assertThat(one.delete("/v1/conversions/" + id, one.createKey()).status())
                .isEqualTo(404);
        assertThat(one.delete("/v1/conversions/" + id + "?attempt=yesterday").status())
                .isEqualTo(400);
    }

    @Test
    void aDeleteBesideAConversionEndsIt() throws Exception {
        // Given
        String file = one.uploaded(document());
        List<ConversionJob> held = holdJobs();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> waiting = callers.submit(() -> one.toPdf(file));
            ConversionJob job = first(held);
            // When
            assertThat(other.delete("/v1/files/" + file, one.userKey()).status())
                    .isEqualTo(204);
            worker.reply(
                    job,
                    new JobReply.Failed(
                            ScriptedWorker.failureOf(job, job.attempt(), new ConversionFailure.SourceMissing())));
            // Then
            assertThat(waiting.get().status()).isEqualTo(404);
            assertThat(one.toPdf(file).status()).isEqualTo(404);
        }
    }

    @Test
    void whoWaitsLearnsOfADeleteThoughNoWorkerTells() throws Exception {
        // Given
        String file = one.uploaded(document());
        List<ConversionJob> held = holdJobs();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Answer> waiting = callers.submit(() -> one.toPdf(file));
            first(held);
            // When
            other.delete("/v1/files/" + file, one.userKey());
            // Then
            assertThat(waiting.get().status()).isEqualTo(404);
        }
    }

    @Test
    void cancelsBesideCallsThatDoNotWaitLeaveEveryEventLoopAlive() throws Exception {
        // Given
        String file = one.uploaded(document());
        holdJobs();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            // When
            List<Future<Answer>> answers = IntStream.range(0, 60)
                    .mapToObj(i -> callers.submit(() -> {
                        Answer accepted = one.send(one.request("/v1/files/" + file + "/convert")
                                .header("X-API-Key", one.userKey())
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .header("Prefer", "wait=0")
                                .POST(BodyPublishers.ofString("format=pdf&refresh=true")));
                        return i % 3 == 0 && accepted.status() == 202
                                ? one.delete(accepted.header("Location"))
                                : accepted;
                    }))
                    .toList();
            // Then
            for (Future<Answer> answer : answers) {
                assertThat(answer.get().status()).isIn(200, 202);
            }
        }
        for (int call = 0; call < 20; call++) {
            try (RawConnection connection = new RawConnection(one.port())) {
                connection.send(
                        "GET /v1/formats HTTP/1.1\nHost: localhost\nX-API-Key: %s\n\n".formatted(one.userKey()));
                assertThat(connection.answer().status()).isEqualTo(200);
            }
        }
    }

    @Test
    void aCallerWhoLeavesIsNotWaitedFor() throws Exception {
        // Given
        String file = one.uploaded(document());
        holdJobs();
        try (RawConnection connection = new RawConnection(other.port())) {
            connection.send("""
                    POST /v1/files/%s/convert HTTP/1.1
                    Host: localhost
                    X-API-Key: %s
                    Content-Type: application/x-www-form-urlencoded
                    Content-Length: 10

                    format=pdf""".formatted(file, one.userKey()));
            await().until(() -> conversionsWaitedFor(other) == 1);
        }
        // Then
        await().until(() -> conversionsWaitedFor(other) == 0);
    }
}
