package io.docmill.system;

import io.docmill.embedded.EmbeddedObjectStore;
import io.docmill.embedded.ObjectStoreCredentials;
import io.docmill.testing.services.AccessRules;
import io.docmill.testing.services.ClusterProcess;
import io.docmill.testing.services.SecuredKafka;
import io.docmill.testing.services.SecuredRedis;
import io.docmill.testing.services.TestAuthority;
import io.docmill.testing.services.TestPort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A gateway and a worker beside neighbours that take encrypted connections alone, and give each an account that may do what
 * {@code deploy} says. Secrets and certificates come from files. Closing it ends all of it.
 */
final class SecuredCluster implements AutoCloseable {
    static final String GATEWAY_ACCOUNT = "docmill-gateway";
    static final String WORKER_ACCOUNT = "docmill-worker";
    static final String PASSWORD = "a-password-of-a-test";
    static final String SERVICE_KEY = "the first service key of a test, long enough";

    private static final String SECOND = "-2";
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final ObjectStoreCredentials STORE_ACCOUNT =
            new ObjectStoreCredentials("test-access-key", "a-test's-secret-key");

    private final Path directory;
    private final TestAuthority authority = TestAuthority.make();
    private final AccessRules rules = new AccessRules(ROOT.resolve("deploy"));
    private final SecuredKafka kafka;
    private final SecuredRedis redis;
    private final EmbeddedObjectStore store;
    private final int gatewayPort = TestPort.choose();
    private int processes;

    /**
     * Starts the neighbours alone.
     *
     * @param directory its path is short, because sockets lie below it
     */
    SecuredCluster(Path directory) {
        this.directory = directory;
        kafka = SecuredKafka.start(directory.resolve("kafka"), authority.localServer());
        kafka.allow(rules.kafka());
        redis = SecuredRedis.start(directory.resolve("redis"), authority.localServer(), rules.redis(PASSWORD), null);
        store = EmbeddedObjectStore.start(
                directory.resolve("store"),
                TestPort.choose(),
                STORE_ACCOUNT,
                authority.localServer().serverContext());
    }

    SecuredKafka kafka() {
        return kafka;
    }

    SecuredRedis redis() {
        return redis;
    }

    /** Where the gateway is that {@link #gateway} makes. */
    URI api() {
        return URI.create("http://127.0.0.1:" + gatewayPort);
    }

    /** A gateway with the first secrets, not yet started. */
    ClusterProcess gateway(Map<String, String> more) {
        return gateway(GATEWAY_ACCOUNT, PASSWORD, more);
    }

    /** A worker with the first secrets, not yet started. */
    ClusterProcess worker(Map<String, String> more) {
        return worker(WORKER_ACCOUNT, PASSWORD, more);
    }

    /** Gives each process a second account of Kafka, with the same rights, and its account of Redis a second password. */
    void addSecondSecrets(String password) {
        kafka.account(GATEWAY_ACCOUNT + SECOND, password);
        kafka.account(WORKER_ACCOUNT + SECOND, password);
        kafka.allow(rules.kafka().stream()
                .map(rule -> AccessRules.of(rule.entry().principal() + SECOND, rule))
                .toList());
        redis.administer("ACL", "SETUSER", GATEWAY_ACCOUNT, ">" + password);
        redis.administer("ACL", "SETUSER", WORKER_ACCOUNT, ">" + password);
    }

    /** Takes the first accounts and passwords away. */
    void removeFirstSecrets() {
        kafka.removeAccount(GATEWAY_ACCOUNT);
        kafka.removeAccount(WORKER_ACCOUNT);
        redis.administer("ACL", "SETUSER", GATEWAY_ACCOUNT, "<" + PASSWORD);
        redis.administer("ACL", "SETUSER", WORKER_ACCOUNT, "<" + PASSWORD);
    }

    /** A gateway with the second secrets, not yet started. */
    ClusterProcess gatewayWithSecondSecrets(String password, Map<String, String> more) {
        return gateway(GATEWAY_ACCOUNT + SECOND, password, more);
    }

    /** A worker with the second secrets, not yet started. */
    ClusterProcess workerWithSecondSecrets(String password, Map<String, String> more) {
        return worker(WORKER_ACCOUNT + SECOND, password, more);
    }

    private ClusterProcess gateway(String kafkaAccount, String password, Map<String, String> more) {
        Map<String, String> environment = environment(kafkaAccount, GATEWAY_ACCOUNT, password, more);
        environment.put("DOCMILL_GATEWAY_HOST", "127.0.0.1");
        environment.put("DOCMILL_GATEWAY_PORT", String.valueOf(gatewayPort));
        environment.put("DOCMILL_GATEWAY_DRAIN_DELAY", "0s");
        environment.put(
                "DOCMILL_GATEWAY_SPOOL_DIRECTORY", directory.resolve("spool").toString());
        environment.put("DOCMILL_GATEWAY_BOOTSTRAP_OPERATOR_KEY", ClusterProcess.OPERATOR_KEY);
        return process("gateway", "api-gateway", environment);
    }

    private ClusterProcess worker(String kafkaAccount, String password, Map<String, String> more) {
        Map<String, String> environment = environment(kafkaAccount, WORKER_ACCOUNT, password, more);
        environment.put("DOCMILL_WORKER_SLOTS", "1");
        environment.put(
                "DOCMILL_WORKER_WORK_DIRECTORY", directory.resolve("work").toString());
        return process("worker", "conversion-worker", environment);
    }

    /** All that gateways and workers have logged. */
    String logs() {
        try (Stream<Path> files = Files.list(directory)) {
            StringBuilder logs = new StringBuilder();
            for (Path log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                logs.append(Files.readString(log));
            }
            return logs.toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, String> environment(
            String kafkaAccount, String redisAccount, String password, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(kafka.settings(kafkaAccount, password));
        settings.put("docmill.redis.address", redis.address());
        settings.put("docmill.redis.username", redisAccount);
        settings.put("docmill.redis.password", password);
        settings.put("docmill.storage.endpoint", store.endpoint());
        settings.put("docmill.storage.access-key", store.accessKey());
        settings.put("docmill.storage.secret-key", store.secretKey());
        settings.put("docmill.service-key", SERVICE_KEY);
        settings.put("docmill.trusted-certificates", authority.pem());
        settings.putAll(more);
        Map<String, String> environment = new HashMap<>();
        settings.forEach((setting, value) ->
                environment.put(setting.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT) + "_FILE", file(value)));
        return environment;
    }

    private String file(String content) {
        try {
            return Files.writeString(Files.createTempFile(directory, "setting", ""), content + "\n")
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ClusterProcess process(String name, String module, Map<String, String> environment) {
        int managementPort = TestPort.choose();
        environment.put("DOCMILL_MANAGEMENT_HOST", "127.0.0.1");
        environment.put("DOCMILL_MANAGEMENT_PORT", String.valueOf(managementPort));
        Path jar = ROOT.resolve(module).resolve("target").resolve(module + ".jar");
        processes++;
        return new ClusterProcess(
                name, jar, environment, managementPort, directory.resolve(name + "-" + processes + ".log"));
    }

    @Override
    public void close() {
        redis.close();
        store.close();
        kafka.close();
    }
}
