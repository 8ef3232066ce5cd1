package io.docmill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.docmill.gateway.source.SourceDeletion;
import io.docmill.gateway.source.SourceExpiry;
import io.docmill.gateway.upkeep.Upkeep;
import io.docmill.model.cache.RedisKeys;
import io.docmill.model.id.SourceId;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.record.DueWork.RepeatDelete;
import io.docmill.model.storage.ObjectKeys;
import io.docmill.platform.cache.DocumentCache;
import io.docmill.platform.cache.RedisConnection;
import io.docmill.platform.neighbour.Neighbours;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.platform.storage.ObjectStore;
import io.docmill.platform.storage.StorageUnavailableException;
import io.docmill.testing.documents.TestDocuments;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a gateway deletes, at once and when its time has come. */
class UpkeepIT {
    /** In the future, so that the running gateway's own upkeep, which goes by the real time, has nothing to do with it. */
    private static final Instant START = Instant.parse("2096-11-23T21:00:20Z");

    private static final Duration PAST_THE_FIRST_REPETITION = Duration.ofMinutes(2);
    private static final Duration PAST_THE_LAST_REPETITION = Duration.ofMinutes(17);

    private static NeighbourProcesses neighbours;
    private static ObjectStore objects;
    private static DocumentStore documents;
    private static RedisConnection redis;
    private static DocumentCache cache;

    private final MovableClock clock = new MovableClock(START);
    private final MeterRegistry metrics = new SimpleMeterRegistry();
    private SourceDeletion deletion;
    private SourceExpiry expiry;
    private Upkeep upkeep;
    private StoredJobs jobs;

    @BeforeAll
    static void start(@TempDir Path directory) throws InterruptedException {
        neighbours = NeighbourProcesses.start(directory);
        GatewaySettings settings = neighbours.settings(Map.of());
        objects = new ObjectStore(settings.storage());
        objects.ensureBucket();
        documents = new DocumentStore(objects);
        redis = RedisConnection.open(settings.redis(), Neighbours.ofGateway().redis());
        redis.awaitConnection(Duration.ofSeconds(10));
        cache = new DocumentCache(redis, Clock.systemUTC());
    }

    @AfterAll
    static void stop() {
        redis.close();
        objects.close();
        neighbours.close();
    }

    @BeforeEach
    void wire() {
        deletion = new SourceDeletion(documents, cache, clock);
        expiry = new SourceExpiry(documents, deletion, clock);
        upkeep = new Upkeep(documents, deletion, expiry, clock, metrics);
        jobs = new StoredJobs(documents);
    }

    private static List<String> objectsOf(ConversionJob job) {
        return objects.keys(
                ObjectKeys.sourcePrefix(job.scope(), job.conversion().source()));
    }

    private static List<String> markersOf(SourceId source) {
        return objects.keys(ObjectKeys.DUE).stream()
                .filter(key -> key.contains(source.toString()))
                .toList();
    }

    private static boolean isInRedis(ConversionJob job) {
        return redis.call(client -> client.getKeys()
                                .countExistsAsync(RedisKeys.document(
                                        job.scope(), job.conversion().source())))
                        .toCompletableFuture()
                        .join()
                > 0;
    }

    private static void fillRedis(ConversionJob job) {
        assertThat(cache.create(job.scope(), job.conversion().source(), StoredJobs.source())
                        .toCompletableFuture()
                        .join())
                .isTrue();
    }

    private void sweepAfter(Duration time) {
        clock.forward(time);
        upkeep.sweep();
    }

