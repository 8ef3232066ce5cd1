package io.docmill.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.docmill.platform.config.Certificates;
import io.docmill.platform.neighbour.Neighbour;
import io.docmill.testing.services.TestAuthority;
import io.docmill.testing.services.TestCertificate;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EncryptedStoreIT {
    private final TestAuthority authority = TestAuthority.make();

    @TempDir
    private Path directory;

    private StoreSettings trusted(StoreUnderTest store) {
        return store.settings().withTrustedCertificates(Certificates.parse(authority.pem()));
    }

    /** What the log and readiness tell of a store that is not spoken to. */
    private static String refusal(StoreSettings settings) {
        try (ObjectStore objects = new ObjectStore(settings)) {
            Throwable failure = catchThrowable(objects::ensureBucket);
            assertThat(failure).isInstanceOf(StorageUnavailableException.class);
            Throwable looking = catchThrowable(() -> objects.head("any"));
            assertThat(looking).isInstanceOf(StorageUnavailableException.class);
            Neighbour store = new Neighbour("Object storage", "");
            store.failed(failure);
            Neighbour again = new Neighbour("Object storage", "");
            again.failed(looking);
            return store.state() + "\n" + again.state();
        }
    }

    @ParameterizedTest
    @MethodSource("io.docmill.platform.storage.StoreKind#tested")
    void isReachedWhereItsAuthorityIsTrusted(StoreKind kind) throws Exception {
        try (StoreUnderTest store = kind.startEncrypted(directory, authority.localServer());
                ObjectStore objects = new ObjectStore(trusted(store))) {
            // Given
            Path file = Files.writeString(directory.resolve("file"), "content");
            // When
            objects.ensureBucket();
            objects.put("a/key", file, "text/plain", "{}");
            // Then
            assertThat(objects.head("a/key")).isPresent();
            try (var content = objects.open("a/key").orElseThrow()) {
                assertThat(new String(content.readAllBytes(), StandardCharsets.UTF_8))
                        .isEqualTo("content");
            }
            assertThat(objects.keys("a/")).containsExactly("a/key");
        }
    }

    @ParameterizedTest
    @MethodSource("io.docmill.platform.storage.StoreKind#tested")
    void isRefusedWhereItsAuthorityIsNotTrusted(StoreKind kind) {
        TestCertificate untrusted = TestAuthority.make().localServer();
        try (StoreUnderTest store = kind.startEncrypted(directory, untrusted)) {
            assertThat(refusal(trusted(store))).contains("DOCMILL_TRUSTED_CERTIFICATES_FILE");
            assertThat(refusal(store.settings()).lines())
                    .allSatisfy(line -> assertThat(line).contains("DOCMILL_TRUSTED_CERTIFICATES_FILE"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.docmill.platform.storage.StoreKind#tested")
    void isRefusedWhereItsCertificateHasAnotherName(StoreKind kind) {
        try (StoreUnderTest store = kind.startEncrypted(directory, authority.server("store.example"))) {
            assertThat(refusal(trusted(store)).lines())
                    .allSatisfy(line -> assertThat(line).contains("for another host name"));
        }
    }

    @ParameterizedTest
    @MethodSource("io.docmill.platform.storage.StoreKind#tested")
    void isToldApartFromOneThatSpeaksNoTls(StoreKind kind) {
        try (StoreUnderTest plain = kind.start(directory)) {
            String address = plain.settings().endpoint().toString().replace("http:", "https:");
            assertThat(refusal(plain.settings().withEndpoint(address)).lines())
                    .allSatisfy(line -> assertThat(line).contains("does not speak TLS"));
        }
    }
}
