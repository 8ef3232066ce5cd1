package io.docmill.gateway.conversion;

import static io.docmill.gateway.conversion.Outcomes.FIRST;
import static io.docmill.gateway.conversion.Outcomes.SECOND;
import static io.docmill.gateway.conversion.Outcomes.THIRD;
import static io.docmill.gateway.conversion.Outcomes.artifact;
import static io.docmill.gateway.conversion.Outcomes.failure;
import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.gateway.conversion.InFlightConversions.InFlight;
import io.docmill.gateway.conversion.InFlightConversions.Resolution;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.job.JobReply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InFlightConversionsTest {
    private final ScopeId scope = ScopeId.create();
    private final ConversionId conversion =
            ConversionOptions.DEFAULT.conversionOf(SourceId.create(SourceId.Kind.FILE), DocumentFormat.PDF, null);
    private final InFlightConversions.Key plain = new InFlightConversions.Key(scope, conversion, false);
    private final InFlightConversions.Key refresh = new InFlightConversions.Key(scope, conversion, true);
    private final InFlightConversions conversions = new InFlightConversions();

    private InFlight join(InFlightConversions.Key key) {
        return conversions.join(key, Instant.EPOCH, _ -> {});
    }

    private InFlight joinExpecting(InFlightConversions.Key key, AttemptId attempt) {
        InFlight inFlight = join(key);
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
        InFlight first = conversions.join(plain, Instant.EPOCH, begun::add);
        InFlight second = conversions.join(plain, Instant.EPOCH, begun::add);
        InFlight other = conversions.join(refresh, Instant.EPOCH, begun::add);
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
                Instant.EPOCH,
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