    @Test
    void deletesAFileWithAllThatWasMadeFromIt(@TempDir Path directory) {
        try (RunningGateway gateway = RunningGateway.start(neighbours, directory.resolve("spool"), Map.of());
                ScriptedWorker worker = new ScriptedWorker(neighbours.settings(Map.of()))) {
            // Given
            String file = gateway.uploaded(TestDocuments.docx("A document that is deleted."));
            assertThat(gateway.toPdf(file).status()).isEqualTo(200);
            ConversionJob job = worker.jobsOf(file).getFirst();
            // When
            Answer deleted = gateway.delete("/v1/files/" + file);
            // Then
            assertThat(deleted.status()).isEqualTo(204);
            assertThat(objectsOf(job)).isEmpty();
            assertThat(isInRedis(job)).isFalse();
            assertThat(gateway.delete("/v1/files/" + file).status()).isEqualTo(404);
            assertThat(markersOf(job.conversion().source())).hasSize(1);
            // When
            clock.setTo(Instant.now().plus(PAST_THE_LAST_REPETITION));
            upkeep.sweep();
            // Then
            assertThat(markersOf(job.conversion().source())).isEmpty();
        }
    }

    @Test
    void finishesADeleteThatWasInterrupted() {
        // Given
        ConversionJob job = jobs.withSource();
        jobs.succeed(job, START);
        fillRedis(job);
        SourceId source = job.conversion().source();
        documents.putDue(START.plusSeconds(60), new RepeatDelete(job.scope(), source, START));
        objects.delete(ObjectKeys.source(job.scope(), source));
        // When
        sweepAfter(Duration.ofSeconds(60));
        // Then
        assertThat(objectsOf(job)).hasSize(1);
        // When
        sweepAfter(Duration.ofSeconds(60));
        // Then
        assertThat(objectsOf(job)).isEmpty();
        assertThat(isInRedis(job)).isFalse();
        assertThat(metrics.counter("docmill.upkeep.done", "what", "repeat_delete")
                        .count())
                .isPositive();
    }

    @Test
    void removesWhatALateWorkerWroteAfterADelete() {
        // Given
        ConversionJob job = jobs.withSource();
        deletion.delete(job.scope(), job.conversion().source());
        sweepAfter(PAST_THE_FIRST_REPETITION);
        // When
        jobs.succeed(job, clock.instant());
        sweepAfter(PAST_THE_FIRST_REPETITION);
        // Then
        assertThat(objectsOf(job)).hasSize(1);
        // When
        sweepAfter(PAST_THE_LAST_REPETITION);
        // Then
        assertThat(objectsOf(job)).isEmpty();
        assertThat(markersOf(job.conversion().source())).isEmpty();
    }

    @Test
    void keepsRepeatingADeleteUntilRedisHasForgottenTheFile() {
        // Given
        GatewaySettings nowhere = neighbours.settings(Map.of("docmill.redis.address", "redis://127.0.0.1:1"));
        ConversionJob job = jobs.withSource();
        SourceId source = job.conversion().source();
        fillRedis(job);
        try (RedisConnection away =
                RedisConnection.open(nowhere.redis(), Neighbours.ofGateway().redis())) {
            var withoutRedis = new SourceDeletion(documents, new DocumentCache(away, clock), clock);
            // When
            withoutRedis.delete(job.scope(), source);
            clock.forward(PAST_THE_LAST_REPETITION);
            new Upkeep(documents, withoutRedis, expiry, clock, metrics).sweep();
        }
        // Then
        assertThat(isInRedis(job)).isTrue();
        assertThat(markersOf(source)).hasSize(1);
        // When
        sweepAfter(PAST_THE_FIRST_REPETITION);
        // Then
        assertThat(isInRedis(job)).isFalse();
        assertThat(markersOf(source)).isEmpty();
    }

