package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.docmill.testing.services.TestPort;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What docker-compose.yml starts, as a project of its own, on free ports and with new volumes. */
final class ComposeStack implements AutoCloseable {
    private static final Path HOME = Path.of(System.getenv("DOCMILL_HOME"));
    private static final String PROJECT = "docmill-test";
    private static final int LIMIT_MINUTES = 9;
    private static final String EXEC = "exec";

    private final int apiPort = TestPort.choose();
    private final int prometheusPort = TestPort.choose();
    private final Map<String, String> environment = new HashMap<>();

    ComposeStack() {
        int storePort = TestPort.choose();
        environment.put("DOCMILL_PORT", String.valueOf(apiPort));
        environment.put("DOCMILL_STORE_PORT", String.valueOf(storePort));
        environment.put("DOCMILL_PUBLIC_URL", "http://localhost:" + apiPort);
        environment.put("DOCMILL_PUBLIC_STORE_URL", "http://localhost:" + storePort);
        environment.put("PROMETHEUS_PORT", String.valueOf(prometheusPort));
        environment.put("GRAFANA_PORT", String.valueOf(TestPort.choose()));
        compose("down", "--volumes", "--remove-orphans");
        try {
            up();
        } catch (AssertionError e) {
            close();
            throw e;
        }
    }

    /** Starts what does not run, and returns once all that has a health check is healthy. */
    void up() {
        compose(Stream.concat(
                        Stream.of("up", "--detach", "--wait"),
                        // A service whose image can't be had is not started; bin/test containers has said which.
                        Stream.of(
                                        "api-gateway",
                                        "conversion-worker",
                                        "kafka",
                                        "redis",
                                        "store",
                                        "prometheus",
                                        "grafana")
                                .filter(service -> ContainerImages.services().contains(service)))
                .toArray(String[]::new));
    }

    /** Speaks to the gateway with the key that the stack has made. */
    DocmillClient client() {
        String key = compose(EXEC, "-T", "api-gateway", "cat", "/secrets/gateway/operator-key");
        return new DocmillClient(URI.create("http://localhost:" + apiPort), key.strip());
    }

    URI prometheus() {
        return URI.create("http://localhost:" + prometheusPort);
    }

    /** The containers of the services that go on, each with its name, service and state. */
    List<JsonNode> containers() throws IOException {
        var containers = new ArrayList<JsonNode>();
        for (String line : compose("ps", "--format", "json").lines().toList()) {
            JsonNode json = new ObjectMapper().readTree(line);
            // One to a line, or all in one array, by the version of compose.
            if (json instanceof ArrayNode array) {
                array.forEach(containers::add);
            } else {
                containers.add(json);
            }
        }
        return containers;
    }

    /** Whether a program in a container of a service reaches an address. */
    boolean reaches(String service, String host, int port) {
        var result = run(List.of(
                "docker",
                "compose",
                EXEC,
                "-T",
                service,
                "timeout",
                "5",
                "bash",
                "-c",
                "exec 3<>/dev/tcp/%s/%d".formatted(host, port)));
        return result.status() == 0;
    }

    /** Ends a container at once, as a crash does. */
    void kill(String container) {
        succeed(List.of("docker", "kill", container));
    }

    String compose(String... arguments) {
        return succeed(Stream.concat(Stream.of("docker", "compose"), Stream.of(arguments))
                .toList());
    }

    private String succeed(List<String> command) {
        var result = run(command);
        assertThat(result.status()).as("%s: %s", command, result).isZero();
        return result.output();
    }

    private record Result(int status, String output, String errors) {}

    private Result run(List<String> command) {
        try {
            var errors = Files.createTempFile("compose", ".log");
            var builder = new ProcessBuilder(command).directory(HOME.toFile()).redirectError(errors.toFile());
            builder.environment().putAll(environment);
            builder.environment().put("COMPOSE_PROJECT_NAME", PROJECT);
            var process = builder.start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new AssertionError(command + " has not ended after " + LIMIT_MINUTES + " minutes");
            }
            String said = Files.readString(errors);
            Files.delete(errors);
            return new Result(process.exitValue(), output, said);
        } catch (IOException e) {
            throw new AssertionError(command + " could not be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        compose("logs", "--no-color")
                .lines()
                .filter(line -> line.contains("ERROR"))
                .forEach(System.err::println);
        compose("down", "--volumes", "--remove-orphans", "--timeout", "5");
    }
}
