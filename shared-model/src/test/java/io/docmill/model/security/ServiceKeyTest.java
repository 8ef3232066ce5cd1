package io.docmill.model.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ServiceKeyTest {
    private final ServiceKey key = new ServiceKey(secret(1));

    private static byte[] secret(int content) {
        byte[] secret = new byte[ServiceKey.MINIMUM_LENGTH];
        Arrays.fill(secret, (byte) content);
        return secret;
    }

    @Test
    void opensThePasswordItSealedForTheSameContextOnly() {
        String sealed = key.sealPassword("geheim ä", "attempt-1");

        assertThat(sealed).doesNotContain("geheim");
        assertThat(key.openPassword(sealed, "attempt-1")).contains("geheim ä");
        assertThat(key.openPassword(sealed, "attempt-2")).isEmpty();
        assertThat(new ServiceKey(secret(2)).openPassword(sealed, "attempt-1")).isEmpty();
        assertThat(key.openPassword("!", "attempt-1")).isEmpty();
        assertThat(key.openPassword("", "attempt-1")).isEmpty();
    }

    @Test
    void hashesAPasswordAnewForEachSource() {
        assertThat(key.hashPassword("file_1", "x")).isEqualTo(key.hashPassword("file_1", "x"));
        assertThat(key.hashPassword("file_1", "x")).isNotEqualTo(key.hashPassword("file_2", "x"));
    }

    @Test
    void knowsWhatItHasSigned() {
        String signature = key.signUrl("/file");

        assertThat(key.hasSignedUrl("/file", signature)).isTrue();
        assertThat(key.hasSignedUrl("/other", signature)).isFalse();
        assertThat(key.hasSignedUrl("/file", "")).isFalse();
        assertThat(new ServiceKey(secret(2)).hasSignedUrl("/file", signature)).isFalse();
    }

    @Test
    void opensWhatTheAcceptedKeyMadeAndMakesNothingWithIt() {
        // Given
        String next = "the next key, of more than 32 bytes";
        String last = "the last key, of more than 32 bytes";
        ServiceKey changing = ServiceKey.of(next, Optional.of(last));
        ServiceKey changed = ServiceKey.of(next);
        ServiceKey unchanged = ServiceKey.of(last);
        // Then
        assertThat(changing.hasSignedUrl("/file", unchanged.signUrl("/file"))).isTrue();
        assertThat(changing.openPassword(unchanged.sealPassword("x", "attempt-1"), "attempt-1"))
                .contains("x");
        assertThat(changing.openPassword(unchanged.sealPassword("x", "attempt-1"), "attempt-2"))
                .isEmpty();
        assertThat(changing.signUrl("/file")).isEqualTo(changed.signUrl("/file"));
        assertThat(changing.hashPassword("file_1", "x")).isEqualTo(changed.hashPassword("file_1", "x"));
        String sealed = changing.sealPassword("x", "attempt-1");
        assertThat(changed.openPassword(sealed, "attempt-1")).contains("x");
        assertThat(unchanged.openPassword(sealed, "attempt-1")).isEmpty();
        assertThatThrownBy(() -> ServiceKey.of(next, Optional.of("too short")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesAShortSecret() {
        assertThatThrownBy(() -> new ServiceKey(new byte[16])).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void readsBase64OfEitherAlphabetAndPlainTextAlike() {
        // Given
        byte[] secret = new byte[32];
        Arrays.fill(secret, (byte) 0xfb);
        String signature = new ServiceKey(secret).signUrl("/file");
        // When, Then
        assertThat(ServiceKey.of(Base64.getEncoder().encodeToString(secret)).signUrl("/file"))
                .isEqualTo(signature);
        assertThat(ServiceKey.of(Base64.getUrlEncoder().withoutPadding().encodeToString(secret))
                        .signUrl("/file"))
                .isEqualTo(signature);
        String text = "a pass phrase, of more than 32 bytes";
        assertThat(ServiceKey.of(text).signUrl("/file"))
                .isEqualTo(new ServiceKey(text.getBytes(StandardCharsets.UTF_8)).signUrl("/file"));
        assertThatThrownBy(() -> ServiceKey.of("too short")).isInstanceOf(IllegalArgumentException.class);
    }
}
