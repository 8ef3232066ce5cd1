package io.docmill.gateway.conversion;

import static io.docmill.gateway.conversion.Outcomes.FIRST;
import static io.docmill.gateway.conversion.Outcomes.SECOND;
import static io.docmill.gateway.conversion.Outcomes.THIRD;
import static io.docmill.gateway.conversion.Outcomes.artifact;
import static io.docmill.gateway.conversion.Outcomes.canceled;
import static io.docmill.gateway.conversion.Outcomes.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.gateway.conversion.InFlight.Resolution;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.conversion.ConversionParameters;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.job.CancelNotice;
import io.docmill.model.job.JobReply;
import io.docmill.model.record.FileRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.platform.tracing.TraceSpan;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InFlightConversionsTest {
    private final ScopeId scope = ScopeId.create();
    private final ConversionId conversion =
            ConversionOptions.DEFAULT.conversionOf(SourceId.create(SourceId.Kind.FILE), DocumentFormat.PDF, null);
    private final WantedConversion plain = wanted(false);
    private final WantedConversion refresh = wanted(true);
    private final InFlightConversions conversions = new InFlightConversions();

    private WantedConversion wanted(boolean refreshing) {
        return new WantedConversion(
                scope,
                conversion,
                new FileRecord(
                        StoredRecord.VERSION, "a.docx", DocumentFormat.DOCX, 1, "00".repeat(32), false, Instant.EPOCH),
                new ConversionParameters(
                        DocumentFormat.PDF, ConversionOptions.DEFAULT, Duration.ofSeconds(60), refreshing, null),
                false,
                false,
                Instant.EPOCH,
                "a request",
                TraceSpan.NONE);
    }

    private InFlight join(WantedConversion wanted) {
        return conversions.join(wanted, _ -> {});
    }

    private InFlight joinExpecting(WantedConversion wanted, AttemptId attempt) {
        InFlight inFlight = join(wanted);
        inFlight.expect(attempt);
        return inFlight;
    }

    private void reply(JobReply.Outcome outcome) {
        conversions.complete(new JobReply(JobReply.VERSION, conversion, scope, outcome));
    }

    private static void assertWaits(InFlight inFlight) {
        assertThat(inFlight.resolution()).isNotDone();
    }

    private static void assertEndedWith(InFlight inFlight, JobReply.Outcome outcome) {
        assertThat(inFlight.resolution()).isCompletedWithValue(new Resolution(outcome, false));
    }

    @Test
    void beginsOnceForEqualRequests() {
        // Given
        List<InFlight> begun = new ArrayList<>();
        // When
        InFlight first = conversions.join(plain, begun::add);
        InFlight second = conversions.join(plain, begun::add);
        InFlight other = conversions.join(refresh, begun::add);
        // Then
        assertThat(second).isSameAs(first);
        assertThat(begun).containsExactly(first, other);
        assertThat(conversions.size()).isEqualTo(2);
    }

    @Test
    void isForgottenOnceItHasEnded() {
        // Given
        InFlight first = joinExpecting(plain, FIRST);
        InFlight failed = join(refresh);
        // When
        reply(new JobReply.Succeeded(artifact(FIRST)));
        failed.resolution().completeExceptionally(new IllegalStateException("Kafka is away"));
        // Then
        assertThat(conversions.size()).isZero();
        assertThat(join(plain)).isNotSameAs(first);
    }

    @Test
    void canEndWhileItBegins() {
        // When
        InFlight inFlight = conversions.join(
                plain,
                begun -> begun.resolution().complete(new Resolution(new JobReply.Succeeded(artifact(FIRST)), true)));
        // Then
        assertThat(inFlight.resolution()).isDone();
        assertThat(conversions.size()).isZero();
    }

    @Test
    void endsAPlainWaitWithAnySuccess() {
        // Given
        InFlight inFlight = joinExpecting(plain, SECOND);
        // When
        reply(new JobReply.Succeeded(artifact(FIRST)));
        // Then
        assertEndedWith(inFlight, new JobReply.Succeeded(artifact(FIRST)));
    }

    @Test
    void endsAPlainWaitWithASuccessAlsoBeforeItsOwnJobIsPublished() {
        // Given
        InFlight inFlight = join(plain);
        // When
        reply(new JobReply.Failed(failure(THIRD)));
        // Then
        assertWaits(inFlight);
        // When
        reply(new JobReply.Succeeded(artifact(FIRST)));
        // Then
        assertEndedWith(inFlight, new JobReply.Succeeded(artifact(FIRST)));
    }

    @Test
    void passesOverTheFailureOfAnEarlierAttempt() {
        // Given
        InFlight inFlight = joinExpecting(plain, SECOND);
        // When
        reply(new JobReply.Failed(failure(FIRST)));
        // Then
        assertWaits(inFlight);
        // When
        reply(new JobReply.Failed(failure(SECOND)));
        // Then
        assertEndedWith(inFlight, new JobReply.Failed(failure(SECOND)));
    }

    @Test
    void endsAWaitWithTheFailureOfALaterAttempt() {
        // Given
        InFlight inFlight = joinExpecting(plain, SECOND);
        // When
        reply(new JobReply.Failed(failure(THIRD)));
        // Then
        assertEndedWith(inFlight, new JobReply.Failed(failure(THIRD)));
    }

    @Test
    void endsARefreshOnlyWithItsOwnOrALaterAttempt() {
        // Given
        InFlight early = joinExpecting(refresh, SECOND);
        // When
        reply(new JobReply.Succeeded(artifact(FIRST)));
        reply(new JobReply.Failed(failure(FIRST)));
        // Then
        assertWaits(early);
        // When
        reply(new JobReply.Succeeded(artifact(THIRD)));
        // Then
        assertEndedWith(early, new JobReply.Succeeded(artifact(THIRD)));
    }

    @Test
    void endsARefreshAndAPlainWaitWithOneReply() {
        // Given
        InFlight ofPlain = joinExpecting(plain, FIRST);
        InFlight ofRefresh = joinExpecting(refresh, SECOND);
        // When
        reply(new JobReply.Succeeded(artifact(SECOND)));
        // Then
        assertEndedWith(ofPlain, new JobReply.Succeeded(artifact(SECOND)));
        assertEndedWith(ofRefresh, new JobReply.Succeeded(artifact(SECOND)));
    }

    @Test
    void isForgottenOnceEveryoneHasLeft() {
        // Given
        InFlight first = joinExpecting(plain, FIRST);
        join(plain);
        // When
        conversions.leave(first);
        // Then
        assertThat(conversions.size()).isOne();
        // When
        conversions.leave(first);
        // Then
        assertThat(conversions.size()).isZero();
        assertThat(join(plain)).isNotSameAs(first);
    }

    @Test
    void goesOnWithTheNextAttemptWhenSomeoneElseCancels() {
        // Given
        List<InFlight> opened = new ArrayList<>();
        InFlight inFlight = conversions.join(plain, opened::add);
        inFlight.expect(FIRST);
        inFlight.nowQueued(inFlight.round());
        // When
        conversions.canceled(new CancelNotice(CancelNotice.VERSION, conversion, scope, FIRST));
        // Then
        assertWaits(inFlight);
        assertThat(opened).containsExactly(inFlight, inFlight);
        assertThat(inFlight.queuedAttempt()).isNull();
    }

    @Test
    void whoWaitsForTheQueueFindsTheNextAttemptsPlaceWhenACancelWakesThem() {
        // Given
        InFlight inFlight = joinExpecting(plain, FIRST);
        List<Boolean> stale = new ArrayList<>();
        var _ = inFlight.queued()
                .whenComplete((_, _) -> stale.add(inFlight.queued().isDone()));
        // When
        conversions.canceled(new CancelNotice(CancelNotice.VERSION, conversion, scope, FIRST));
        // Then
        assertThat(stale).containsExactly(false);
    }

    @Test
    void opensTheNextAttemptOnceHoweverOftenTheCancelIsTold() {
        // Given
        List<InFlight> opened = new ArrayList<>();
        InFlight inFlight = conversions.join(plain, opened::add);
        inFlight.expect(FIRST);
        // When
        reply(new JobReply.Failed(canceled(FIRST)));
        conversions.canceled(new CancelNotice(CancelNotice.VERSION, conversion, scope, FIRST));
        inFlight.expect(SECOND);
        reply(new JobReply.Failed(canceled(FIRST)));
        // Then
        assertWaits(inFlight);
        assertThat(opened).hasSize(2);
        assertThat(inFlight.expected()).isEqualTo(SECOND);
    }

    @Test
    void answersWithTheFailureOfAnEarlierAttemptThatTurnedOutToRun() {
        // Given
        InFlight inFlight = joinExpecting(plain, SECOND);
        inFlight.expectAlso(FIRST);
        // When
        reply(new JobReply.Failed(failure(FIRST)));
        // Then
        assertEndedWith(inFlight, new JobReply.Failed(failure(FIRST)));
    }

    @Test
    void passesOverWhatNobodyWaitsFor() {
        // Given
        InFlight inFlight = joinExpecting(plain, FIRST);
        // When
        conversions.complete(
                new JobReply(JobReply.VERSION, conversion, ScopeId.create(), new JobReply.Succeeded(artifact(FIRST))));
        // Then
        assertWaits(inFlight);
    }
}
