package io.docmill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code docmill dead-letters}: the jobs that a running Docmill gave up. */
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        description = "Lists, shows, replays and drops jobs that were given up.")
final class DeadLettersCommand {
    private static final String PATH = "/v1/admin/dead-letters";

    private final Invocation invocation;

    DeadLettersCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /** Prints a line for each letter. */
    @Command(
            mixinStandardHelpOptions = true,
            description =
                    "Lists dead letters, newest first: ID, when, failure, formats, scope, conversion; tabs between.")
    int list(@Mixin ConnectionOptions connection) throws CommandFailedException, InterruptedException, IOException {
        try (DocmillApi api = connection.operatorsApi(invocation)) {
            api.forEach(
                    PATH,
                    letter -> invocation.printRow(
                            letter.path("id").asText(),
                            letter.path("failed_at").asText(),
                            letter.path("failure").asText(),
                            letter.path("source_format").asText() + " to "
                                    + letter.path("format").asText(),
                            letter.path("scope_id").asText(),
                            letter.path("conversion_id").asText()));
        }
        return ExitCode.SUCCEEDED.number();
    }

    /** Prints all that is known of a letter. */
    @Command(mixinStandardHelpOptions = true, description = "Shows a dead letter, as JSON.")
    int show(@Parameters(paramLabel = "ID") String id, @Mixin ConnectionOptions connection)
            throws CommandFailedException, InterruptedException, IOException {
        try (DocmillApi api = connection.operatorsApi(invocation)) {
            invocation.print(api.get(PATH + "/" + DocmillApi.encode(id)).toPrettyString());
        }
        return ExitCode.SUCCEEDED.number();
    }

    /** Prints the new attempt alone on the standard output. */
    @Command(
            mixinStandardHelpOptions = true,
            description = "Has a dead letter converted again, removes it, and prints the new attempt.")
    int replay(@Parameters(paramLabel = "ID") String id, @Mixin ConnectionOptions connection)
            throws CommandFailedException, InterruptedException, IOException {
        try (DocmillApi api = connection.operatorsApi(invocation)) {
            JsonNode replayed = api.post(PATH + "/" + DocmillApi.encode(id) + "/replay", 202);
            invocation.say(
                    "%s of the scope %s is converted again; if it is given up again, there is a letter with this ID"
                            .formatted(
                                    replayed.path("conversion_id").asText(),
                                    replayed.path("scope_id").asText()));
            invocation.print(replayed.path("attempt").asText());
        }
        return ExitCode.SUCCEEDED.number();
    }

    /** Prints nothing on the standard output. */
    @Command(mixinStandardHelpOptions = true, description = "Drops a dead letter.")
    int drop(@Parameters(paramLabel = "ID") String id, @Mixin ConnectionOptions connection)
            throws CommandFailedException, InterruptedException {
        try (DocmillApi api = connection.operatorsApi(invocation)) {
            api.delete(PATH + "/" + DocmillApi.encode(id));
            invocation.say("dropped the dead letter " + id);
        }
        return ExitCode.SUCCEEDED.number();
    }
}
