package io.docmill.launcher;

import com.fasterxml.jackson.databind.JsonNode;
import io.docmill.model.json.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
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
        description = "Starts Docmill on this machine, everything in one process, and runs until Ctrl-C.")
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

    @Override
    public Integer call() throws Exception {
        if (slots < 1 && spec != null) {
            throw new ParameterException(spec.commandLine(), "--slots takes a number from 1");
        }
        long begin = System.nanoTime();
        OneMachine machine = new OneMachine();
        CountDownLatch ended = new CountDownLatch(1);
        try {
            DataDirectory directory = new DataDirectory(dataPath());
            directory.withdraw();
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().name("shutdown").unstarted(() -> {
                        directory.withdraw();
                        machine.close();
                        ended.countDown();
                    }));
            System.out.println("docmill: starting, with its data in " + directory.root() + " ...");
            machine.start(directory, new OneMachine.Options(host, port, managementPort, slots));
            tell(machine, directory, Duration.ofNanos(System.nanoTime() - begin));
        } catch (RuntimeException e) {
            System.err.println("docmill: can't start: " + message(e));
            return CANT_START;
        }
        ended.await();
        return 0;
    }

    private Path dataPath() {
        return data != null
                ? data
                : Optional.ofNullable(System.getenv("DOCMILL_DATA"))
                        .map(Path::of)
                        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".docmill"));
    }

    private static String message(RuntimeException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private void tell(OneMachine machine, DataDirectory directory, Duration took)
            throws IOException, InterruptedException {
        String url = "http://%s:%d".formatted(host.equals("0.0.0.0") ? "127.0.0.1" : host, machine.port());
        String key = directory.demoKey().isPresent() ? directory.demoKey().get() : makeDemoKey(url, directory);
        directory.announce(url);
        System.out.printf(
                """
                docmill: ready at %1$s after %2$d.%3$d s; health and metrics at http://%4$s:%5$d; Ctrl-C ends it

                Convert a document (the key is in %6$s/demo-key):

                  id=$(curl -sS -H 'X-API-Key: %7$s' -F file=@report.docx %1$s/v1/files | sed 's/.*"id":"\\([^"]*\\)".*/\\1/'); curl -sS -H 'X-API-Key: %7$s' -F format=pdf %1$s/v1/files/$id/convert

                or: bin/docmill convert report.docx pdf
                %n""",
                url,
                took.toSeconds(),
                took.toMillisPart() / 100,
                host,
                machine.managementPort(),
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
        try (HttpClient client = HttpClient.newHttpClient()) {
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
