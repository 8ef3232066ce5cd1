package io.docmill.testing.services;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A gateway or a worker of a cluster, told everything by its environment. One thread at a time ends and starts it. */
public final class ClusterProcess implements AutoCloseable {
    /** An operator's key, for gateways that are told so; opens nothing but the installations of tests and benchmarks. */
    public static final String OPERATOR_KEY = "sk_live_mAWL0xNfDBKCA3meda4Qn0FtKKhIJICtnN1qqe52npF2LBrhl";

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(1))
            .build();
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(2);
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration END_LIMIT = Duration.ofMinutes(2);
    /** What a shell says of a process that ended by SIGTERM. */
    public static final int ENDED_BY_SIGTERM = 143;

    private final ChildProcess process;
    private final URI management;

    /**
     * Not yet started.
     *
     * @param jar the packaged process, which names its class path itself
     */
    public ClusterProcess(String name, Path jar, Map<String, String> environment, int managementPort, Path log) {
        this(name, ofJar(jar), environment, managementPort, log);
    }

    /**
     * Not yet started.
     *
     * @param command starts it, with a Java of the caller's choice
     */
    public ClusterProcess(
            String name, List<String> command, Map<String, String> environment, int managementPort, Path log) {
        process = new ChildProcess(name, command, environment, log);
        management = URI.create("http://127.0.0.1:" + managementPort);
    }

    private static List<String> ofJar(Path jar) {
        List<String> command = new ArrayList<>(ChildProcess.java("256m"));
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    /**
     * What gateways and workers are all told, and the management port of one; for the caller to add to.
     *
     * @param services the neighbours
     */
    public static Map<String, String> environment(TestServices<?> services, int managementPort) {
        Map<String, String> environment = new HashMap<>();
        services.settings()
                .forEach((setting, value) ->
                        environment.put(setting.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT), value));
        environment.put("DOCMILL_SERVICE_KEY", "a service key for tests, long enough");
        environment.put("DOCMILL_MANAGEMENT_HOST", "127.0.0.1");
        environment.put("DOCMILL_MANAGEMENT_PORT", String.valueOf(managementPort));
        return environment;
    }

    /** Its name, for messages. */
    public String name() {
        return process.name();
    }

    /** Starts it and waits until it is ready. */
    public void start() {
        launch();
        awaitReady();
    }

    /** Waits until it is ready; fails with its log if it ends by itself. */
    public void awaitReady() {
        process.awaitReady(this::isReady, START_LIMIT);
    }

    /** Starts it and does not wait. */
    public void launch() {
        process.launch();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    public boolean isReady() {
        return get("/health/ready").filter(answer -> answer.statusCode() == 200).isPresent();
    }

    /** What readiness says of each part; nothing where it does not answer. */
    public Map<String, String> readinessDetails() {
        return get("/health/ready")
                .map(answer -> {
                    try {
                        JsonNode details = JSON.readTree(answer.body()).path("details");
                        return JSON.<Map<String, String>>convertValue(
                                details, JSON.getTypeFactory().constructMapType(Map.class, String.class, String.class));
                    } catch (IOException e) {
                        throw new AssertionError("not JSON: " + answer.body(), e);
                    }
                })
                .orElse(Map.of());
    }

    /** The sum of a metric over all its labels, by its name for Prometheus; 0 where there is none yet. */
    public double metric(String metric) {
        return metric(metric, "");
    }

    /** As {@link #metric(String)}, of those alone that have this label, such as {@code outcome="succeeded"}. */
    public double metric(String metric, String label) {
        return metrics()
                .lines()
                .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                .filter(line -> line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** All that it measures, as it tells Prometheus; empty where it does not answer. */
    public String metrics() {
        return get("/metrics").map(HttpResponse::body).orElse("");
    }

    private Optional<HttpResponse<String>> get(String path) {
        try {
            return Optional.of(HTTP.send(
                    HttpRequest.newBuilder(management.resolve(path))
                            .timeout(ANSWER_LIMIT)
                            .build(),
                    BodyHandlers.ofString()));
        } catch (IOException _) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** The process as it runs now; with its descendants these are all that it started. */
    public ProcessHandle handle() {
        return process.handle();
    }

    /** Kills it as {@code kill -9} does. */
    public void kill() {
        process.kill();
    }

    /** Sends SIGTERM and waits for its end. */
    public int terminate() {
        return process.terminate(END_LIMIT);
    }

    /** Sends a signal such as {@code TERM} and waits for nothing. */
    public void signal(String signal) {
        process.signal(signal);
    }

    public void pause() {
        process.pause();
    }

    public void resume() {
        process.resume();
    }

    public long logLength() {
        return process.logLength();
    }

    public String logFrom(long start) {
        return process.logFrom(start);
    }

    @Override
    public void close() {
        process.close();
    }
}
