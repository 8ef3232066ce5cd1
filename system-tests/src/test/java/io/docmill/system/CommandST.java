package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.testing.documents.TestDocuments;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The command beside a Docmill that runs. */
@ExtendWith(SharedDocmill.class)
class CommandST {
    @TempDir
    Path directory;

    @Test
    void convertUsesTheDocmillThatRuns(RunningDocmill docmill) throws IOException, InterruptedException {
        // Given
        Path source = TestDocuments.docx("By the command line.").writeTo(directory.resolve("report.docx"));
        Path result = directory.resolve("report.txt");

        // When
        CommandRun run = CommandRun.of(
                directory, "convert", source.toString(), "txt", "-o", result.toString(), "--data", docmill.dataPath());

        // Then
        assertThat(run.exitCode()).as(run.toString()).isZero();
        assertThat(run.output()).doesNotContain("starting one");
        assertThat(ConvertedContent.of("txt", Files.readAllBytes(result)).text())
                .isEqualTo("By the command line.");
    }

    @Test
    void operatorsSeeTheDocmillThatRuns(RunningDocmill docmill) throws IOException, InterruptedException {
        // When
        CommandRun status = CommandRun.of(directory, "status", "--data", docmill.dataPath());
        CommandRun keys = CommandRun.of(directory, "keys", "list", "--data", docmill.dataPath());
        CommandRun letters = CommandRun.of(directory, "dead-letters", "list", "--data", docmill.dataPath());

        // Then
        assertThat(status.exitCode()).as(status.toString()).isZero();
        assertThat(status.output())
                .contains("ready\tyes", "storage\tanswers", "version\t")
                .doesNotContain("not packaged");
        assertThat(keys.exitCode()).as(keys.toString()).isZero();
        assertThat(keys.output()).contains("bootstrap operator").doesNotContain("sk_live_");
        assertThat(letters.exitCode()).as(letters.toString()).isZero();
    }

    @Test
    void secondUpOnTheSameDataIsRefusedAndLeavesTheFirstAlone(RunningDocmill docmill)
            throws IOException, InterruptedException {
        // Given
        URI url = docmill.url();

        // When
        CommandRun run = CommandRun.of(directory, "up", "--data", docmill.dataPath(), "--port", "0");

        // Then
        assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
        assertThat(run.output().lines())
                .singleElement()
                .asString()
                .contains("another Docmill", docmill.dataPath(), "--data");
        assertThat(docmill.url()).isEqualTo(url);
    }

    @Test
    void upOnATakenPortNamesItAndEnds(RunningDocmill docmill) throws IOException, InterruptedException {
        // Given
        String taken = String.valueOf(docmill.url().getPort());

        // When
        CommandRun run = CommandRun.of(
                directory, "up", "--data", directory.resolve("data").toString(), "--port", taken);

        // Then
        assertThat(run.exitCode()).as(run.toString()).isEqualTo(1);
        assertThat(run.output().lines().toList().getLast()).contains("can't start", "port " + taken, "--port");
    }
}
