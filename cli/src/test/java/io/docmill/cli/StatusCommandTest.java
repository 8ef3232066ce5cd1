package io.docmill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.cli.StubbedDocmill.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusCommandTest {
    private final StubbedDocmill docmill = new StubbedDocmill();

    @TempDir
    Path directory;

    StatusCommandTest() throws IOException {}

    @AfterEach
    void stopDocmill() {
        docmill.close();
    }

    private CommandRun statusOf(String answer) {
        docmill.on("GET /v1/admin/status", Answer.json(200, answer));
        return CommandRun.of(
                directory,
                Map.of("DOCMILL_OPERATOR_KEY", "sk_live_operator"),
                "status",
                "--url",
                docmill.url().toString());
    }

    @Test
    void tellsHowDocmillStands() {
        // When
        CommandRun run = statusOf("""
                {"version": "1.0", "ready": true, "details": {"kafka": "answers", "redis": "answers"},
                 "waiting_conversions": 0,
                 "queue": {"measured_at": "2026-11-24T21:00:00Z", "topics": [{"topic": "conversion.batch", "jobs": 7}]}}""");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .isEqualTo(
                        "version\t1.0\nready\tyes\nkafka\tanswers\nredis\tanswers\nconversion.batch\t7 jobs are not done\n");
    }

    @Test
    void failsWhereDocmillIsNotReady() {
        // When
        CommandRun run = statusOf("""
                {"version": "1.0", "ready": false, "details": {"kafka": "away since 21:00"}, "waiting_conversions": 0,
                 "queue": null}""");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.out()).contains("ready\tno\n", "kafka\taway since 21:00\n", "queue\tKafka does not tell");
    }
}
