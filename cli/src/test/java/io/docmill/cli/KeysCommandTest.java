package io.docmill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.cli.StubbedDocmill.Answer;
import io.docmill.cli.StubbedDocmill.Asked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysCommandTest {
    private final StubbedDocmill docmill = new StubbedDocmill();

    @TempDir
    Path directory;

    KeysCommandTest() throws IOException {}

    @AfterEach
    void stopDocmill() {
        docmill.close();
    }

    @Test
    void printsTheKeyAloneOnTheStandardOutput() throws IOException {
        // Given
        docmill.on("POST /v1/admin/keys", Answer.json(201, """
                {"id": "key_1", "key": "sk_live_new", "name": "CI", "scope": "workspace", "scope_id": "ws_7",
                 "role": "operator", "created_at": "2026-11-23T21:00:00Z"}"""));
        Files.writeString(directory.resolve("url"), docmill.url() + "\n");
        Files.writeString(directory.resolve("operator-key"), "sk_live_operator\n");

        // When
        CommandRun run = CommandRun.of(
                directory,
                Map.of("DOCMILL_DATA", directory.toString()),
                "keys create --name CI --scope workspace --scope-id ws_7 --role operator".split(" ", -1));

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("sk_live_new\n");
        assertThat(run.err())
                .contains("'CI'", "key_1", "workspace ws_7", "operator")
                .doesNotContain("sk_live_");
        assertThat(docmill.asked()).singleElement().satisfies(asked -> {
            assertThat(asked.key()).isEqualTo("sk_live_operator");
            assertThat(asked.body())
                    .isEqualTo("{\"name\":\"CI\",\"scope\":\"workspace\",\"scope_id\":\"ws_7\",\"role\":\"operator\"}");
        });
    }

    @Test
    void makesAPersonalKeyForAUserUnlessToldOtherwise() throws IOException {
        // Given
        docmill.on("POST /v1/admin/keys", Answer.json(201, "{\"key\": \"sk_live_new\"}"));

        // When
        CommandRun run = CommandRun.of(
                directory,
                Map.of("DOCMILL_OPERATOR_KEY", "sk_live_operator"),
                "keys",
                "create",
                "--url",
                docmill.url().toString());

        // Then
        assertThat(run.out()).isEqualTo("sk_live_new\n");
        assertThat(docmill.asked())
                .extracting(Asked::body)
                .singleElement()
                .asString()
                .contains("\"scope\":\"personal\"", "\"role\":\"user\"")
                .doesNotContain("scope_id");
    }

    @Test
    void showsARefusalAndPrintsNoKey() {
        // Given
        docmill.on(
                "POST /v1/admin/keys",
                Answer.json(
                        401,
                        "{\"error\":\"unauthorized\",\"message\":\"This key is no operator's.\",\"request_id\":\"01REQ\"}"));

        // When
        CommandRun run = CommandRun.of(
                directory, Map.of(), "keys", "create", "--url", docmill.url().toString(), "--key", "sk_live_user");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("docmill: This key is no operator's. (unauthorized, request 01REQ)\n");
    }

    @Test
    void asksForAnOperatorsKeyWhereThereIsNone() {
        // When
        CommandRun run = CommandRun.of(
                directory,
                Map.of("DOCMILL_DATA", directory.toString(), "DOCMILL_API_KEY", "sk_live_user"),
                "keys",
                "create",
                "--url",
                docmill.url().toString());

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("DOCMILL_OPERATOR_KEY", "--key", "operator-key");
    }

    @Test
    void listsKeysPageByPage() {
        // Given
        docmill.on("GET /v1/admin/keys?limit=100", Answer.json(200, """
                {"data": [{"id": "key_2", "name": "two\\u001b[2J", "scope": "personal", "scope_id": "scope_2",
                           "role": "user", "created_at": "2026-11-24T21:00:00Z", "revoked_at": null}],
                 "next_cursor": "key_2"}"""));
        docmill.on("GET /v1/admin/keys?limit=100&cursor=key_2", Answer.json(200, """
                {"data": [{"id": "key_1", "name": "one", "scope": "personal", "scope_id": "scope_1",
                           "role": "operator", "created_at": "2026-11-23T21:00:00Z",
                           "revoked_at": "2026-11-25T21:00:00Z"}],
                 "next_cursor": null}"""));

        // When
        CommandRun run = CommandRun.of(
                directory, Map.of(), "keys", "list", "--url", docmill.url().toString(), "--key", "sk_live_operator");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("""
                        key_2\tuser\tscope_2\t2026-11-24T21:00:00Z\t-\ttwo?[2J
                        key_1\toperator\tscope_1\t2026-11-23T21:00:00Z\t2026-11-25T21:00:00Z\tone
                        """);
    }

    @Test
    void revokesAKey() {
        // Given
        docmill.on("DELETE /v1/admin/keys/key_1", Answer.json(204, ""));

        // When
        CommandRun run = CommandRun.of(
                directory,
                Map.of(),
                "keys",
                "revoke",
                "key_1",
                "--url",
                docmill.url().toString(),
                "--key",
                "sk_live_operator");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("docmill: revoked key_1\n");
    }
}
