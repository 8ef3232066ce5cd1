package io.docmill.cli;

/** What the command tells the shell. The numbers are documented in help.txt and stay as they are. */
enum ExitCode {
    /** All went well. */
    SUCCEEDED(0),
    /** Docmill answered, and the answer was no; or the result could not be written. */
    FAILED(1),
    /** The command was called the wrong way. Picocli uses the same number. */
    USAGE(2),
    /** No Docmill answered. */
    UNREACHABLE(3);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
