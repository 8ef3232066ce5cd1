package io.docmill.model.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.job.JobReply.Failed;
import io.docmill.model.job.JobReply.Succeeded;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.RequestRecord;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ConversionStateTest {
    private static final Instant NOW = Instant.parse("2026-11-23T21:00:00Z");
    private static final AttemptId FIRST = AttemptId.after(null);
    private static final AttemptId SECOND = AttemptId.after(FIRST);
    private static final AttemptId THIRD = AttemptId.after(SECOND);

    @Test
    void nothingIsKnownOfAConversionThatNobodyAskedFor() {
        var state = new ConversionState(null, null, null);

        assertThat(state.latestAttempt()).isEmpty();
        assertThat(state.outcome()).isEmpty();
        assertThat(state.outcomeOf(FIRST, false)).isEmpty();
    }

    @Test
    void anyArtifactEndsAnAttemptUnlessItIsARefresh() {
        var state = new ConversionState(artifact(FIRST), null, null);

        assertThat(state.outcomeOf(SECOND, false)).contains(new Succeeded(artifact(FIRST)));
        assertThat(state.outcomeOf(SECOND, true)).isEmpty();
    }

    @Test
    void itsOwnOrALaterArtifactEndsARefresh() {
        var state = new ConversionState(artifact(SECOND), null, null);

        assertThat(state.outcomeOf(SECOND, true)).contains(new Succeeded(artifact(SECOND)));
        assertThat(state.outcomeOf(FIRST, true)).contains(new Succeeded(artifact(SECOND)));
    }

    @Test
    void itsOwnOrALaterFailureEndsAnAttemptButNoEarlierOne() {
        var state = new ConversionState(null, failure(SECOND), null);

        assertThat(state.outcomeOf(FIRST, false)).contains(new Failed(failure(SECOND)));
        assertThat(state.outcomeOf(SECOND, false)).contains(new Failed(failure(SECOND)));
        assertThat(state.outcomeOf(THIRD, false)).isEmpty();
    }

    @Test
    void aRefreshThatFailedHasFailedAlthoughThereIsAnEarlierArtifact() {
        var state = new ConversionState(artifact(FIRST), failure(SECOND), null);

        assertThat(state.outcomeOf(SECOND, true)).contains(new Failed(failure(SECOND)));
        assertThat(state.outcome()).contains(new Succeeded(artifact(FIRST)));
    }

    @Test
    void anAttemptThatWasAcceptedAfterTheFailureIsUnderWay() {
        assertThat(new ConversionState(null, failure(FIRST), request(SECOND)).outcome())
                .isEmpty();
        assertThat(new ConversionState(null, failure(SECOND), request(SECOND)).outcome())
                .contains(new Failed(failure(SECOND)));
        assertThat(new ConversionState(null, failure(FIRST), null).outcome()).contains(new Failed(failure(FIRST)));
    }

    @Test
    void theLatestAttemptIsThatOfTheLatestTrace() {
        assertThat(new ConversionState(artifact(THIRD), failure(FIRST), request(SECOND)).latestAttempt())
                .contains(THIRD);
        assertThat(new ConversionState(artifact(FIRST), failure(THIRD), request(SECOND)).latestAttempt())
                .contains(THIRD);
        assertThat(new ConversionState(null, failure(FIRST), request(SECOND)).latestAttempt())
                .contains(SECOND);
    }

    private static ArtifactRecord artifact(AttemptId attempt) {
        return new ArtifactRecord(
                1,
                attempt,
                DocumentFormat.PDF,
                ConversionOptions.DEFAULT,
                "application/pdf",
                "pdf",
                5,
                1,
                "LibreOffice",
                NOW,
                NOW,
                NOW);
    }

    private static FailureRecord failure(AttemptId attempt) {
        return new FailureRecord(
                1,
                attempt,
                DocumentFormat.PDF,
                ConversionOptions.DEFAULT,
                new ConversionFailure.Corrupt(),
                1,
                NOW,
                NOW,
                NOW,
                NOW);
    }

    private static RequestRecord request(AttemptId attempt) {
        return new RequestRecord(
                1, attempt, DocumentFormat.PDF, ConversionOptions.DEFAULT, DocumentFormat.DOCX, 60, false, false, NOW);
    }
}
