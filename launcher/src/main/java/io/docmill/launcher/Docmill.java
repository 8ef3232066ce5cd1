package io.docmill.launcher;

import io.docmill.cli.DocmillCommand;

/** The command {@code docmill}: what talks to a running system, and {@code up}, which is one. */
public final class Docmill {
    private Docmill() {}

    /** Ends with the command's status. */
    public static void main(String[] arguments) {
        System.exit(DocmillCommand.commandLine()
                .addSubcommand("up", new UpCommand())
                .execute(arguments));
    }
}
