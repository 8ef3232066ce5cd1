package io.docmill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DocmillCommandTest {
    @TempDir
    Path directory;

    @Test
    void helpNamesEveryCommand() {
        // When
        CommandRun run = CommandRun.of(directory, Map.of(), "--help");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains(
                        "docmill up",
                        "docmill convert",
                        "docmill keys create",
                        "docmill keys list",
                        "docmill keys revoke",
                        "docmill dead-letters list",
                        "docmill dead-letters show|replay|drop",
                        "docmill status");
        assertThat(DocmillCommand.commandLine().getSubcommands().keySet())
                .containsExactlyInAnyOrder("help", "convert", "keys", "dead-letters", "status");
    }

    @ParameterizedTest
    @CsvSource({
        "convert,--timeout",
        "keys create,--scope-id",
        "keys revoke,ID",
        "dead-letters replay,ID",
        "status,--url",
    })
    void helpOfACommandNamesItsOptions(String command, String option) {
        // When
        CommandRun run = CommandRun.of(directory, Map.of(), (command + " --help").split(" ", -1));

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("docmill " + command, option);
    }

    @Test
    void wrongCallEndsWithTwoAndSaysWhatIsWrong() {
        // When
        CommandRun run = CommandRun.of(directory, Map.of(), "convert", "report.docx");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).contains("FORMAT");
    }

    @Test
    void tellsItsVersion() {
        assertThat(CommandRun.of(directory, Map.of(), "--version").out()).startsWith("Docmill ");
    }
}
