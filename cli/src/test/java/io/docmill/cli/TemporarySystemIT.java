package io.docmill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.cli.StubbedDocmill.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starts a script in place of {@code bin/docmill}: a real process, whose API is stubbed. */
class TemporarySystemIT {
    private final StubbedDocmill docmill = new StubbedDocmill();

    @TempDir
    Path directory;

    TemporarySystemIT() throws IOException {}

    @BeforeEach
    void leaveBehindTheUrlOfADocmillThatHasEnded() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Files.writeString(directory.resolve("url"), "http://127.0.0.1:" + socket.getLocalPort());
        }
        Files.writeString(directory.resolve("report.docx"), "PK document");
    }

    @AfterEach
    void stopDocmill() {
        docmill.close();
    }

    @Test
    void startsADocmillWhereNoneRunsAndLeavesNothingOfIt() throws IOException {
        // Given
        docmill.on("POST /v1/files", Answer.json(201, "{\"id\": \"file_1\"}"))
                .on(
                        "POST /v1/files/file_1/convert",
                        Answer.json(200, "{\"status\": \"succeeded\", \"download_url\": \"/artifact\"}"))
                .on("GET /artifact", Answer.of(200, Map.of(), "%PDF"));
        // Starts as slowly as a real one, and notes where it was told to live, and its end.
        script("""
                echo "docmill: installing LibreOffice"
                echo "$@" > "$DOCMILL_HOME/called-with"
                trap 'echo ended >> "$DOCMILL_HOME/called-with"; exit 143' TERM
                mkdir -p "$3"
                sleep 0.2
                echo sk_live_temporary > "$3/demo-key"
                echo %s > "$3/url"
                while :; do sleep 0.05; done
                """.formatted(docmill.url()));

        // When
        CommandRun run = convert();

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains("starting one", "docmill: installing LibreOffice");
        assertThat(directory.resolve("report.pdf")).hasContent("%PDF");
        assertThat(docmill.asked().getFirst().key()).isEqualTo("sk_live_temporary");
        assertThat(Files.readAllLines(directory.resolve("called-with")))
                .satisfiesExactly(
                        line -> assertThat(line).matches("up --data \\S+ --port 0 --slots 1"),
                        line -> assertThat(line).isEqualTo("ended"));
        assertThat(dataDirectory().getParent()).doesNotExist();
    }

    @Test
    void showsTheEndOfTheLogWhenItDoesNotStart() throws IOException {
        // Given
        script("""
                echo "$@" > "$DOCMILL_HOME/called-with"
                echo "port 9092 is taken" >&2
                exit 4
                """);

        // When
        CommandRun run = convert();

        // Then
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("  port 9092 is taken", "ended with 4");
        assertThat(dataDirectory().getParent()).doesNotExist();
    }

    private CommandRun convert() {
        return CommandRun.of(
                directory,
                Map.of("DOCMILL_HOME", directory.toString(), "DOCMILL_DATA", directory.toString()),
                "convert",
                "report.docx",
                "pdf");
    }

    private Path dataDirectory() throws IOException {
        return Path.of(
                Files.readAllLines(directory.resolve("called-with")).getFirst().split(" ", -1)[2]);
    }

    private void script(String body) throws IOException {
        Path script = Files.createDirectories(directory.resolve("bin")).resolve("docmill");
        Files.writeString(script, "#!/usr/bin/env bash\nDOCMILL_HOME='%s'\n%s".formatted(directory, body));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
}
