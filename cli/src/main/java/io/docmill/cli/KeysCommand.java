package io.docmill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code docmill keys}: the API keys of a running Docmill. */
@Command(name = "keys", mixinStandardHelpOptions = true, description = "Makes API keys.")
final class KeysCommand {
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
                                    "${COMPLETION-CANDIDATES}: an operator can make keys. Default: ${DEFAULT-VALUE}.")
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
        String operatorKey = connection.key(invocation, "DOCMILL_OPERATOR_KEY", "operator-key");
        try (DocmillApi api = new DocmillApi(connection.baseUrl(invocation), operatorKey)) {
            JsonNode made = api.createKey(wish);
            invocation.say("made the key '%s' (%s) for the scope %s %s with the role %s; it can't be shown again"
                    .formatted(
                            made.path("name").asText(name),
                            made.path("id").asText("no id"),
                            made.path("scope").asText(scope.name()),
                            made.path("scope_id").asText(""),
                            made.path("role").asText(role.name())));
            invocation
                    .out()
                    .write((made.path("key").asText() + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
            invocation.out().flush();
        }
        return ExitCode.SUCCEEDED.number();
    }
}
