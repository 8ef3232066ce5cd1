package io.docmill.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PreferencesTest {
    private static final Duration LIMIT = Duration.ofSeconds(50);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "wait=10 | 10",
                "Wait = 10 | 10",
                "wait=\"10\" | 10",
                "wait=010 | 10",
                "wait=0 | 0",
                "wait=50 | 50",
                "wait=51 | 50",
                "wait=99999999999999999999999999 | 50",
                "wait=10; foo=bar | 10",
                "return=minimal, wait=7, handling=lenient | 7",
                "wait=7, wait=7 | 7",
                "note=\"wait=3, respond-async\", wait=4 | 4",
                "note=\"\\\"wait=3\", wait=4 | 4",
                "respond-async | 0",
                "RESPOND-ASYNC; x=y | 0",
                "respond-async, wait=10 | 10",
                "waiting=3 | 50",
                "return=minimal | 50",
                ",,;;=,\"  | 50"
            })
    void tellsHowLongToWait(String header, int seconds) {
        assertThat(Preferences.of(List.of(header)).waitWithin(LIMIT)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @Test
    void waitsAsLongAsAllowedWithoutAPreference() {
        // When
        Preferences none = Preferences.of(List.of());
        // Then
        assertThat(none.waitWithin(LIMIT)).isEqualTo(LIMIT);
        assertThat(none.applied(LIMIT, false)).isEmpty();
    }

    @Test
    void readsEveryLineOfTheHeader() {
        // When
        Preferences preferences = Preferences.of(List.of("respond-async", "return=minimal", "wait=3"));
        // Then
        assertThat(preferences).isEqualTo(new Preferences(Duration.ofSeconds(3), true));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "wait",
                "wait=",
                "wait=\"\"",
                "wait=-1",
                "wait=+1",
                "wait=1.5",
                "wait=5s",
                "wait=ten",
                "wait=1 0",
                "wait=١",
                "wait=0x10",
                "wait=\"10",
                "wait=1, wait=2"
            })
    void refusesAWaitThatIsNoNumberOfSeconds(String header) {
        assertThatExceptionOfType(ApiException.class)
                .isThrownBy(() -> Preferences.of(List.of(header)))
                .satisfies(thrown -> {
                    assertThat(thrown.error().status()).isEqualTo(400);
                    assertThat(thrown.error().message()).contains("'Prefer'").contains("'wait'");
                });
    }

    @Test
    void refusesDifferentWaitsInSeveralLines() {
        assertThatExceptionOfType(ApiException.class).isThrownBy(() -> Preferences.of(List.of("wait=1", "wait=2")));
    }

    @Test
    void tellsWhatWasApplied() {
        // Given
        Preferences wait = Preferences.of(List.of("wait=99"));
        Preferences async = Preferences.of(List.of("respond-async"));
        Preferences both = Preferences.of(List.of("respond-async, wait=5"));
        // Then
        assertThat(wait.applied(LIMIT, false)).contains("wait=50");
        assertThat(async.applied(LIMIT, false)).isEmpty();
        assertThat(async.applied(LIMIT, true)).contains("respond-async");
        assertThat(both.applied(LIMIT, true)).contains("respond-async, wait=5");
    }
}
