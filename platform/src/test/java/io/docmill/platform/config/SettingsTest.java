package io.docmill.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.docmill.testing.services.TestAuthority;
import io.docmill.testing.services.TestCertificate;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private static final Map<String, String> REQUIRED = Map.of(
            "DOCMILL_SERVICE_KEY", "the service key",
            "DOCMILL_STORAGE_ENDPOINT", "http://store:9000",
            "DOCMILL_STORAGE_ACCESS_KEY", "account",
            "DOCMILL_STORAGE_SECRET_KEY", "hush",
            "DOCMILL_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092",
            "DOCMILL_REDIS_ADDRESS", "redis://redis:6379");

    @TempDir
    private Path directory;

    /** The settings of a process as the gateway and the worker have them. */
    @ConfigMapping(prefix = "docmill")
    interface ProcessSettings {
        Secret serviceKey();

        Optional<Certificates> trustedCertificates();

        StorageSettings storage();

        KafkaSettings kafka();

        RedisSettings redis();

        ManagementSettings management();

        Gateway gateway();

        interface Gateway {
            @WithDefault("50s")
            Duration waitLimit();

            @WithDefault("200MB")
            ByteSize maxUpload();

            @WithDefault("/var/spool/docmill")
            Path spoolDirectory();
        }
    }

    private static ProcessSettings read(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(REQUIRED);
        environment.putAll(more);
        return Settings.fromEnvironment(ProcessSettings.class, environment);
    }

    private static String mistakes(Map<String, String> environment) {
        try {
            Settings.fromEnvironment(ProcessSettings.class, environment);
        } catch (InvalidSettingsException e) {
            return String.valueOf(e.getMessage());
        }
        throw new AssertionError("the settings were taken");
    }

    private static String mistakesWith(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(REQUIRED);
        environment.putAll(more);
        return mistakes(environment);
    }

    @Test
    void hasDefaultsForWhatIsNotSaid() {
        // When
        ProcessSettings settings = read(Map.of());
        // Then
        assertThat(settings.storage().region()).isEqualTo("us-east-1");
        assertThat(settings.storage().bucket()).isEqualTo("docmill");
        assertThat(settings.storage().publicEndpoint()).isEmpty();
        assertThat(settings.kafka().securityProtocol()).isEqualTo("PLAINTEXT");
        assertThat(settings.kafka().saslMechanism()).isEmpty();
        assertThat(settings.kafka().saslJaasConfig()).isEmpty();
        assertThat(settings.kafka().replicationFactor()).isEmpty();
        assertThat(settings.redis().username()).isEmpty();
        assertThat(settings.redis().password()).isEmpty();
        assertThat(settings.redis().connections()).isEqualTo(8);
        assertThat(settings.management().host()).isEqualTo("0.0.0.0");
        assertThat(settings.management().port()).isEqualTo(9090);
        assertThat(settings.gateway().waitLimit()).isEqualTo(Duration.ofSeconds(50));
        assertThat(settings.gateway().maxUpload()).isEqualTo(new ByteSize(200_000_000));
        assertThat(settings.gateway().spoolDirectory()).isEqualTo(Path.of("/var/spool/docmill"));
    }

    @Test
    void readsEverythingFromTheEnvironment() {
        // When
        ProcessSettings settings = read(Map.ofEntries(
                Map.entry("DOCMILL_STORAGE_PUBLIC_ENDPOINT", "https://files.example.com"),
                Map.entry("DOCMILL_STORAGE_REGION", "eu-central-1"),
                Map.entry("DOCMILL_STORAGE_BUCKET", "documents"),
                Map.entry("DOCMILL_KAFKA_SECURITY_PROTOCOL", "SASL_SSL"),
                Map.entry("DOCMILL_KAFKA_SASL_MECHANISM", "SCRAM-SHA-512"),
                Map.entry("DOCMILL_KAFKA_SASL_JAAS_CONFIG", "a login module"),
                Map.entry("DOCMILL_KAFKA_REPLICATION_FACTOR", "3"),
                Map.entry("DOCMILL_REDIS_USERNAME", "docmill"),
                Map.entry("DOCMILL_REDIS_PASSWORD", "hush"),
                Map.entry("DOCMILL_REDIS_CONNECTIONS", "32"),
                Map.entry("DOCMILL_MANAGEMENT_HOST", "127.0.0.1"),
                Map.entry("DOCMILL_MANAGEMENT_PORT", "0"),
                Map.entry("DOCMILL_GATEWAY_WAIT_LIMIT", "500ms"),
                Map.entry("DOCMILL_GATEWAY_MAX_UPLOAD", "1GiB"),
                Map.entry("DOCMILL_GATEWAY_SPOOL_DIRECTORY", "/data/spool")));
        // Then
        assertThat(settings.serviceKey()).isEqualTo(new Secret("the service key"));
        assertThat(settings.storage().endpoint()).isEqualTo(URI.create("http://store:9000"));
        assertThat(settings.storage().publicEndpoint()).contains(URI.create("https://files.example.com"));
        assertThat(settings.storage().region()).isEqualTo("eu-central-1");
        assertThat(settings.storage().bucket()).isEqualTo("documents");
        assertThat(settings.storage().accessKey()).isEqualTo(new Secret("account"));
        assertThat(settings.storage().secretKey()).isEqualTo(new Secret("hush"));
        assertThat(settings.kafka().bootstrapServers()).isEqualTo("kafka:9092");
        assertThat(settings.kafka().securityProtocol()).isEqualTo("SASL_SSL");
        assertThat(settings.kafka().saslMechanism()).contains("SCRAM-SHA-512");
        assertThat(settings.kafka().saslJaasConfig()).contains(new Secret("a login module"));
        assertThat(settings.kafka().replicationFactor()).isEqualTo(Optional.of((short) 3));
        assertThat(settings.redis().address()).isEqualTo(URI.create("redis://redis:6379"));
        assertThat(settings.redis().username()).contains("docmill");
        assertThat(settings.redis().password()).contains(new Secret("hush"));
        assertThat(settings.redis().connections()).isEqualTo(32);
        assertThat(settings.management().host()).isEqualTo("127.0.0.1");
        assertThat(settings.management().port()).isZero();
        assertThat(settings.gateway().waitLimit()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.gateway().maxUpload()).isEqualTo(new ByteSize(1L << 30));
        assertThat(settings.gateway().spoolDirectory()).isEqualTo(Path.of("/data/spool"));
    }

    @Test
    void namesEveryMistakeAtOnceWithItsVariable() {
        // When
        String mistakes = mistakes(Map.of(
                "DOCMILL_STORAGE_ENDPOINT", "http://store:9000",
                "DOCMILL_STORAGE_ACCESS_KEY", "account",
                "DOCMILL_GATEWAY_WAIT_LIMIT", "soon",
                "DOCMILL_GATEWAY_MAX_UPLOAD", "999999999999GB",
                "DOCMILL_MANAGEMENT_PORT", "http",
                "DOCMILL_REDIS_ADDRESS", "not an address",
                "DOCMILL_STORAGE_BUKET", "documents"));
        // Then
        assertThat(mistakes)
                .startsWith("The configuration has 8 mistakes:")
                .contains("DOCMILL_SERVICE_KEY: ")
                .contains("DOCMILL_STORAGE_SECRET_KEY: ")
                .contains("DOCMILL_KAFKA_BOOTSTRAP_SERVERS: ")
                .contains("DOCMILL_GATEWAY_WAIT_LIMIT: ", "500ms, 30s, 5m or 1h", "'soon'")
                .contains("DOCMILL_GATEWAY_MAX_UPLOAD: ", "500MB or 2GiB", "'999999999999GB'")
                .contains("DOCMILL_MANAGEMENT_PORT: ")
                .contains("DOCMILL_REDIS_ADDRESS: ")
                .contains("DOCMILL_STORAGE_BUKET is not a setting of this process")
                .contains("DOCMILL_STORAGE_BUCKET")
                .doesNotContain("SRCFG");
    }

    @Test
    void passesOverTheSettingsOfOtherProcessesAndOfScripts() {
        // When
        ProcessSettings settings = read(Map.of(
                "DOCMILL_WORKER_SLOTS", "4",
                "DOCMILL_HOME", "/opt/docmill",
                "DOCMILL_API_KEY", "sk_live_x",
                "PATH", "/bin",
                "DOCMILLING", "x"));
        // Then
        assertThat(settings.storage().bucket()).isEqualTo("docmill");
    }

    @Test
    void refusesAVariableThatNobodyKnows() {
        assertThat(mistakesWith(Map.of("DOCMILL_GATEWAY_WAITLIMIT", "1s")))
                .contains("DOCMILL_GATEWAY_WAITLIMIT is not a setting of this process")
                .contains("DOCMILL_GATEWAY_WAIT_LIMIT");
        assertThat(mistakesWith(Map.of("DOCMILL_TYPO", "1"))).contains("DOCMILL_TYPO is not a setting");
    }

    @Test
    void readsAnySettingFromTheFileThatAVariableNames() throws IOException {
        // Given
        Path secret = Files.writeString(directory.resolve("secret"), "from a file\n");
        Map<String, String> environment = new HashMap<>(REQUIRED);
        environment.remove("DOCMILL_SERVICE_KEY");
        environment.put("DOCMILL_SERVICE_KEY_FILE", secret.toString());
        // When
        ProcessSettings settings = Settings.fromEnvironment(ProcessSettings.class, environment);
        // Then
        assertThat(settings.serviceKey().value()).isEqualTo("from a file");
    }

    @Test
    void prefersTheEnvironmentToASecretsFileAndThatToTheConfigurationFile() throws IOException {
        // Given
        Path secret = Files.writeString(directory.resolve("secret"), "of the secrets file");
        Path configuration = Files.writeString(directory.resolve("docmill.properties"), """
                docmill.service-key = of the configuration file
                docmill.redis.password = of the configuration file
                docmill.storage.bucket = of-the-configuration-file
                """);
        // When
        ProcessSettings settings = read(Map.of(
                "DOCMILL_CONFIG_FILE", configuration.toString(),
                "DOCMILL_SERVICE_KEY_FILE", secret.toString(),
                "DOCMILL_REDIS_PASSWORD_FILE", secret.toString()));
        // Then
        assertThat(settings.serviceKey().value()).isEqualTo("the service key");
        assertThat(settings.redis().password()).contains(new Secret("of the secrets file"));
        assertThat(settings.storage().bucket()).isEqualTo("of-the-configuration-file");
    }

    @Test
    void namesFilesThatCanNotBeRead() {
        // When
        String mistakes = mistakesWith(Map.of(
                "DOCMILL_CONFIG_FILE", directory.resolve("absent").toString(),
                "DOCMILL_REDIS_PASSWORD_FILE", directory.toString()));
        // Then
        assertThat(mistakes)
                .contains("DOCMILL_CONFIG_FILE names " + directory.resolve("absent"))
                .contains("DOCMILL_REDIS_PASSWORD_FILE names " + directory);
    }

    @Test
    void refusesAPropertyThatNobodyKnows() throws IOException {
        // Given
        Path configuration = Files.writeString(directory.resolve("docmill.properties"), """
                docmill.storage.buket = x
                docmill.worker.slots = 2
                logging.level = debug
                """);
        // When
        String mistakes = mistakesWith(Map.of("DOCMILL_CONFIG_FILE", configuration.toString()));
        // Then
        assertThat(mistakes).contains("has 1 mistake:", "docmill.storage.buket is not a setting of this process");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pa$$word",
                "${HOME}",
                "${absent}",
                "pa${word",
                "$",
                "back\\slash",
                "a,b",
                "  spaces ",
                "\"quotes\"",
                "#hash",
                "${a:b}",
                "ключ"
            })
    void takesSecretsAsTheyAre(String secret) {
        assertThat(read(Map.of("DOCMILL_REDIS_PASSWORD", secret)).redis().password())
                .contains(new Secret(secret));
    }

    @Test
    void neverPrintsSecrets() {
        // Given
        ProcessSettings settings = read(Map.of("DOCMILL_REDIS_PASSWORD", "opensesame"));
        // Then
        assertThat(settings.redis().password()).isPresent();
        assertThat(String.valueOf(settings.redis().password()))
                .contains("[hidden]")
                .doesNotContain("opensesame");
        assertThat(String.valueOf(settings) + settings.redis() + settings.storage())
                .doesNotContain("opensesame", "hush", "the service key");
        assertThat(mistakesWith(Map.of("DOCMILL_REDIS_PASSWORD", "opensesame", "DOCMILL_MANAGEMENT_PORT", "x")))
                .doesNotContain("opensesame", "hush", "the service key");
    }

    @ParameterizedTest
    @CsvSource({"0ms, PT0S", "500ms, PT0.5S", "30s, PT30S", "5m, PT5M", "1h, PT1H", "2d, PT48H", "' 3 s ', PT3S"})
    void readsTimes(String text, Duration duration) {
        assertThat(read(Map.of("DOCMILL_GATEWAY_WAIT_LIMIT", text)).gateway().waitLimit())
                .isEqualTo(duration);
    }

    @Test
    void namesThePropertiesOfVariables() {
        assertThat(Settings.environmentName("docmill.storage.secret-key")).isEqualTo("DOCMILL_STORAGE_SECRET_KEY");
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> Settings.fromProperties(ProcessSettings.class, Map.of("docmill.nonsense", "1")))
                .withMessageContaining("docmill.nonsense");
    }

    @Test
    void trustsTheSameAuthoritiesEverywhereButWhereOneHasItsOwn() throws IOException {
        // Given
        String all = TestAuthority.make().pem();
        String ofRedis = TestAuthority.make().pem() + "A remark between certificates.\n" + all;
        Path file = Files.writeString(directory.resolve("ca.pem"), all);
        // When
        ProcessSettings settings = read(Map.of(
                "DOCMILL_TRUSTED_CERTIFICATES_FILE", file.toString(), "DOCMILL_REDIS_TRUSTED_CERTIFICATES", ofRedis));
        // Then
        assertThat(settings.storage().trustedCertificates()).contains(Certificates.parse(all));
        assertThat(settings.kafka().trustedCertificates()).contains(Certificates.parse(all));
        assertThat(settings.redis().trustedCertificates()).contains(Certificates.parse(ofRedis));
        assertThat(settings.redis().trustedCertificates().orElseThrow().list()).hasSize(2);
        assertThat(read(Map.of()).storage().trustedCertificates()).isEmpty();
    }

    @Test
    void readsAPrivateKeyWithItsCertificateAndPrintsNeither() {
        // Given
        TestCertificate client = TestAuthority.make().client("worker");
        // When
        ClientCertificate read = read(Map.of("DOCMILL_KAFKA_CLIENT_CERTIFICATE", client.pem()))
                .kafka()
                .clientCertificate()
                .orElseThrow();
        // Then
        assertThat(read.chain().pem())
                .isEqualTo(Certificates.parse(client.certificatePem()).pem());
        assertThat(ClientCertificate.parse(read.keyPem() + read.chain().pem())).isEqualTo(read);
        assertThat(read).hasToString("[hidden]");
    }

    /** Kafka's client reads no such key, and would tell of it as of a Kafka that is away. */
    @ParameterizedTest
    @ValueSource(strings = {"KAFKA", "REDIS"})
    void takesNoPrivateKeyThatKafkasClientCannotRead(String neighbour) throws GeneralSecurityException {
        // Given
        TestCertificate client = TestAuthority.make().client("worker");
        byte[] key = KeyPairGenerator.getInstance("Ed25519")
                .generateKeyPair()
                .getPrivate()
                .getEncoded();
        String pem = "-----BEGIN PRIVATE KEY-----\n%s\n-----END PRIVATE KEY-----\n"
                .formatted(Base64.getEncoder().encodeToString(key));
        // Then
        assertThat(mistakesWith(Map.of("DOCMILL_" + neighbour + "_CLIENT_CERTIFICATE", pem + client.certificatePem())))
                .contains("_CLIENT_CERTIFICATE: has a private key that can't be read, or is neither of RSA nor EC");
    }

    @Test
    void tellsWhatIsNoCertificateAndNeverAPrivateKey() {
        // Given
        TestCertificate client = TestAuthority.make().client("worker");
        String key = client.keyPem().lines().skip(1).findFirst().orElseThrow();
        // Then
        assertThat(mistakesWith(Map.of("DOCMILL_TRUSTED_CERTIFICATES", "/etc/ca.pem")))
                .contains("DOCMILL_TRUSTED_CERTIFICATES: takes certificates in PEM");
        assertThat(mistakesWith(Map.of("DOCMILL_KAFKA_CLIENT_CERTIFICATE", client.certificatePem())))
                .contains("DOCMILL_KAFKA_CLIENT_CERTIFICATE: takes a private key");
        assertThat(mistakesWith(Map.of("DOCMILL_KAFKA_CLIENT_CERTIFICATE", client.keyPem())))
                .contains("DOCMILL_KAFKA_CLIENT_CERTIFICATE: takes certificates in PEM")
                .doesNotContain(key);
        assertThat(mistakesWith(Map.of(
                        "DOCMILL_KAFKA_CLIENT_CERTIFICATE",
                        client.keyPem() + "-----BEGIN CERTIFICATE-----\nnone\n-----END CERTIFICATE-----\n")))
                .contains("DOCMILL_KAFKA_CLIENT_CERTIFICATE: has a certificate that can't be read")
                .doesNotContain(key);
        assertThat(mistakesWith(Map.of(
                        "DOCMILL_KAFKA_CLIENT_CERTIFICATE",
                        "-----BEGIN PRIVATE KEY-----\n" + key.substring(4) + "\n-----END PRIVATE KEY-----\n")))
                .contains("DOCMILL_KAFKA_CLIENT_CERTIFICATE: has a private key that can't be read")
                .doesNotContain(key.substring(4));
    }

    @Test
    void oneSectionIsReadWithoutTheOthers() throws IOException {
        // Given
        Path secret = Files.writeString(directory.resolve("secret"), "from a file\n");
        Map<String, String> environment = Map.of(
                "DOCMILL_REDIS_ADDRESS", "redis://redis:6379",
                "DOCMILL_REDIS_PASSWORD_FILE", secret.toString(),
                "DOCMILL_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092");
        // When
        Map<String, String> section = Settings.section(ProcessSettings.class, "redis", environment);
        // Then
        assertThat(section)
                .isEqualTo(
                        Map.of("docmill.redis.address", "redis://redis:6379", "docmill.redis.password", "from a file"));
        assertThatExceptionOfType(InvalidSettingsException.class)
                .isThrownBy(() -> Settings.section(
                        ProcessSettings.class, "redis", Map.of("DOCMILL_REDIS_PASSWORD_FILE", "/nowhere")))
                .withMessageContaining("DOCMILL_REDIS_PASSWORD_FILE");
    }
}
