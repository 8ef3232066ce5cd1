package io.docmill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.cli.StubbedDocmill.Answer;
import io.docmill.cli.StubbedDocmill.Asked;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLettersCommandTest {
    private static final String LETTER = """
            {"id": "01LETTER", "failed_at": "2026-11-24T21:00:00Z", "failure": "engine_crashed", "source_format": "docx",
             "format": "pdf", "scope_id": "scope_1", "conversion_id": "conv_1"}""";

    private final StubbedDocmill docmill = new StubbedDocmill();

    @TempDir
    Path directory;

    DeadLettersCommandTest() throws IOException {}

    @AfterEach
    void stopDocmill() {
        docmill.close();
    }

    private CommandRun run(String... arguments) {
        String[] line = new String[arguments.length + 3];
        line[0] = "dead-letters";
        System.arraycopy(arguments, 0, line, 1, arguments.length);
        line[arguments.length + 1] = "--url";
        line[arguments.length + 2] = docmill.url().toString();
        return CommandRun.of(directory, Map.of("DOCMILL_OPERATOR_KEY", "sk_live_operator"), line);
    }

    @Test
    void listsLetters() {
        // Given
        docmill.on(
                "GET /v1/admin/dead-letters?limit=100",
                Answer.json(200, "{\"data\": [%s], \"next_cursor\": null}".formatted(LETTER)));

        // When
        CommandRun run = run("list");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .isEqualTo("01LETTER\t2026-11-24T21:00:00Z\tengine_crashed\tdocx to pdf\tscope_1\tconv_1\n");
    }

    @Test
    void showsALetter() {
        // Given
        docmill.on("GET /v1/admin/dead-letters/01LETTER", Answer.json(200, LETTER));

        // When
        CommandRun run = run("show", "01LETTER");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("\"failure\" : \"engine_crashed\"");
    }

    @Test
    void replaysALetterAndPrintsTheNewAttempt() {
        // Given
        docmill.on(
                "POST /v1/admin/dead-letters/01LETTER/replay",
                Answer.json(
                        202, "{\"conversion_id\": \"conv_1\", \"attempt\": \"01NEXT\", \"scope_id\": \"scope_1\"}"));

        // When
        CommandRun run = run("replay", "01LETTER");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("01NEXT\n");
        assertThat(run.err()).contains("conv_1", "scope_1");
        assertThat(docmill.asked()).extracting(Asked::key).containsExactly("sk_live_operator");
    }

    @Test
    void dropsALetter() {
        // Given
        docmill.on("DELETE /v1/admin/dead-letters/01LETTER", Answer.json(204, ""));

        // When
        CommandRun run = run("drop", "01LETTER");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("01LETTER");
    }

    @Test
    void showsWhyALetterIsNotReplayed() {
        // Given
        docmill.on(
                "POST /v1/admin/dead-letters/01LETTER/replay",
                Answer.json(
                        409,
                        "{\"error\": \"conflict\", \"message\": \"A password is gone.\", \"request_id\": \"01REQ\"}"));

        // When
        CommandRun run = run("replay", "01LETTER");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("docmill: A password is gone. (conflict, request 01REQ)\n");
    }
}
