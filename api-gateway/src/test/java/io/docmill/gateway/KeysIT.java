package io.docmill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.security.ApiKey;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** API keys as operators see them, with two gateways. */
class KeysIT {
    /** What the contract promises of a revocation. */
    private static final Duration EVERYWHERE = Duration.ofSeconds(10);

    private static NeighbourProcesses neighbours;
    private static RunningGateway gateway;
    private static RunningGateway other;

    @TempDir
    private static Path directory;

    @BeforeAll
    static void start() {
        neighbours = NeighbourProcesses.start(directory);
        gateway = RunningGateway.start(neighbours, directory.resolve("spool"), Map.of());
        other = RunningGateway.start(neighbours, directory.resolve("other"), Map.of());
    }

    @AfterAll
    static void stop() {
        other.close();
        gateway.close();
        neighbours.close();
    }

    private static String idOf(String key) {
        return "key_" + new ApiKey(key).sha256();
    }

    private static Answer revoke(String key) {
        return gateway.delete("/v1/admin/keys/" + idOf(key), gateway.operatorKey());
    }

    private static List<JsonObject> listed(String query) {
        List<JsonObject> keys = new ArrayList<>();
        for (String next = ""; next != null; ) {
            String cursor = next.isEmpty() ? "" : "&cursor=" + next;
            JsonObject page = gateway.get("/v1/admin/keys?" + query + cursor, gateway.operatorKey())
                    .json();
            page.getJsonArray("data").forEach(key -> keys.add((JsonObject) key));
            next = page.getString("next_cursor");
        }
        return keys;
    }

    private static String newOperator() {
        return gateway.postJson(
                        "/v1/admin/keys",
                        "{\"name\": \"another\", \"scope\": \"personal\", \"role\": \"operator\"}",
                        gateway.operatorKey())
                .json()
                .getString("key");
    }

    @Test
    void listsKeysNewestFirstByCursorAndNeverTheKeysThemselves() {
        // Given
        List<String> made =
                IntStream.range(0, 5).mapToObj(_ -> gateway.createKey()).toList();
        // When
        List<JsonObject> keys = listed("limit=2");
        // Then
        assertThat(keys.stream().limit(made.size()).map(key -> key.getString("id")))
                .containsExactlyElementsOf(
                        made.reversed().stream().map(KeysIT::idOf).toList());
        assertThat(keys).extracting(key -> key.getString("id")).doesNotHaveDuplicates();
        assertThat(keys.getFirst().fieldNames())
                .containsExactlyInAnyOrder("id", "name", "scope", "scope_id", "role", "created_at", "revoked_at");
        assertThat(keys.toString()).doesNotContain("sk_live_");
    }

    @Test
    void aRevokedKeyOpensNothingAtAnyGateway() {
        // Given
        String key = gateway.createKey();
        assertThat(gateway.get("/v1/files", key).status()).isEqualTo(200);
        assertThat(other.get("/v1/files", key).status()).isEqualTo(200);
        // When
        assertThat(revoke(key).status()).isEqualTo(204);
        // Then
        assertThat(gateway.get("/v1/files", key).status()).isEqualTo(401);
        await().atMost(EVERYWHERE).until(() -> other.get("/v1/files", key).status() == 401);
        assertThat(revoke(key).status()).describedAs("again").isEqualTo(204);
        assertThat(listed("limit=100"))
                .filteredOn(listed -> listed.getString("id").equals(idOf(key)))
                .singleElement()
                .satisfies(listed -> assertThat(listed.getString("revoked_at")).isNotNull());
    }

    @Test
    void keepsTheLastKeyThatOperates() {
        // Given
        String operator = newOperator();
        // When
        Answer revoked = gateway.delete("/v1/admin/keys/" + idOf(operator), operator);
        Answer last = revoke(gateway.operatorKey());
        // Then
        assertThat(revoked.status()).describedAs("one of two, by itself").isEqualTo(204);
        assertThat(last.status()).isEqualTo(409);
        assertThat(last.json().getString("error")).isEqualTo("conflict");
        assertThat(gateway.get("/v1/admin/keys", gateway.operatorKey()).status())
                .isEqualTo(200);
    }

    @Test
    void aConfiguredOperatorKeyThatWasRevokedStaysRevoked() {
        // Given
        String configured = ApiKey.generate(new SecureRandom()).text();
        Map<String, String> settings = Map.of("docmill.gateway.bootstrap-operator-key", configured);
        try (RunningGateway first = RunningGateway.start(neighbours, directory.resolve("first"), settings)) {
            assertThat(first.get("/v1/admin/keys", configured).status()).isEqualTo(200);
        }
        // When
        assertThat(revoke(configured).status()).isEqualTo(204);
        // Then
        try (RunningGateway again = RunningGateway.start(neighbours, directory.resolve("again"), settings)) {
            assertThat(again.get("/v1/admin/keys", configured).status()).isEqualTo(401);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/v1/admin/keys",
        "DELETE,/v1/admin/keys/key_0000000000000000000000000000000000000000000000000000000000000000",
    })
    void letsNoUserOperate(String method, String path) {
        // When
        Answer answer = method.equals("GET") ? gateway.get(path) : gateway.delete(path);
        // Then
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.json().getString("error")).isEqualTo("forbidden");
    }

    @Test
    void doesNotFindAKeyThatNeverWas() {
        // Given
        for (String id : List.of("key_" + "0".repeat(64), "key_1", "nothing")) {
            // When
            Answer answer = gateway.delete("/v1/admin/keys/" + id, gateway.operatorKey());
            // Then
            assertThat(answer.status()).describedAs(id).isEqualTo(404);
        }
        assertThat(gateway.get("/v1/admin/keys?cursor=key_" + "0".repeat(64), gateway.operatorKey())
                        .status())
                .isEqualTo(400);
    }
}
