package io.docmill.cli;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The command can't do what was asked. The message is one line, written for the person who called. */
final class CommandFailedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1;

    private final ExitCode exitCode;

    CommandFailedException(ExitCode exitCode, String message) {
        this(exitCode, message, null);
    }

    CommandFailedException(ExitCode exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    ExitCode exitCode() {
        return exitCode;
    }
}
