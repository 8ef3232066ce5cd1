package io.docmill.model.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
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
