package io.docmill.platform.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.embedded.RedisProcess;
import io.docmill.model.cache.RedisKeys;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.job.Topics;
import io.docmill.platform.neighbour.Neighbour;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveAttemptsIT {
    private static RedisProcess redis;
    private static RedisConnection client;
    private static LiveAttempts attempts;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    private final ScopeId scope = ScopeId.create();
    private final ConversionId conversion =
            ConversionOptions.DEFAULT.conversionOf(SourceId.create(SourceId.Kind.FILE), DocumentFormat.PDF, null);
    private final AttemptId first = AttemptId.after(null);
    private final AttemptId second = AttemptId.after(first);

    @BeforeAll
    static void start(@TempDir Path directory) throws InterruptedException {
        redis = RedisProcess.start(directory);
        client = RedisConnection.open(new RedisProcessSettings(redis), new Neighbour("Redis", "The test fails."));
        attempts = new LiveAttempts(client);
        assertThat(client.awaitConnection(Duration.ofSeconds(10))).isTrue();
    }

    @AfterAll
    static void stop() {
        client.close();
        redis.close();
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }

    private Lease claim(AttemptId attempt) {
        return new Lease(Lease.State.CLAIMED, attempt, false, DocumentFormat.PDF, ConversionOptions.DEFAULT, now);
    }

    private RunningMark mark(AttemptId attempt, long offset, int deliveryCount) {
        return new RunningMark(attempt, Topics.INTERACTIVE_JOBS, 0, offset, deliveryCount, now);
    }

    private long ttlMillis(String key) {
        return get(client.call(redisson -> redisson.getBucket(key).remainTimeToLiveAsync()));
    }

    @Test
    void oneOfTwoClaimsIsTakenAndTheOtherLearnsOfIt() {
        // When
        var taken = get(attempts.claim(scope, conversion, claim(first), null));
        var refused = get(attempts.claim(scope, conversion, claim(second), null));
        // Then
        assertThat(taken).isEmpty();
        assertThat(refused).contains(claim(first));
        assertThat(ttlMillis(RedisKeys.lease(scope, conversion))).isBetween(1L, LiveAttempts.CLAIM_TTL.toMillis());
    }

    @Test
    void aLeaseWhoseAttemptHasEndedIsDead() {
        // Given
        get(attempts.claim(scope, conversion, claim(first), null));
        // When
        var taken = get(attempts.claim(scope, conversion, claim(second), first));
        // Then
        assertThat(taken).isEmpty();
        assertThat(get(attempts.find(scope, conversion)).lease()).isEqualTo(claim(second));
    }

    @Test
    void anEarlierAttemptsEndLeavesALeaseAlive() {
        // Given
        get(attempts.claim(scope, conversion, claim(second), null));
        // When
        var refused = get(attempts.claim(scope, conversion, claim(AttemptId.after(second)), first));
        // Then
        assertThat(refused).contains(claim(second));
    }

    @Test
    void aPublicationIsBelievedInLonger() {
        // Given
        get(attempts.claim(scope, conversion, claim(first), null));
        // When
        boolean told = get(attempts.published(scope, conversion, claim(first)));
        // Then
        assertThat(told).isTrue();
        assertThat(get(attempts.find(scope, conversion)).lease())
                .isEqualTo(claim(first).published());
        assertThat(ttlMillis(RedisKeys.lease(scope, conversion))).isGreaterThan(LiveAttempts.CLAIM_TTL.toMillis());
    }

    @Test
    void aPublicationDoesNotBringBackALeaseThatItsWorkerHasEnded() {
        // Given
        get(attempts.claim(scope, conversion, claim(first), null));
        get(attempts.end(scope, conversion, mark(first, 4, 1)));
        // When
        boolean told = get(attempts.published(scope, conversion, claim(first)));
        // Then
        assertThat(told).isFalse();
        assertThat(get(attempts.find(scope, conversion)).lease()).isNull();
    }

    @Test
    void aPublicationDoesNotUndoALaterClaim() {
        // Given
        get(attempts.claim(scope, conversion, claim(second), null));
        // When
        boolean told = get(attempts.published(scope, conversion, claim(first)));
        // Then
        assertThat(told).isFalse();
        assertThat(get(attempts.find(scope, conversion)).lease()).isEqualTo(claim(second));
    }

    @Test
    void aRenewalThatComesLateDoesNotShortenAPublication() {
        // Given
        get(attempts.claim(scope, conversion, claim(first), null));
        get(attempts.published(scope, conversion, claim(first)));
        // When
        boolean renewed = get(attempts.renewClaim(scope, conversion, first));
        // Then
        assertThat(renewed).isFalse();
        assertThat(ttlMillis(RedisKeys.lease(scope, conversion))).isGreaterThan(LiveAttempts.CLAIM_TTL.toMillis());
    }

    @Test
    void onlyItsOwnAttemptRenewsOrReleasesALease() {
        // Given
        get(attempts.claim(scope, conversion, claim(second), null));
        // Then
        assertThat(get(attempts.renewClaim(scope, conversion, first))).isFalse();
        assertThat(get(attempts.release(scope, conversion, first))).isFalse();
        assertThat(get(attempts.renewClaim(scope, conversion, second))).isTrue();
        assertThat(get(attempts.release(scope, conversion, second))).isTrue();
        assertThat(get(attempts.find(scope, conversion)).lease()).isNull();
    }

    @Test
    void anotherRecordMeetsALiveMark() {
        // When
        var taken = get(attempts.mark(scope, conversion, mark(first, 4, 1), null));
        var refused = get(attempts.mark(scope, conversion, mark(second, 5, 1), null));
        // Then
        assertThat(taken).isEmpty();
        assertThat(refused).contains(mark(first, 4, 1));
        assertThat(ttlMillis(RedisKeys.mark(scope, conversion))).isBetween(1L, LiveAttempts.MARK_TTL.toMillis());
    }

    @Test
    void aLaterDeliveryOfTheSameRecordTakesTheMarkOver() {
        // Given
        get(attempts.mark(scope, conversion, mark(first, 4, 1), null));
        // When
        var taken = get(attempts.mark(scope, conversion, mark(first, 4, 2), null));
        var formerHolder = get(attempts.renewMark(scope, conversion, mark(first, 4, 1)));
        // Then
        assertThat(taken).isEmpty();
        assertThat(formerHolder).contains(mark(first, 4, 2));
    }

    @Test
    void anEndRemovesItsOwnMarkAndLease() {
        // Given
        get(attempts.claim(scope, conversion, claim(first), null));
        get(attempts.mark(scope, conversion, mark(first, 4, 1), null));
        // When
        get(attempts.end(scope, conversion, mark(first, 4, 1)));
        // Then
        assertThat(get(attempts.find(scope, conversion))).isEqualTo(new LiveAttempts.Found(null, null));
    }

    @Test
    void anEndLeavesTheMarkAndLeaseOfOthers() {
        // Given
        get(attempts.claim(scope, conversion, claim(second), null));
        get(attempts.mark(scope, conversion, mark(first, 4, 2), null));
        // When
        get(attempts.end(scope, conversion, mark(first, 4, 1)));
        get(attempts.end(scope, conversion, mark(first, 9, 1)));
        // Then
        assertThat(get(attempts.find(scope, conversion)))
                .isEqualTo(new LiveAttempts.Found(claim(second), mark(first, 4, 2)));
    }

    @Test
    void theMarkOfAnAttemptThatHasEndedIsDead() {
        // Given
        get(attempts.mark(scope, conversion, mark(first, 4, 1), null));
        // When
        var taken = get(attempts.mark(scope, conversion, mark(second, 5, 1), first));
        var formerHolder = get(attempts.renewMark(scope, conversion, mark(first, 4, 1)));
        // Then
        assertThat(taken).isEmpty();
        assertThat(formerHolder).contains(mark(second, 5, 1));
    }

    @Test
    void anEarlierAttemptsEndLeavesAMarkAlive() {
        // Given
        get(attempts.mark(scope, conversion, mark(second, 4, 1), null));
        // When
        var refused = get(attempts.mark(scope, conversion, mark(AttemptId.after(second), 5, 1), first));
        // Then
        assertThat(refused).contains(mark(second, 4, 1));
    }

    @Test
    void aDeliveryWithTheSameCountTakesAMarkOverToo() {
        // Given
        RunningMark before = mark(first, 4, 1);
        RunningMark after = new RunningMark(first, before.topic(), 0, 4, 1, now.plusSeconds(1));
        get(attempts.mark(scope, conversion, before, null));
        // When
        var taken = get(attempts.mark(scope, conversion, after, null));
        // Then
        assertThat(taken).isEmpty();
        assertThat(get(attempts.renewMark(scope, conversion, before))).contains(after);
        assertThat(get(attempts.unmark(scope, conversion, before))).isFalse();
        assertThat(get(attempts.renewMark(scope, conversion, after))).isEmpty();
    }

    @Test
    void aRenewalKeepsAMarkOrMakesItAgain() {
        // When
        var made = get(attempts.renewMark(scope, conversion, mark(first, 4, 1)));
        var kept = get(attempts.renewMark(scope, conversion, mark(first, 4, 1)));
        // Then
        assertThat(made).isEmpty();
        assertThat(kept).isEmpty();
        assertThat(get(attempts.find(scope, conversion)).mark()).isEqualTo(mark(first, 4, 1));
    }

    @Test
    void whatGoesBackIntoTheQueueLosesItsMarkAndKeepsItsLease() {
        // Given
        get(attempts.claim(scope, conversion, claim(first), null));
        get(attempts.mark(scope, conversion, mark(first, 4, 1), null));
        // When
        boolean removed = get(attempts.unmark(scope, conversion, mark(first, 4, 1)));
        // Then
        assertThat(removed).isTrue();
        assertThat(get(attempts.find(scope, conversion))).isEqualTo(new LiveAttempts.Found(claim(first), null));
    }

    @Test
    void anotherRecordsMarkIsNotRemoved() {
        // Given
        get(attempts.mark(scope, conversion, mark(first, 4, 1), null));
        // When
        boolean none = get(attempts.unmark(scope, conversion, mark(second, 5, 1)));
        // Then
        assertThat(none).isTrue();
        assertThat(get(attempts.find(scope, conversion)).mark()).isEqualTo(mark(first, 4, 1));
    }
}
