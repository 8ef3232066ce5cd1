package io.docmill.platform.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.docmill.platform.config.KafkaSettings;
import io.docmill.platform.neighbour.Neighbour;
import io.docmill.platform.queue.QueueProbe;
import io.docmill.platform.queue.QueueUnavailableException;
import io.docmill.testing.services.SecuredKafka;
import io.docmill.testing.services.TestAuthority;
import io.docmill.testing.services.TestCertificate;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EncryptedKafkaIT {
    private static final String ACCOUNT = "docmill";

    private final TestAuthority authority = TestAuthority.make();

    @TempDir
    private Path directory;

    /** Certificates that a client must not take, and what the log has to say. */
    enum Untaken {
        UNTRUSTED("DOCMILL_TRUSTED_CERTIFICATES_FILE"),
        OTHER_NAME("for another host name"),
        EXPIRED("out of date");

        private final String advice;

        Untaken(String advice) {
            this.advice = advice;
        }

        TestCertificate of(TestAuthority trusted) {
            return switch (this) {
                case UNTRUSTED -> TestAuthority.make().localServer();
                case OTHER_NAME -> trusted.server("kafka.example");
                case EXPIRED -> trusted.expiredServer();
            };
        }
    }

    private static String ask(KafkaSettings settings) throws InterruptedException {
        try (QueueProbe probe = QueueProbe.ofPresence(settings)) {
            return probe.ask();
        }
    }

    /** What readiness tells of a Kafka that can't be asked. */
    private static String refusal(KafkaSettings settings) {
        Throwable failure = catchThrowable(() -> ask(settings));
        assertThat(failure).isInstanceOf(QueueUnavailableException.class);
        Neighbour kafka = new Neighbour("Kafka", "");
        kafka.failed(failure);
        return kafka.state();
    }

    @Test
    void isReachedByAnAccountThatItKnows() throws InterruptedException {
        try (SecuredKafka kafka = SecuredKafka.start(directory, authority.localServer())) {
            // Given
            kafka.account(ACCOUNT, "hush");
            // Then
            assertThat(ask(SecuredSettings.trusting(authority, kafka.settings(ACCOUNT, "hush"))
                            .kafka()))
                    .isNotEmpty();
            assertThat(refusal(SecuredSettings.trusting(authority, kafka.settings(ACCOUNT, "another"))
                            .kafka()))
                    .contains("Authentication failed");
        }
    }

    @Test
    void isShownTheCertificateThatItAsksFor() throws InterruptedException {
        TestAuthority clients = TestAuthority.make();
        try (SecuredKafka kafka = SecuredKafka.start(directory, authority.localServer(), clients)) {
            // Given
            kafka.account(ACCOUNT, "hush");
            Map<String, String> without = kafka.settings(ACCOUNT, "hush");
            Map<String, String> with = new HashMap<>(without);
            with.put(
                    "docmill.kafka.client-certificate", clients.client("worker").pem());
            // Then
            assertThat(ask(SecuredSettings.trusting(authority, with).kafka())).isNotEmpty();
            assertThat(refusal(SecuredSettings.trusting(authority, without).kafka()))
                    .contains("DOCMILL_KAFKA_CLIENT_CERTIFICATE_FILE");
        }
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedAndToldWhy(Untaken untaken) {
        try (SecuredKafka kafka = SecuredKafka.start(directory, untaken.of(authority))) {
            // Given
            kafka.account(ACCOUNT, "hush");
            KafkaSettings settings = SecuredSettings.trusting(authority, kafka.settings(ACCOUNT, "hush"))
                    .kafka();
            // Then
            assertThat(refusal(settings)).contains(untaken.advice);
        }
    }
}
