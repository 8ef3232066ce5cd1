package io.docmill.gateway.download;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SignedLocationTest {
    private static final Instant SIGNED_AT = Instant.parse("2026-11-23T21:00:00Z");
    private static final SignedLocation LOCATION = new SignedLocation("/v1/downloads/x", SIGNED_AT);

    @Test
    void isValidForAnHour() {
        assertThat(LOCATION.expiresAt()).isEqualTo(SIGNED_AT.plus(Duration.ofHours(1)));
    }

    @Test
    void isGivenToCallersWhileFiftyFiveMinutesAreLeft() {
        assertThat(LOCATION.isFresh(SIGNED_AT)).isTrue();
        assertThat(LOCATION.isFresh(SIGNED_AT.plus(Duration.ofMinutes(5)))).isTrue();
        assertThat(LOCATION.isFresh(SIGNED_AT.plus(Duration.ofMinutes(5)).plusMillis(1)))
                .isFalse();
    }

    @Test
    void isNotTrustedWhenItComesFromTheFuture() {
        assertThat(LOCATION.isFresh(SIGNED_AT.minus(Duration.ofMinutes(2)))).isTrue();
        assertThat(LOCATION.isFresh(SIGNED_AT.minus(Duration.ofMinutes(6)))).isFalse();
    }

    @Test
    void takesTheHostOfTheRequestUnlessItHasItsOwn() {
        SignedLocation ofStore = new SignedLocation("https://store/docmill/x", SIGNED_AT);
        assertThat(LOCATION.url("https://docs.example.com")).isEqualTo("https://docs.example.com/v1/downloads/x");
        assertThat(ofStore.url("https://docs.example.com")).isEqualTo("https://store/docmill/x");
    }
}
