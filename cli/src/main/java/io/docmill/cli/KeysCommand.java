package io.docmill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code docmill keys}: the API keys of a running Docmill. */
@Command(name = "keys", mixinStandardHelpOptions = true, description = "Makes, lists and revokes API keys.")
final class KeysCommand {
    private static final String KEYS = "/v1/admin/keys";

    private final Invocation invocation;

    KeysCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /** What a key sees: what was made by one user, or in one workspace. */
    enum Scope {
        personal,
        workspace
    }

    /** Whether a key may also do what an operator does, such as making keys. */
    enum Role {
        user,
        operator
    }

    /** Prints the key alone on the standard output, so that it can be captured, and what it is for beside it. */
    @Command(
            mixinStandardHelpOptions = true,
            sortOptions = false,
            description = "Makes an API key and prints it. It can't be shown again.")
    int create(
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            defaultValue = "made by docmill keys create",
                            description = "What a person calls the key. Default: ${DEFAULT-VALUE}.")
                    String name,
            @Option(
                            names = "--scope",
                            defaultValue = "personal",
                            description = "${COMPLETION-CANDIDATES}: what the key sees. Default: ${DEFAULT-VALUE}.")
                    Scope scope,
            @Option(
                            names = "--scope-id",
                            paramLabel = "ID",
                            description = "The scope, when there is one already. Default: a new one.")
                    @Nullable
                    String scopeId,
            @Option(
                            names = "--role",
                            defaultValue = "user",
                            description =
                                    "${COMPLETION-CANDIDATES}: an operator can do what these commands do. Default: ${DEFAULT-VALUE}.")
                    Role role,
            @Mixin ConnectionOptions connection)
            throws CommandFailedException, InterruptedException, IOException {
        Map<String, String> wish = new LinkedHashMap<>();
        wish.put("name", name);
        wish.put("scope", scope.name());
        if (scopeId != null) {
            wish.put("scope_id", scopeId);
        }
        wish.put("role", role.name());
        try (DocmillApi api = connection.operatorsApi(invocation)) {
            JsonNode made = api.createKey(wish);
            invocation.say("made the key '%s' (%s) for the scope %s %s with the role %s; it can't be shown again"
                    .formatted(
                            made.path("name").asText(name),
                            made.path("id").asText("no id"),
                            made.path("scope").asText(scope.name()),
                            made.path("scope_id").asText(""),
                            made.path("role").asText(role.name())));
            invocation.print(made.path("key").asText());
        }
        return ExitCode.SUCCEEDED.number();
    }

    /** Prints a line for each key. */
    @Command(
            mixinStandardHelpOptions = true,
            description =
                    "Lists API keys, newest first: ID, role, scope, when it was made, when it was revoked or -, name;"
                            + " tabs between.")
    int list(@Mixin ConnectionOptions connection) throws CommandFailedException, InterruptedException, IOException {
        try (DocmillApi api = connection.operatorsApi(invocation)) {
            api.forEach(
                    KEYS,
                    key -> invocation.printRow(
                            key.path("id").asText(),
                            key.path("role").asText(),
                            key.path("scope_id").asText(),
                            key.path("created_at").asText(),
                            key.path("revoked_at").asText("-"),
                            key.path("name").asText()));
        }
        return ExitCode.SUCCEEDED.number();
    }

    /** Prints nothing on the standard output. */
    @Command(
            mixinStandardHelpOptions = true,
            description = "Revokes an API key: it opens nothing any more, everywhere within 10 seconds, and for good.")
    int revoke(@Parameters(paramLabel = "ID") String id, @Mixin ConnectionOptions connection)
            throws CommandFailedException, InterruptedException {
        try (DocmillApi api = connection.operatorsApi(invocation)) {
            api.delete(KEYS + "/" + DocmillApi.encode(id));
            invocation.say("revoked " + id);
        }
        return ExitCode.SUCCEEDED.number();
    }
}
