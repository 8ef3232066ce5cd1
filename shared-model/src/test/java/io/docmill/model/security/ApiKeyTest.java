package io.docmill.model.security;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class ApiKeyTest {
    private final SecureRandom random = new SecureRandom();

    @Test
    void readsTheKeyItMade() {
        ApiKey key = ApiKey.generate(random);

        assertThat(ApiKey.parse(key.text())).contains(key);
        assertThat(key.sha256()).matches("[0-9a-f]{64}");
    }

    @Test
    void tellsAMistypedKeyByItsChecksum() {
        String key = ApiKey.generate(random).text();
        char last = key.charAt(20) == 'x' ? 'y' : 'x';

        assertThat(ApiKey.parse(key.substring(0, 20) + last + key.substring(21)))
                .isEmpty();
        assertThat(ApiKey.parse("sk_live_")).isEmpty();
        assertThat(ApiKey.parse("")).isEmpty();
    }

    @Test
    void neverPrintsItself() {
        ApiKey key = ApiKey.generate(random);

        assertThat(key.toString()).doesNotContain(key.text().substring(8, 20));
    }
}
