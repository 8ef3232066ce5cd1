package io.docmill.platform.cache;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.embedded.RedisProcess;
import io.docmill.model.cache.RedisKeys;
import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.record.ApiKeyRecord;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.FileRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.platform.neighbour.Neighbour;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.redisson.client.codec.StringCodec;

class DocumentCacheIT {
    private static RedisProcess redis;
    private static RedisConnection client;
    private static DocumentCache cache;
    private static LiveAttempts attempts;

    private final Instant start = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final FileRecord file = new FileRecord(
            StoredRecord.VERSION,
            "a name with \"artifact\": in it.docx",
            DocumentFormat.DOCX,
            7,
            "ab".repeat(32),
            false,
            start);
    private final ScopeId scope = ScopeId.create();
    private final SourceId source = SourceId.create(SourceId.Kind.FILE);
    private final ConversionId pdf = ConversionOptions.DEFAULT.conversionOf(source, DocumentFormat.PDF, null);
    private final ConversionId html = ConversionOptions.DEFAULT.conversionOf(source, DocumentFormat.HTML, null);

    @BeforeAll
    static void start(@TempDir Path directory) throws InterruptedException {
        redis = RedisProcess.start(directory);
        client = RedisConnection.open(new RedisProcessSettings(redis), new Neighbour("Redis", "The test fails."));
        cache = new DocumentCache(client, Clock.systemUTC());
        attempts = new LiveAttempts(client);
        assertThat(client.awaitConnection(Duration.ofSeconds(10))).isTrue();
    }

    @AfterAll
    static void stop() {
        client.close();
        redis.close();
    }

