package io.docmill.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import io.docmill.cli.DataLocation;
import io.docmill.gateway.GatewaySettings;
import io.docmill.model.json.Json;
import io.docmill.platform.config.InvalidSettingsException;
import io.docmill.platform.config.Settings;
import io.docmill.platform.process.EndOfProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code docmill up}: runs Docmill in the foreground until it is told to end. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Starts Docmill on this machine, everything in one process, and runs until Ctrl-C.",
        footer = "Traces go where DOCMILL_TRACING_ENDPOINT says.")
final class UpCommand implements Callable<Integer> {
    private static final int CANT_START = 1;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Where all state is kept. Default: $DOCMILL_DATA, else ~/.docmill")
    private @Nullable Path data;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description = "The address to listen on. Default: ${DEFAULT-VALUE}")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            defaultValue = "8080",
            description = "The port of the API, 0 for any free one. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--management-port",
            defaultValue = "0",
            description = "The port of health and metrics, 0 for any free one. Default: ${DEFAULT-VALUE}")
    private int managementPort;

    @Option(
            names = "--slots",
            defaultValue = "2",
            description = "Conversions at a time, some 200 MB of memory each. Default: ${DEFAULT-VALUE}")
    private int slots;

    @Option(
            names = "--engine",
            paramLabel = "auto|fork|jodconverter",
            defaultValue = "${env:DOCMILL_WORKER_ENGINE:-auto}",
            description = "A LibreOffice for every document, or some that take one after the other. Default: auto")
    private String engine = "auto";

    @Option(
            names = "--fork-server",
            paramLabel = "FILE",
            defaultValue = "${env:DOCMILL_WORKER_FORK_SERVER}",
            description = "The fork server, which is built by itself where that is possible")
    private @Nullable Path forkServer;

    @Override
    public Integer call() throws InterruptedException {
        OneMachine.Options options = options();
        long begin = System.nanoTime();
        try {
            DataDirectory directory = new DataDirectory(DataLocation.of(data));
            OneMachine machine = new OneMachine();
            EndOfProcess.onSignal(() -> {
                try (directory) {
                    directory.withdraw();
                    machine.close();
                }
            });
            System.out.println("docmill: starting, with its data in " + directory.root() + " ...");
            machine.start(directory, options);
            tell(machine, options, directory, Duration.ofNanos(System.nanoTime() - begin));
        } catch (RuntimeException | IOException e) {
            System.err.println("docmill: can't start: " + message(e));
            return CANT_START;
        }
        // The signal ends the process.
        new CountDownLatch(1).await();
        return 0;
    }

    private OneMachine.Options options() {
        try {
            if (slots < 1) {
                throw new IllegalArgumentException("--slots takes a number from 1");
            }
            return new OneMachine.Options(
                    new ListenAddress(host, port),
                    new ListenAddress(host, managementPort),
                    slots,
                    engine,
                    Optional.ofNullable(forkServer),
                    Settings.section(GatewaySettings.class, "tracing", System.getenv()));
        } catch (IllegalArgumentException | InvalidSettingsException e) {
            throw new ParameterException(Objects.requireNonNull(spec).commandLine(), e.getMessage(), e);
        }
    }

    private static String message(Exception e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private static void tell(OneMachine machine, OneMachine.Options options, DataDirectory directory, Duration took)
            throws IOException, InterruptedException {
        String url = options.api().url(machine.port());
        String key = directory.demoKey().isPresent() ? directory.demoKey().get() : makeDemoKey(url, directory);
        directory.announce(url);
        System.out.printf(
                """
                docmill: ready at %1$s after %2$d.%3$d s; health and metrics at %4$s; Ctrl-C ends it

                Convert a document (the key is in %5$s/demo-key):

                  id=$(curl -sS -H 'X-API-Key: %6$s' -F file=@report.docx %1$s/v1/files | sed 's/.*"id":"\\([^"]*\\)".*/\\1/'); curl -sS -H 'X-API-Key: %6$s' -F format=pdf %1$s/v1/files/$id/convert

                or: bin/docmill convert report.docx pdf
                %n""",
                url,
                took.toSeconds(),
                took.toMillisPart() / 100,
                options.management().url(machine.managementPort()),
                directory.root(),
                key);
        System.out.flush();
    }

    /** As any operator makes a key, by the API. */
    private static String makeDemoKey(String url, DataDirectory directory) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/admin/keys"))
                .header("X-API-Key", directory.operatorKey())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(Map.of("name", "demo", "scope", "personal"))))
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 201) {
                throw new IllegalStateException("The demo key could not be made: " + response.body());
            }
            JsonNode body = Json.mapper().readTree(response.body());
            String key = body.required("key").asText();
            directory.keepDemoKey(key);
            return key;
        }
    }
}