    @Test
    void deletesAFileThatIsNotKeptAnHourAfterItsResult() {
        // Given
        ConversionJob job = jobs.withoutSource();
        expiry.plan(job.scope(), job.conversion().source(), job.conversion());
        ConversionJob late = jobs.withSource();
        expiry.plan(late.scope(), late.conversion().source(), late.conversion());
        ConversionJob failed = jobs.withSource();
        expiry.plan(failed.scope(), failed.conversion().source(), failed.conversion());
        ConversionJob quick = jobs.withSource();
        expiry.plan(quick.scope(), quick.conversion().source(), quick.conversion());
        // When
        jobs.succeed(quick, START.plusSeconds(5));
        jobs.succeed(late, START.plus(Duration.ofMinutes(30)));
        jobs.fail(failed, START.plus(Duration.ofMinutes(40)));
        sweepAfter(Duration.ofMinutes(59));
        // Then
        assertThat(objectsOf(quick)).hasSize(2);
        // When
        sweepAfter(Duration.ofMinutes(2));
        // Then
        assertThat(objectsOf(quick)).isEmpty();
        assertThat(markersOf(job.conversion().source())).isEmpty();
        assertThat(objectsOf(late)).hasSize(2);
        // When
        sweepAfter(Duration.ofMinutes(31));
        // Then
        assertThat(objectsOf(late)).isEmpty();
        assertThat(objectsOf(failed)).hasSize(2);
        // When
        sweepAfter(Duration.ofMinutes(10));
        // Then
        assertThat(objectsOf(failed)).isEmpty();
    }

    @Test
    void deletesAFileThatIsNotKeptAfterADayWhateverHappened() {
        // Given
        ConversionJob job = jobs.withSource();
        expiry.plan(job.scope(), job.conversion().source(), job.conversion());
        // When
        for (int hour = 0; hour < 23; hour++) {
            sweepAfter(Duration.ofHours(1));
        }
        sweepAfter(Duration.ofMinutes(59));
        // Then
        assertThat(objectsOf(job)).hasSize(1);
        assertThat(markersOf(job.conversion().source())).hasSize(1);
        // When
        sweepAfter(Duration.ofMinutes(2));
        // Then
        assertThat(objectsOf(job)).isEmpty();
    }

    @Test
    void leavesWhatItCannotReadAndDoesTheRest() {
        // Given
        String foreign = ObjectKeys.DUE + "202001010000/water-the-plants";
        objects.put(foreign, new byte[0], "text/plain", "nothing that Docmill wrote");
        ConversionJob job = jobs.withSource();
        deletion.delete(job.scope(), job.conversion().source());
        // When
        sweepAfter(PAST_THE_LAST_REPETITION);
        sweepAfter(PAST_THE_LAST_REPETITION);
        // Then
        assertThat(markersOf(job.conversion().source())).isEmpty();
        assertThat(objects.head(foreign)).isPresent();
        objects.delete(foreign);
    }

    @Test
    void mayBeDoneByTwoGatewaysAtOnce() throws Exception {
        // Given
        List<ConversionJob> many = Stream.generate(jobs::withSource).limit(30).toList();
        many.forEach(job -> jobs.succeed(job, START));
        many.forEach(job -> documents.putDue(
                START, new RepeatDelete(job.scope(), job.conversion().source(), START)));
        clock.forward(PAST_THE_LAST_REPETITION);
        Upkeep other = new Upkeep(documents, deletion, expiry, clock, metrics);
        // When
        try (ExecutorService gateways = Executors.newFixedThreadPool(2)) {
            List<Callable<Integer>> sweeps = List.of(upkeep::sweep, other::sweep);
            for (Future<Integer> sweep : gateways.invokeAll(sweeps)) {
                sweep.get();
            }
        }
        // Then
        assertThat(many).allSatisfy(job -> {
            assertThat(objectsOf(job)).isEmpty();
            assertThat(markersOf(job.conversion().source())).isEmpty();
        });
    }

    @Test
    void leavesDueWhatItCannotDoWhileTheStoreIsAway() {
        // Given
        ConversionJob job = jobs.withSource();
        deletion.delete(job.scope(), job.conversion().source());
        clock.forward(PAST_THE_LAST_REPETITION);
        // When
        neighbours.stopStore();
        assertThatExceptionOfType(StorageUnavailableException.class).isThrownBy(upkeep::sweep);
        neighbours.restartStore();
        // Then
        assertThat(markersOf(job.conversion().source())).hasSize(1);
        upkeep.sweep();
        assertThat(markersOf(job.conversion().source())).isEmpty();
    }
}
