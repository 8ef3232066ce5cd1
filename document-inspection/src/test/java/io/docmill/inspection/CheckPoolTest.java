package io.docmill.inspection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.docmill.inspection.CheckPool.Checked;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class CheckPoolTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration SHORT = Duration.ofMillis(20);

    @Test
    void givesWhatACheckFoundOrThrew() throws InterruptedException {
        CheckPool pool = new CheckPool(1, LONG, LONG);
        assertThat(pool.run(() -> "found")).isEqualTo(new Checked.Done<>("found"));
        assertThatThrownBy(() -> pool.run(() -> {
                    throw new IllegalArgumentException("a defect");
                }))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(pool.run(() -> "found again")).isEqualTo(new Checked.Done<>("found again"));
    }

    @Test
    void givesUpAndInterruptsACheckThatRunsTooLong() throws InterruptedException {
        // Given
        CheckPool pool = new CheckPool(1, LONG, SHORT);
        CountDownLatch interrupted = new CountDownLatch(1);
        // When
        Checked<String> checked = pool.run(() -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return "late";
        });
        // Then
        assertThat(checked).isEqualTo(new Checked.OverTime<String>());
        interrupted.await();
        assertThat(new CheckPool(1, LONG, LONG).run(() -> "next")).isEqualTo(new Checked.Done<>("next"));
    }

    @Test
    void beginsNoMoreChecksWhileThoseThatWereGivenUpGoOn() throws InterruptedException {
        // Given
        CheckPool pool = new CheckPool(1, SHORT, SHORT);
        CountDownLatch end = new CountDownLatch(1);
        pool.run(() -> awaitWhatever(end));
        // When
        Checked<String> refused = pool.run(() -> "next");
        end.countDown();
        // Then
        assertThat(refused).isEqualTo(new Checked.Busy<String>());
    }

    /** As code does that hears no interrupt. */
    private static String awaitWhatever(CountDownLatch end) {
        while (true) {
            try {
                end.await();
                return "late";
            } catch (InterruptedException e) {
                // Goes on.
            }
        }
    }
}
