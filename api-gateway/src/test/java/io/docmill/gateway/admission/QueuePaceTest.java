package io.docmill.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.model.job.Topics;
import io.docmill.platform.queue.QueueBacklog;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Figures as Kafka would say them each second of slots that are played here, moment by moment. */
class QueuePaceTest {
    private static final double STEP = 0.05;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-29T12:00:00Z"));
    private final QueuePace pace = new QueuePace(new Clock() {
        @Override
        public Instant instant() {
            return now.get();
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    });

    /** Slots that take one job after the other, each for as long as the script says of the n-th job. */
    private final class Played {
        private final IntToDoubleFunction seconds;
        private final PriorityQueue<Double> ends = new PriorityQueue<>();
        private int slots;
        private int waiting;
        private int begun;
        private long ended;
        private double time;
        private double nextFigures;
        private int missed;
        private int asked;
        private boolean silent;

        Played(int slots, IntToDoubleFunction seconds) {
            this.slots = slots;
            this.seconds = seconds;
            figures();
        }

        /** Jobs of other gateways. */
        void add(int jobs) {
            waiting += jobs;
        }

        /** From now on so many jobs of other gateways come in the midst of every second question. */
        void everySecondFiguresMiss(int jobs) {
            missed = jobs;
        }

        /** Whether Kafka tells nothing. */
        void silent(boolean now) {
            silent = now;
        }

        /** Those of a worker that was ended: its jobs wait again. */
        void loseSlots() {
            slots = 0;
            waiting += ends.size();
            ends.clear();
        }

        void gainSlots(int gained) {
            slots = gained;
        }

        void forward(double by) {
            double until = time + by;
            while (time < until - STEP / 2) {
                step();
            }
        }

        private void step() {
            while (!ends.isEmpty() && ends.peek() <= time) {
                ends.remove();
                ended++;
            }
            while (waiting > 0 && ends.size() < slots) {
                waiting--;
                ends.add(time + seconds.applyAsDouble(begun++));
            }
            time += STEP;
            now.set(now.get().plusMillis(Math.round(STEP * 1000)));
            if (time >= nextFigures) {
                figures();
            }
        }

        private void figures() {
            nextFigures = time + 1;
            if (silent) {
                return;
            }
            // They are among those not done, and not yet in the ends of the logs.
            int arriving = ++asked % 2 == 0 ? missed : 0;
            waiting += arriving;
            long ended = Math.max(0, this.ended - arriving);
            pace.measured(new QueueBacklog(
                    Map.of(Topics.INTERACTIVE_JOBS, (long) waiting + ends.size(), Topics.BATCH_JOBS, 700L),
                    Map.of(Topics.INTERACTIVE_JOBS, ended, Topics.BATCH_JOBS, ended * 3),
                    Map.of(Topics.INTERACTIVE_JOBS, slots, Topics.BATCH_JOBS, slots + 2),
                    now.get()));
        }

        /** How long a job that is added now takes to end, by playing on. */
        double actualWait() {
            int added = begun + waiting;
            waiting++;
            double begin = time;
            while (begun <= added) {
                step();
            }
            return time + seconds.applyAsDouble(added) - begin;
        }
    }

    private double expected() {
        return pace.expectedWait().orElseThrow().toMillis() / 1000.0;
    }

    private void assertWithinAFactorOfTwo(Played played) {
        double expected = expected();
        double actual = played.actualWait();
        assertThat(expected).isBetween(actual / 2, actual * 2);
    }

    @Test
    void knowsNothingWithoutFiguresOrWorkers() {
        assertThat(pace.expectedWait()).isEmpty();
        // When
        Played played = new Played(0, _ -> 1);
        played.add(1_000);
        played.forward(120);
        // Then
        assertThat(pace.expectedWait()).isEmpty();
    }

    @Test
    void aFreeSlotIsNoWait() {
        // Given
        Played played = new Played(2, _ -> 30);
        played.add(1);
        played.forward(5);
        // Then
        assertThat(pace.expectedWait()).contains(Duration.ZERO);
    }

    @Test
    void aBurstOnIdleSlotsIsNotJudgedByHowFewCameBefore() {
        // Given
        Played played = new Played(4, _ -> 8);
        for (int i = 0; i < 10; i++) {
            played.add(1);
            played.forward(60);
        }
        // When
        for (int i = 0; i < 10; i++) {
            pace.published();
        }
        // Then
        assertThat(pace.expectedWait()).isEmpty();
    }

    @Test
    void theSecondEndTellsTheRate() {
        // Given
        Played played = new Played(1, _ -> 5);
        played.add(40);
        // When
        played.forward(9);
        // Then
        assertThat(pace.expectedWait()).isEmpty();
        // When
        played.forward(2.5);
        // Then
        assertWithinAFactorOfTwo(played);
    }

    @Test
    void agreesWithWhatIsWaitedForThen() {
        // Given
        for (int slots : new int[] {1, 3, 8, 32}) {
            for (double seconds : new double[] {0.1, 0.7, 4, 13, 45}) {
                for (int missed : new int[] {0, 2}) {
                    Played played = new Played(slots, _ -> seconds);
                    played.add((int) (slots * (12 + 120 / seconds)));
                    played.everySecondFiguresMiss(missed);
                    // When
                    played.forward(4 * seconds + 10);
                    // Then
                    assertWithinAFactorOfTwo(played);
                    played.loseSlots();
                    played.figures();
                }
            }
        }
    }

    @Test
    void whatComesWhileKafkaIsAskedIsNotTakenForAnEnd() {
        // Given
        Played played = new Played(1, _ -> 2);
        played.add(20);
        played.everySecondFiguresMiss(3);
        // When
        played.forward(60);
        // Then
        assertWithinAFactorOfTwo(played);
    }

    @Test
    void timeOfWhichThereAreNoFiguresIsNotMeasured() {
        // Given
        Played played = new Played(1, _ -> 4);
        played.add(2);
        played.forward(5);
        // When
        played.silent(true);
        played.forward(60);
        played.silent(false);
        played.add(50);
        played.forward(2);
        // Then
        assertThat(pace.expectedWait()).isEmpty();
        // When
        played.forward(15);
        // Then
        assertWithinAFactorOfTwo(played);
    }

    @Test
    void remembersNoneOfItsOwnJobsThatAreOldWhereKafkaTellsNothing() {
        // When
        for (int i = 0; i < 1_000; i++) {
            pace.published();
            now.set(now.get().plusSeconds(1));
        }
        // Then
        assertThat(pace.notInFigures()).isLessThan(20);
    }

    @Test
    void agreesForMixedDocuments() {
        // Given
        Played played = new Played(4, job -> job % 10 == 0 ? 20 : 0.5 + job % 3);
        played.add(300);
        // When
        played.forward(90);
        // Then
        assertWithinAFactorOfTwo(played);
    }

    @Test
    void countsWhatThisGatewayHasPublishedSinceTheLastFigures() {
        // Given
        Played played = new Played(1, _ -> 1);
        played.add(20);
        played.forward(10);
        double before = expected();
        // When
        now.set(now.get().plusMillis(10));
        for (int i = 0; i < 100; i++) {
            pace.published();
        }
        // Then
        assertThat(expected() - before).isBetween(90.0, 110.0);
    }

    @Test
    void oneSlowDocumentAmongManySlotsChangesLittle() {
        // Given
        Played played = new Played(4, job -> job == 40 ? 120 : 1);
        played.add(200);
        // When
        played.forward(30);
        // Then
        assertWithinAFactorOfTwo(played);
    }

    @Test
    void anOnlySlotThatHasASlowDocumentIsAsFastAsBefore() {
        // Given
        Played played = new Played(1, job -> job == 20 ? 50 : 1);
        played.add(60);
        played.forward(19);
        double before = expected();
        // When
        played.forward(40);
        // Then
        assertThat(expected()).isBetween(before / 2, before * 2);
        // When
        played.forward(20);
        // Then
        assertWithinAFactorOfTwo(played);
    }

    @Test
    void workersThatComeBackAreMeasuredAnew() {
        // Given
        Played played = new Played(1, _ -> 2);
        played.add(60);
        played.forward(30);
        assertThat(pace.expectedWait()).isPresent();
        // When
        played.loseSlots();
        played.forward(1);
        // Then
        assertThat(pace.expectedWait()).isEmpty();
        // When
        played.forward(60);
        played.gainSlots(4);
        played.forward(3);
        // Then
        assertThat(pace.expectedWait()).isEmpty();
        // When
        played.forward(7);
        // Then
        assertWithinAFactorOfTwo(played);
    }

    @Test
    void anOutageThatKafkaDoesNotKnowOfCountsAsNoTime() {
        // Given
        Played played = new Played(1, job -> job == 30 ? 40 : 1);
        played.add(100);
        // When
        played.forward(75);
        // Then
        assertWithinAFactorOfTwo(played);
    }

    @Test
    void moreSlotsAreKnownWithinAMinute() {
        // Given
        Played played = new Played(1, _ -> 2);
        played.add(600);
        played.forward(120);
        // When
        played.gainSlots(6);
        played.forward(60);
        // Then
        assertWithinAFactorOfTwo(played);
    }

    @Test
    void oldFiguresSayNothing() {
        // Given
        Played played = new Played(1, _ -> 1);
        played.add(100);
        played.forward(20);
        assertThat(pace.expectedWait()).isPresent();
        // When
        now.set(now.get().plusSeconds(11));
        // Then
        assertThat(pace.expectedWait()).isEmpty();
    }

    @Test
    void anIdleHourForgetsTheRate() {
        // Given
        Played played = new Played(1, _ -> 1);
        played.add(30);
        played.forward(20);
        // When
        played.forward(3_600);
        played.add(100);
        played.forward(1);
        // Then
        assertThat(pace.expectedWait()).isEmpty();
    }
}