    private static <T> T now(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private CachedConversion artifact(String location, Instant lookedUpAt) {
        var artifact = new ArtifactRecord(
                StoredRecord.VERSION,
                AttemptId.after(null),
                DocumentFormat.PDF,
                ConversionOptions.DEFAULT,
                "application/pdf",
                "pdf",
                5,
                null,
                "LibreOffice",
                start,
                start,
                start);
        return new CachedConversion(artifact, location, start, lookedUpAt, null);
    }

    private CachedConversion failure() {
        var failure = new FailureRecord(
                StoredRecord.VERSION,
                AttemptId.after(null),
                DocumentFormat.PDF,
                ConversionOptions.DEFAULT,
                new ConversionFailure.Corrupt(),
                1,
                start,
                null,
                start,
                start.plusSeconds(600));
        return new CachedConversion(null, null, null, start, failure);
    }

    @Test
    void holdsNothingAtFirst() {
        // When
        DocumentCache.Found found = now(cache.find(scope, source, pdf));
        // Then
        assertThat(found.source()).isNull();
        assertThat(found.conversion()).isNull();
    }

    @Test
    void findsASourceAndOneOfItsConversions() {
        // Given
        CachedConversion cached = artifact("/v1/downloads/x", start);
        // When
        now(cache.create(scope, source, file));
        now(cache.fill(scope, pdf, file, cached));
        // Then
        DocumentCache.Found found = now(cache.find(scope, source, pdf));
        assertThat(found.source()).isEqualTo(file);
        assertThat(found.conversion()).isEqualTo(cached);
        assertThat(now(cache.find(scope, source, html)).source()).isEqualTo(file);
        assertThat(now(cache.find(scope, source, html)).conversion()).isNull();
        assertThat(now(cache.find(scope, source, null)).conversion()).isNull();
    }

    @Test
    void knowsOfAConversionThatNothingWasDoneForSinceItsSourceWasMade() {
        // When
        now(cache.create(scope, source, file));
        // Then
        assertThat(now(cache.find(scope, source, pdf)).untouched()).isTrue();
        // When
        now(attempts.claim(scope, pdf, claim(), null));
        // Then
        assertThat(now(cache.find(scope, source, pdf)).untouched()).isFalse();
        assertThat(now(cache.find(scope, source, html)).untouched()).isTrue();
    }

    @Test
    void knowsThatAWorkerHasWrittenSomethingForAnAttemptThatLeftNoTrace() {
        // Given
        now(cache.create(scope, source, file));
        // When
        now(cache.supersede(scope, pdf, AttemptId.after(null)));
        // Then
        assertThat(now(cache.find(scope, source, pdf)).untouched()).isFalse();
    }

    @Test
    void doesNotKnowWhatWasDoneForASourceThatItHasNotHeldSinceItWasMade() {
        // Given
        now(cache.fill(scope, html, file, artifact("/x", start)));
        // When
        now(attempts.claim(scope, pdf, claim(), null));
        // Then
        assertThat(now(cache.find(scope, source, pdf)).untouched()).isFalse();
        assertThat(now(cache.find(scope, source, pdf)).source()).isEqualTo(file);
    }

    private static Lease claim() {
        return new Lease(
                Lease.State.CLAIMED,
                AttemptId.after(null),
                false,
                DocumentFormat.PDF,
                ConversionOptions.DEFAULT,
                Instant.EPOCH);
    }

    @Test
    void findsNothingOfAnotherScope() {
        // Given
        now(cache.fill(scope, pdf, file, artifact("/x", start)));
        // When
        DocumentCache.Found found = now(cache.find(ScopeId.create(), source, pdf));
        // Then
        assertThat(found.source()).isNull();
        assertThat(found.conversion()).isNull();
    }

    @Test
    void holdsAnEntryForAnHour() {
        // When
        now(cache.create(scope, source, file));
        // Then
        long left =
                now(client.call(redisson -> redisson.getBucket(RedisKeys.document(scope, source), StringCodec.INSTANCE)
                        .remainTimeToLiveAsync()));
        assertThat(Duration.ofMillis(left)).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));
    }

    @Test
    void hasStorageAskedAgainAfterAnHour() {
        // When
        now(cache.fill(scope, pdf, file, artifact("/x", start.minus(Duration.ofMinutes(61)))));
        // Then
        DocumentCache.Found found = now(cache.find(scope, source, pdf));
        assertThat(found.source()).isEqualTo(file);
        assertThat(found.conversion()).isNull();
    }

    @Test
    void neverReplacesAnArtifactByAFailure() {
        // Given
        CachedConversion cached = artifact("/x", start);
        now(cache.fill(scope, pdf, file, cached));
        // When
        now(cache.fill(scope, pdf, file, failure()));
        // Then
        assertThat(now(cache.find(scope, source, pdf)).conversion()).isEqualTo(cached);
    }

    @Test
    void replacesAFailureByAnArtifactOrALaterFailure() {
        // Given
        CachedConversion later = failure();
        CachedConversion cached = artifact("/x", start);
        now(cache.fill(scope, pdf, file, failure()));
        // When
        now(cache.fill(scope, pdf, file, later));
        // Then
        assertThat(now(cache.find(scope, source, pdf)).conversion()).isEqualTo(later);
        // When
        now(cache.fill(scope, pdf, file, cached));
        // Then
        assertThat(now(cache.find(scope, source, pdf)).conversion()).isEqualTo(cached);
    }

    @Test
    void neverReplacesAnArtifactByAnEarlierOne() {
        // Given
        CachedConversion earlier = artifact("/x", start);
        CachedConversion later = artifact("/x", start);
        now(cache.fill(scope, pdf, file, later));
        // When
        now(cache.fill(scope, pdf, file, earlier));
        // Then
        assertThat(now(cache.find(scope, source, pdf)).conversion()).isEqualTo(later);
    }

    @Test
    void takesNothingOlderThanWhatAWorkerHasWritten() {
        // Given
        CachedConversion earlier = artifact("/x", start);
        CachedConversion later = artifact("/x", start);
        now(cache.fill(scope, pdf, file, earlier));
        // When
        now(cache.supersede(scope, pdf, requireNonNull(later.artifact()).attempt()));
        now(cache.fill(scope, pdf, file, earlier));
        // Then
        assertThat(now(cache.find(scope, source, pdf)).conversion()).isNull();
        // When
        now(cache.fill(scope, pdf, file, later));
        // Then
        assertThat(now(cache.find(scope, source, pdf)).conversion()).isEqualTo(later);
    }

    @Test
    void dropsOneConversionAndKeepsTheRest() {
        // Given
        now(cache.fill(scope, pdf, file, artifact("/x", start)));
        now(cache.fill(scope, html, file, artifact("/y", start)));
        // When
        now(cache.supersede(scope, pdf, AttemptId.after(null)));
        // Then
        assertThat(now(cache.find(scope, source, pdf)).source()).isEqualTo(file);
        assertThat(now(cache.find(scope, source, pdf)).conversion()).isNull();
        assertThat(now(cache.find(scope, source, html)).conversion()).isNotNull();
    }

    @Test
    void takesNothingOfASourceThatWasForgotten() {
        // Given
        now(cache.fill(scope, pdf, file, artifact("/x", start)));
        // When
        now(cache.forget(scope, source));
        boolean filledSource = now(cache.create(scope, source, file));
        boolean filledConversion = now(cache.fill(scope, pdf, file, artifact("/x", start)));
        // Then
        assertThat(filledSource).isFalse();
        assertThat(filledConversion).isFalse();
        assertThat(now(cache.find(scope, source, pdf)).source()).isNull();
        assertThat(now(cache.find(scope, source, pdf)).conversion()).isNull();
    }

    @Test
    void takesWhatItCanNotReadForAbsent() {
        // Given
        now(client.call(
                redisson -> redisson.<String, String>getMap(RedisKeys.document(scope, source), StringCodec.INSTANCE)
                        .fastPutAsync(RedisKeys.SOURCE_FIELD, "{\"of\": \"a newer Docmill\"")));
        // When
        DocumentCache.Found found = now(cache.find(scope, source, pdf));
        // Then
        assertThat(found.source()).isNull();
    }

    @Test
    void neverReplacesWhatIsHeldOfAnApiKey() {
        // Given
        ApiKeyCache keys = new ApiKeyCache(client);
        String sha256 = scope.toString();
        var record = new ApiKeyRecord(
                StoredRecord.VERSION,
                "Finance",
                ApiKeyRecord.ScopeKind.WORKSPACE,
                scope,
                ApiKeyRecord.Role.USER,
                start,
                start);
        var other = new ApiKeyRecord(
                StoredRecord.VERSION,
                "Finance",
                ApiKeyRecord.ScopeKind.WORKSPACE,
                scope,
                ApiKeyRecord.Role.USER,
                start,
                null);
        // When
        boolean first = now(keys.fill(sha256, record));
        boolean second = now(keys.fill(sha256, other));
        // Then
        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(now(keys.find(sha256))).contains(record);
        assertThat(now(keys.find("absent"))).isEmpty();
    }
}
