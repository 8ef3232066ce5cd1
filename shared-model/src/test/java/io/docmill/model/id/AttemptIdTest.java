package io.docmill.model.id;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AttemptIdTest {
    @Test
    void sortsAfterAnAttemptOfAClockThatIsAhead() {
        // Given
        var ofTheYear3000 = new AttemptId("0XHV8DP4R07ZZZZZZZZZZZZZZZ");

        // When
        var next = AttemptId.after(ofTheYear3000);

        // Then
        assertThat(next).isGreaterThan(ofTheYear3000);
        assertThat(next.isSameOrLaterThan(ofTheYear3000)).isTrue();
        assertThat(ofTheYear3000.isSameOrLaterThan(next)).isFalse();
    }

    @Test
    void sortsAfterThoseMadeBefore() {
        AttemptId first = AttemptId.after(null);
        AttemptId second = AttemptId.after(first);

        assertThat(second).isGreaterThan(first);
    }
}
