package io.docmill.testing.services;

import io.docmill.embedded.ObjectStoreCredentials;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A service that is a process of its own, on a port that it keeps. Not for several threads at once. */
public final class ServiceProcess implements TestService {
    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);

    private final ChildProcess process;
    private final String sign;

    private ServiceProcess(ChildProcess process, String sign) {
        this.process = process;
        this.sign = sign;
    }

    static ServiceProcess kafka(Path directory, List<String> java, int port) {
        return embedded(directory, java, "kafka", String.valueOf(port));
    }

    static ServiceProcess store(Path directory, List<String> java, int port, ObjectStoreCredentials credentials) {
        return embedded(
                directory, java, "store", String.valueOf(port), credentials.accessKey(), credentials.secretKey());
    }

    private static ServiceProcess embedded(Path directory, List<String> java, String service, String... arguments) {
        List<String> command = Stream.of(
                        java.stream(),
                        Stream.of(
                                "-Dlogback.configurationFile=io/docmill/testing/services/logback.xml",
                                "-cp",
                                System.getProperty("java.class.path"),
                                EmbeddedServiceMain.class.getName(),
                                service,
                                directory.resolve(service).toString()),
                        Stream.of(arguments))
                .flatMap(part -> part)
                .toList();
        return new ServiceProcess(
                new ChildProcess(service, command, Map.of(), directory.resolve(service + ".log")),
                EmbeddedServiceMain.SIGN);
    }

    /** As {@code RedisProcess} of the one-machine system runs it, but on a port and with a password that stay. */
    static ServiceProcess redis(Path directory, int port, String password) {
        List<String> command = List.of(
                "redis-server",
                "--bind",
                "127.0.0.1",
                "--port",
                String.valueOf(port),
                "--requirepass",
                password,
                "--save",
                "",
                "--appendonly",
                "no",
                "--maxmemory",
                "256mb",
                "--maxmemory-policy",
                "allkeys-lru");
        return new ServiceProcess(
                new ChildProcess("redis", command, Map.of(), directory.resolve("redis.log")),
                "Ready to accept connections");
    }

    @Override
    public void start() {
        process.launch();
        process.awaitReady(() -> process.log().contains(sign), START_LIMIT);
    }

    @Override
    public void stop() {
        if (process.isAlive()) {
            process.terminate(STOP_LIMIT);
        }
    }

    /** Whether it runs, be it paused. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Kills it as {@code kill -9} does, and returns when it has ended. */
    public void kill() {
        process.kill();
    }

    /** Stops it where it is (SIGSTOP): its connections stay open and nothing answers. */
    public void pause() {
        process.pause();
    }

    /** Lets it go on after {@link #pause()}. */
    public void resume() {
        process.resume();
    }

    /** What it has said since its last start. */
    public String log() {
        return process.log();
    }

    @Override
    public void close() {
        process.close();
    }
}
