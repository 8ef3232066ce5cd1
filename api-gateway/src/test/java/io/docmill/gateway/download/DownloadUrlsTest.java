package io.docmill.gateway.download;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.model.security.ServiceKey;
import io.docmill.platform.config.Certificates;
import io.docmill.platform.config.Secret;
import io.docmill.platform.config.StorageSettings;
import io.docmill.platform.storage.ObjectStore;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DownloadUrlsTest {
    private static final Instant NOW = Instant.parse("2026-11-23T21:00:00.7Z");
    private static final ServiceKey KEY = ServiceKey.of("a service key for tests, long enough");

    private final ObjectStore unreachable = new ObjectStore(new Store(Optional.empty()));
    private final DownloadUrls urls = at(NOW);

    /** A store that no test reaches. */
    private record Store(Optional<URI> publicEndpoint) implements StorageSettings {
        @Override
        public URI endpoint() {
            return URI.create("http://127.0.0.1:1");
        }

        @Override
        public String region() {
            return "us-east-1";
        }

        @Override
        public String bucket() {
            return "docmill";
        }

        @Override
        public Secret accessKey() {
            return new Secret("account");
        }

        @Override
        public Secret secretKey() {
            return new Secret("hush");
        }

        @Override
        public Optional<Certificates> trustedCertificates() {
            return Optional.empty();
        }
    }

    @AfterEach
    void close() {
        unreachable.close();
    }

    private DownloadUrls at(Instant now) {
        return new DownloadUrls(unreachable, KEY, Clock.fixed(now, ZoneOffset.UTC));
    }

    private static String token(SignedLocation location) {
        return location.location().substring(DownloadUrls.PATH.length());
    }

    @Test
    void givesBackWhatItSigned() {
        // When
        SignedLocation location = urls.sign("scopes/a/b", "Отчёт.pdf", "application/pdf");
        // Then
        assertThat(location.location()).startsWith("/v1/downloads/").matches("[A-Za-z0-9/._-]+");
        assertThat(location.signedAt()).isEqualTo(Instant.parse("2026-11-23T21:00:00Z"));
        assertThat(urls.verify(token(location)))
                .contains(new DownloadUrls.Download(
                        "scopes/a/b",
                        "Отчёт.pdf",
                        "application/pdf",
                        location.expiresAt().getEpochSecond()));
    }

    @Test
    void takesItForAnHour() {
        // Given
        String token = token(urls.sign("key", "a.pdf", "application/pdf"));
        // Then
        assertThat(at(NOW.plus(Duration.ofMinutes(59))).verify(token)).isPresent();
        assertThat(at(NOW.plus(Duration.ofHours(1))).verify(token)).isEmpty();
    }

    @Test
    void refusesWhatWasChanged() {
        // Given
        String token = token(urls.sign("key", "a.pdf", "application/pdf"));
        String signature = token.substring(token.indexOf('.') + 1);
        String other = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"key\":\"other\",\"name\":\"a\",\"type\":\"b\",\"expires\":99999999999}"
                        .getBytes(StandardCharsets.UTF_8));
        // Then
        assertThat(urls.verify(other + '.' + signature)).isEmpty();
        for (int i = 0; i < token.length(); i++) {
            char changed = token.charAt(i) == 'A' ? 'B' : 'A';
            String tampered = token.substring(0, i) + changed + token.substring(i + 1);
            assertThat(urls.verify(tampered)).describedAs("changed at %d", i).isEmpty();
        }
    }

    @Test
    void refusesWhatAnotherServiceSigned() {
        // Given
        DownloadUrls stranger = new DownloadUrls(
                unreachable, ServiceKey.of("another service key, as long as that"), Clock.fixed(NOW, ZoneOffset.UTC));
        // Then
        assertThat(urls.verify(token(stranger.sign("key", "a.pdf", "application/pdf"))))
                .isEmpty();
    }

    @Test
    void takesWhatTheAcceptedKeySigned() {
        // Given
        String next = "the next service key, long enough";
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        DownloadUrls changing = new DownloadUrls(
                unreachable, ServiceKey.of(next, Optional.of("a service key for tests, long enough")), clock);
        DownloadUrls changed = new DownloadUrls(unreachable, ServiceKey.of(next), clock);
        String before = token(urls.sign("key", "a.pdf", "application/pdf"));
        // Then
        assertThat(changing.verify(before)).isPresent();
        assertThat(changed.verify(before)).isEmpty();
        assertThat(changed.verify(token(changing.sign("key", "a.pdf", "application/pdf"))))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "x", "x.", ".x", "x.y", "x.y.z", "\u0000.\u0000", "三.三"})
    void refusesWhatIsNoToken(String token) {
        assertThat(urls.verify(token)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bm90IGpzb24", "e30", "!!!"})
    void refusesAPayloadThatItWouldNotSign(String payload) {
        assertThat(urls.verify(payload + '.' + KEY.signUrl(payload))).isEmpty();
    }

    @Test
    void leavesTheSigningToAStoreThatCallersReach() {
        try (ObjectStore reachable = new ObjectStore(new Store(Optional.of(URI.create("https://files.example.com"))))) {
            // When
            SignedLocation location = new DownloadUrls(reachable, KEY, Clock.fixed(NOW, ZoneOffset.UTC))
                    .sign("scopes/a/b", "a.pdf", "application/pdf");
            // Then
            assertThat(location.location()).startsWith("https://files.example.com/docmill/scopes/a/b?");
            assertThat(location.url("https://gateway")).isEqualTo(location.location());
        }
    }
}
