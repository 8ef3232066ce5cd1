package io.docmill.platform.storage;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;

/** An S3 server as a process of its own, on a free port of 127.0.0.1. */
final class StoreServer implements StoreUnderTest {
    private static final String HOST = "127.0.0.1";
    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(10);

    /** Another process may take the port that was free before the server does. */
    private static final int PORT_ATTEMPTS = 3;

    private final Process process;
    private final StoreSettings settings;

    private StoreServer(Process process, StoreSettings settings) {
        this.process = process;
        this.settings = settings;
    }

    /** The account that a server is started with. */
    record Account(String accessKey, String secretKey) {}

    /**
     * How a server is started.
     *
     * @param options the program and its options
     * @param data what comes behind all options
     */
    record Command(List<String> options, List<String> data, Map<String, String> environment) {
        /** With further options. */
        Command with(String... more) {
            return new Command(Stream.concat(options.stream(), Stream.of(more)).toList(), data, environment);
        }

        Stream<String> words() {
            return Stream.concat(options.stream(), data.stream());
        }
    }

    /** Tells how a server of some kind is started. */
    @FunctionalInterface
    interface CommandSource {
        /**
         * The command.
         *
         * @param address host and port on which it shall listen
         * @param directory an empty one
         */
        Command command(String address, Account account, Path directory);
    }

    /** Starts a server and returns when it answers. */
    static StoreServer start(CommandSource source, Path directory) {
        return start(source, directory, "http");
    }

    /** Starts a server that speaks HTTPS and returns when it answers. */
    static StoreServer startEncrypted(CommandSource source, Path directory) {
        return start(source, directory, "https");
    }

    private static StoreServer start(CommandSource source, Path directory, String scheme) {
        for (int attempt = 1; ; attempt++) {
            Path own = directory.resolve("attempt-" + attempt);
            StoreServer server = launch(source, own, scheme);
            if (server.answers()) {
                return server;
            }
            server.close();
            if (attempt == PORT_ATTEMPTS) {
                throw new IllegalStateException("The store does not start. Its log says: " + read(log(own)));
            }
        }
    }

    private static StoreServer launch(CommandSource source, Path directory, String scheme) {
        newDirectory(directory, ".");
        String address = HOST + ":" + freePort();
        Account account = new Account("docmill-test", UUID.randomUUID().toString());
        Command command = source.command(address, account, directory);
        // A test that is killed must not leave a server behind.
        ProcessBuilder builder = new ProcessBuilder(
                        Stream.concat(Stream.of("setpriv", "--pdeathsig", "KILL"), command.words())
                                .toList())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log(directory).toFile());
        builder.environment().putAll(command.environment());
        try {
            return new StoreServer(
                    builder.start(),
                    StoreSettings.of(scheme + "://" + address, account.accessKey(), account.secretKey()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path log(Path directory) {
        return directory.resolve("log");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a directory and tells its path. */
    static String newDirectory(Path parent, String name) {
        try {
            return Files.createDirectories(parent.resolve(name)).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A port of 127.0.0.1 on which nothing listens at this moment. */
    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(HOST))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** False where the process has ended by itself. */
    private boolean answers() {
        try (HttpClient client = HttpClient.newHttpClient()) {
            await("the store").atMost(START_LIMIT).until(() -> !process.isAlive() || refusesStrangers(client));
        }
        return process.isAlive();
    }

    /** A server that is still starting answers 503, or not at all. */
    private boolean refusesStrangers(HttpClient client) throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(settings.endpoint() + "/"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 403;
        } catch (SSLException e) {
            // It speaks TLS, and this client trusts no authority of a test.
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public StoreSettings settings() {
        return settings;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_LIMIT)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
