package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What one call of {@code bin/docmill} has left: its exit code, and what it printed on both of its streams. */
record CommandRun(int exitCode, String output) {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    /** Calls the command with its log in this directory and waits for its end. */
    static CommandRun of(Path directory, String... arguments) throws IOException, InterruptedException {
        Path output = directory.resolve("output");
        Process process = RunningDocmill.command(arguments)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(process.waitFor(LIMIT))
                    .as("docmill %s has ended: %s", String.join(" ", arguments), Files.readString(output))
                    .isTrue();
        } finally {
            process.toHandle().destroy();
        }
        return new CommandRun(process.exitValue(), Files.readString(output));
    }
}
