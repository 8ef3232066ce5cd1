package io.docmill.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.storage.ObjectKeys;
import io.minio.MinioClient;
import io.minio.SetBucketPolicyArgs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The policies in {@code deploy} are enough for what gateways and workers do, and keep workers from the rest. */
class StoreAccountsIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path DEPLOY = Path.of("../deploy");
    private static final String KEY = ObjectKeys.apiKey("ab".repeat(32));

    private static StoreUnderTest server;
    private static ObjectStore administrator;
    private static ObjectStore gateway;
    private static ObjectStore worker;

    private final ScopeId scope = ScopeId.create();
    private final SourceId source = SourceId.create(SourceId.Kind.FILE);
    private final String sourceKey = ObjectKeys.source(scope, source);
    private final String resultKey = ObjectKeys.sourcePrefix(scope, source) + "conversions/a-hash/artifact";

    @TempDir
    private Path directory;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        assumeTrue(StoreKind.tested().anyMatch(StoreKind.VERSITYGW::equals), "only versitygw has accounts here");
        server = StoreKind.startWithAccounts(directory);
        StoreSettings root = server.settings();
        administrator = new ObjectStore(root);
        administrator.ensureBucket();
        gateway = new ObjectStore(StoreKind.makeAccount(root, "gateway"));
        worker = new ObjectStore(StoreKind.makeAccount(root, "worker"));
        ObjectNode policy = JSON.createObjectNode().put("Version", "2012-10-17");
        ArrayNode statements = policy.putArray("Statement");
        addStatements(statements, "s3-policy-gateway.json", "gateway");
        addStatements(statements, "s3-policy-worker.json", "worker");
        MinioClient client = MinioClient.builder()
                .endpoint(root.endpoint().toString())
                .region(root.region())
                .credentials(root.accessKey().value(), root.secretKey().value())
                .build();
        client.setBucketPolicy(SetBucketPolicyArgs.builder()
                .bucket(root.bucket())
                .config(policy.toString())
                .build());
        client.close();
    }

    /** In a policy of a bucket each statement says for whom it is; in one of an account it need not. */
    private static void addStatements(ArrayNode statements, String file, String account) throws IOException {
        for (JsonNode statement :
                JSON.readTree(Files.readString(DEPLOY.resolve(file))).path("Statement")) {
            ObjectNode named = statement.deepCopy();
            named.putObject("Principal").put("AWS", account);
            statements.add(named);
        }
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            worker.close();
            gateway.close();
            administrator.close();
            server.close();
        }
    }

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("content"), content);
    }

    private static String content(ObjectStore objects, String key) throws IOException {
        try (var stream = objects.open(key).orElseThrow()) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void refuses(Runnable call) {
        assertThatExceptionOfType(StorageUnavailableException.class).isThrownBy(call::run);
    }

    @Test
    void gatewayDoesAllThatItHasTo() throws IOException {
        gateway.ensureBucket();
        assertThat(gateway.putIfAbsent(sourceKey, file("source"), "text/plain", "{}"))
                .isTrue();
        assertThat(gateway.putIfAbsent(sourceKey, file("source"), "text/plain", "{}"))
                .isFalse();
        gateway.put(KEY, new byte[0], "text/plain", "{}");
        assertThat(gateway.head(KEY)).isPresent();
        assertThat(content(gateway, sourceKey)).isEqualTo("source");
        assertThat(gateway.keys(ObjectKeys.sourcePrefix(scope, source))).containsExactly(sourceKey);
        assertThat(gateway.head("probe")).isEmpty();
        gateway.delete(sourceKey);
        assertThat(gateway.head(sourceKey)).isEmpty();
    }

    @Test
    void workerDoesAllThatItHasTo() throws IOException {
        // Given
        gateway.put(sourceKey, file("source"), "text/plain", "{}");
        // Then
        worker.ensureBucket();
        assertThat(content(worker, sourceKey)).isEqualTo("source");
        assertThat(worker.head(resultKey)).isEmpty();
        worker.put(resultKey, file("result"), "text/plain", "{}");
        assertThat(content(gateway, resultKey)).isEqualTo("result");
        assertThat(worker.keys(ObjectKeys.sourcePrefix(scope, source) + "conversions/"))
                .containsExactly(resultKey);
        assertThat(worker.head("probe")).isEmpty();
        worker.delete(resultKey);
        assertThat(gateway.head(resultKey)).isEmpty();
    }

    @Test
    void workerReadsNoKeysAndReplacesNoSources() throws IOException {
        // Given
        gateway.put(KEY, new byte[0], "text/plain", "{}");
        gateway.put(sourceKey, file("source"), "text/plain", "{}");
        Path other = file("other");
        // Then
        refuses(() -> worker.head(KEY));
        refuses(() -> worker.open(KEY));
        refuses(() -> worker.put(KEY, new byte[0], "text/plain", "{}"));
        refuses(() -> worker.delete(KEY));
        refuses(() -> worker.put(sourceKey, other, "text/plain", "{}"));
        refuses(() -> worker.delete(sourceKey));
        assertThat(gateway.head(KEY)).isPresent();
        assertThat(content(gateway, sourceKey)).isEqualTo("source");
    }
}
