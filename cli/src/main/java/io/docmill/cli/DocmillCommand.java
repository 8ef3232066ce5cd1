package io.docmill.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/**
 * The root of the {@code docmill} command. A process that can do more than talk to Docmill adds its own commands to
 * {@link #commandLine()}.
 */
@Command(
        name = "docmill",
        mixinStandardHelpOptions = true,
        versionProvider = DocmillCommand.Version.class,
        subcommands = CommandLine.HelpCommand.class)
public final class DocmillCommand {
    private static final String HELP_SECTION = "help.txt";

    private DocmillCommand() {}

    /**
     * Runs the command and ends the JVM with its exit code.
     *
     * @param arguments the command line
     */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The whole command, for this process' environment, working directory and standard streams. */
    public static CommandLine commandLine() {
        return commandLine(Invocation.ofThisProcess());
    }

    static CommandLine commandLine(Invocation invocation) {
        CommandLine line = new CommandLine(new DocmillCommand())
                .addSubcommand(new ConvertCommand(invocation))
                .addSubcommand(new KeysCommand(invocation))
                .addSubcommand(new DeadLettersCommand(invocation))
                .addSubcommand(new StatusCommand(invocation))
                .setExecutionExceptionHandler((exception, _, _) -> {
                    if (exception instanceof CommandFailedException failure) {
                        invocation.say(Objects.requireNonNull(failure.getMessage()));
                        return failure.exitCode().number();
                    }
                    throw exception;
                });
        // The same text that bin/docmill shows without a JVM.
        line.getCommandSpec().usageMessage().sectionKeys(List.of(HELP_SECTION));
        line.getCommandSpec().usageMessage().sectionMap().put(HELP_SECTION, _ -> helpText());
        return line;
    }

    private static String helpText() {
        try (InputStream text = DocmillCommand.class.getResourceAsStream(HELP_SECTION)) {
            return new String(Objects.requireNonNull(text, HELP_SECTION).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Reads the version from the jar's manifest. Picocli makes one by reflection. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = DocmillCommand.class.getPackage().getImplementationVersion();
            return new String[] {"Docmill " + (version == null ? "(not packaged)" : version)};
        }
    }
}
