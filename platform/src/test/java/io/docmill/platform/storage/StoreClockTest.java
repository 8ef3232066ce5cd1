package io.docmill.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoreClockTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    private static final String NOON_DATE = "Tue, 24 Nov 2026 12:00:00 GMT";

    private final StoreClock clock = new StoreClock();

    private static Response.Builder answer(Instant sent, Instant received) {
        return new Response.Builder()
                .request(new Request.Builder().url("http://127.0.0.1/").build())
                .protocol(Protocol.HTTP_1_1)
                .code(403)
                .message("")
                .sentRequestAtMillis(sent.toEpochMilli())
                .receivedResponseAtMillis(received.toEpochMilli());
    }

    @Test
    void knowsNothingBeforeTheFirstAnswer() {
        assertThat(clock.difference()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S,     PT0S,     PT0S", // both clocks at once
        "PT1.9S,   PT2S,     PT0S", // the header has whole seconds and may be a second old
        "PT-10S,   PT20S,    PT0S", // a slow answer
        "PT302S,   PT302.1S, PT300S", // this machine is ahead
        "PT-300S,  PT-299S,  PT-299S", // this machine is behind
        "PT-300S,  PT-240S,  PT-240S", // behind, and the answer was slow
    })
    void tellsTheLeastDifferenceThatAnAnswerAllows(Duration sent, Duration received, Duration difference) {
        // When
        clock.read(answer(NOON.plus(sent), NOON.plus(received))
                .header("Date", NOON_DATE)
                .build());
        // Then
        assertThat(clock.difference()).contains(difference);
    }

    @Test
    void goesByTheLastAnswerThatHasADate() {
        // When
        clock.read(answer(NOON.plusSeconds(600), NOON.plusSeconds(600))
                .header("Date", NOON_DATE)
                .build());
        clock.read(answer(NOON.plusSeconds(62), NOON.plusSeconds(62))
                .header("Date", NOON_DATE)
                .build());
        clock.read(answer(NOON, NOON).build());
        clock.read(answer(NOON, NOON).header("Date", "noon").build());
        // Then
        assertThat(clock.difference()).contains(Duration.ofSeconds(60));
    }
}
