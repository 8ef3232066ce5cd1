package io.docmill.platform.neighbour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class NeighbourTest {
    private static final class Away extends NeighbourUnavailableException {
        private static final long serialVersionUID = 1L;

        Away() {
            super("it is away", null);
        }
    }

    private final Neighbour neighbour = new Neighbour("A service", "The test waits.");

    @Test
    void tellsWhatItWasSeenToDo() {
        assertThat(neighbour.state()).isEqualTo("not asked yet");
        // When
        neighbour.failed(new Away());
        // Then
        assertThat(neighbour.isAway()).isTrue();
        assertThat(neighbour.state()).startsWith("away since ").endsWith(": it is away");
        // When
        neighbour.answered();
        // Then
        assertThat(neighbour.isAway()).isFalse();
        assertThat(neighbour.state()).isEqualTo("answers");
    }

    @Test
    void tellsAReasonInOneShortLine() {
        // When
        neighbour.failed(new ExecutionException(new IllegalStateException("no answer " + "x".repeat(500) + "\nmore")));
        // Then
        assertThat(neighbour.state())
                .contains("no answer xxx")
                .doesNotContain("\n")
                .hasSizeLessThan(250);
    }

    @Test
    void tellsWhatIsAtTheBottomOfAFailure() {
        // When
        neighbour.failed(new IllegalStateException(new IllegalStateException("can't connect", new Away())));
        // Then
        assertThat(neighbour.state()).endsWith(": can't connect (it is away)");
    }

    @Test
    void tellsThatNothingCameWhereThatIsAllThatIsKnown() {
        // When
        neighbour.failed(new IllegalStateException(new TimeoutException()));
        // Then
        assertThat(neighbour.state()).endsWith(": no answer in time (IllegalStateException)");
    }

    @Test
    void callsUntilItAnswers() {
        // Given
        Queue<Runnable> answers = new ArrayDeque<>(List.of(
                () -> {
                    throw new Away();
                },
                () -> {}));
        // When
        String answer = neighbour.patiently(() -> false, () -> {
            answers.remove().run();
            return "here";
        });
        // Then
        assertThat(answer).isEqualTo("here");
        assertThat(neighbour.isAway()).isFalse();
    }

    @Test
    void endsTheWaitWhenItIsStopped() {
        assertThatExceptionOfType(CancellationException.class)
                .isThrownBy(() -> neighbour.patiently(() -> true, () -> {
                    throw new Away();
                }));
    }

    @Test
    void doesNotTakeADefectForAnOutage() {
        // When
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> neighbour.patiently(() -> false, () -> {
                    throw new IllegalStateException("a defect");
                }));
        // Then
        assertThat(neighbour.isAway()).isFalse();
    }

    @Test
    void showsInMetricsWhoAnswers() {
        // Given
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        Neighbours neighbours = Neighbours.ofGateway();
        neighbours.watch(metrics, "gateway");
        // When
        neighbours.redis().failed(new Away());
        // Then
        assertThat(metrics.get("docmill.neighbour.up")
                        .tag("neighbour", "redis")
                        .gauge()
                        .value())
                .isZero();
        assertThat(metrics.get("docmill.neighbour.up")
                        .tag("neighbour", "kafka")
                        .gauge()
                        .value())
                .isEqualTo(1);
    }
}
