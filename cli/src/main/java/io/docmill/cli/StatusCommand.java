package io.docmill.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code docmill status}: how a running Docmill stands. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Tells how Docmill stands: a line for each part, its name and what it says; a tab between.")
final class StatusCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin
    final ConnectionOptions connection = new ConnectionOptions();

    StatusCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    /** Fails where Docmill is not ready. */
    @Override
    public Integer call() throws CommandFailedException, InterruptedException, IOException {
        try (DocmillApi api = connection.operatorsApi(invocation)) {
            JsonNode status = api.get("/v1/admin/status");
            invocation.printRow("version", status.path("version").asText());
            invocation.printRow("ready", status.path("ready").asBoolean() ? "yes" : "no");
            for (var part : status.path("details").properties()) {
                invocation.printRow(part.getKey(), part.getValue().asText());
            }
            JsonNode topics = status.path("queue").path("topics");
            for (JsonNode topic : topics) {
                invocation.printRow(
                        topic.path("topic").asText(), topic.path("jobs").asText() + " jobs are not done");
            }
            if (topics.isMissingNode()) {
                invocation.printRow("queue", "Kafka does not tell how many jobs there are");
            }
            return (status.path("ready").asBoolean() ? ExitCode.SUCCEEDED : ExitCode.FAILED).number();
        }
    }
}
