package io.docmill.gateway.conversion;

import static io.docmill.gateway.conversion.Outcomes.FIRST;
import static io.docmill.gateway.conversion.Outcomes.SECOND;
import static io.docmill.gateway.conversion.Outcomes.THIRD;
import static io.docmill.gateway.conversion.Outcomes.artifact;
import static io.docmill.gateway.conversion.Outcomes.failure;
import static io.docmill.gateway.conversion.Outcomes.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.model.job.JobReply;
import org.junit.jupiter.api.Test;

class StoredStateTest {
    private static final StoredState NOTHING = new StoredState(null, null, null);

    @Test
    void knowsNoAttemptAndNoOutcomeOfNothing() {
        assertThat(NOTHING.latestAttempt()).isNull();
        assertThat(NOTHING.outcome()).isEmpty();
        assertThat(NOTHING.outcomeOf(FIRST, false)).isEmpty();
        assertThat(NOTHING.outcomeOf(FIRST, true)).isEmpty();
    }

    @Test
    void knowsTheLatestAttemptWhereverItLeftATrace() {
        assertThat(new StoredState(artifact(SECOND), failure(FIRST), null).latestAttempt())
                .isEqualTo(SECOND);
        assertThat(new StoredState(artifact(FIRST), failure(SECOND), request(THIRD)).latestAttempt())
                .isEqualTo(THIRD);
        assertThat(new StoredState(null, failure(THIRD), request(SECOND)).latestAttempt())
                .isEqualTo(THIRD);
    }

    @Test
    void answersAnyAttemptWithAnArtifactUnlessItIsARefresh() {
        // Given
        StoredState state = new StoredState(artifact(SECOND), null, null);
        // Then
        assertThat(state.outcomeOf(FIRST, false)).contains(new JobReply.Succeeded(artifact(SECOND)));
        assertThat(state.outcomeOf(THIRD, false)).contains(new JobReply.Succeeded(artifact(SECOND)));
        assertThat(state.outcomeOf(FIRST, true)).contains(new JobReply.Succeeded(artifact(SECOND)));
        assertThat(state.outcomeOf(SECOND, true)).contains(new JobReply.Succeeded(artifact(SECOND)));
        assertThat(state.outcomeOf(THIRD, true)).isEmpty();
    }

    @Test
    void answersAnAttemptWithItsOwnOrALaterFailure() {
        // Given
        StoredState state = new StoredState(null, failure(SECOND), null);
        // Then
        assertThat(state.outcomeOf(FIRST, false)).contains(new JobReply.Failed(failure(SECOND)));
        assertThat(state.outcomeOf(SECOND, true)).contains(new JobReply.Failed(failure(SECOND)));
        assertThat(state.outcomeOf(THIRD, false)).isEmpty();
        assertThat(state.outcomeOf(THIRD, true)).isEmpty();
    }

    @Test
    void tellsARefreshOfItsFailureAlsoBesideAnOlderArtifact() {
        // Given
        StoredState state = new StoredState(artifact(FIRST), failure(SECOND), request(SECOND));
        // Then
        assertThat(state.outcomeOf(SECOND, true)).contains(new JobReply.Failed(failure(SECOND)));
        assertThat(state.outcomeOf(SECOND, false)).contains(new JobReply.Succeeded(artifact(FIRST)));
    }

    @Test
    void prefersAnArtifactWhereNoAttemptIsNamed() {
        assertThat(new StoredState(artifact(FIRST), failure(SECOND), request(THIRD)).outcome())
                .contains(new JobReply.Succeeded(artifact(FIRST)));
    }

    @Test
    void prefersTheNewerOfFailureAndRequestWhereNoAttemptIsNamed() {
        assertThat(new StoredState(null, failure(FIRST), request(SECOND)).outcome())
                .isEmpty();
        assertThat(new StoredState(null, failure(SECOND), request(SECOND)).outcome())
                .contains(new JobReply.Failed(failure(SECOND)));
        assertThat(new StoredState(null, failure(SECOND), null).outcome())
                .contains(new JobReply.Failed(failure(SECOND)));
    }
}
