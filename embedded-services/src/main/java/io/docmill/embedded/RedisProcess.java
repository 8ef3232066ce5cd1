package io.docmill.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's {@code redis-server} as a child of this process, on a free port of 127.0.0.1 and with a password that is new at each
 * start. It writes nothing to disk but its log: what Docmill keeps in Redis may be lost at any time.
 *
 * <p>It ends with this process, however this one ends: {@code setpriv --pdeathsig} has the kernel tell it. The kernel counts the
 * death of the <em>thread</em> that started a child (prctl(2), PR_SET_PDEATHSIG), so a thread that does nothing else starts the
 * server and outlives it.
 *
 * <p>Memory is bounded and the least recently used entry goes first, whatever its expiry. The alternative, volatile-ttl, would drop
 * what expires soonest, and that is leases and marks of running work rather than old signed URLs.
 *
 * <p>Safe for use by several threads; {@link #close()} may be called twice.
 */
public final class RedisProcess implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RedisProcess.class);

    private static final Duration START_LIMIT = Duration.ofSeconds(10);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);
    private static final int PORT_ATTEMPTS = 5;
    private static final SecureRandom random = new SecureRandom();

    private final Process process;
    private final int port;
    private final String password;
    private volatile boolean closing;

    private RedisProcess(Process process, int port, String password) {
        this.process = process;
        this.port = port;
        this.password = password;
    }

    /**
     * Starts Redis and returns when it answers.
     *
     * @param directory its working directory, made if absent; the log of the last start is in it as {@code redis.log}
     * @throws IllegalStateException if {@code redis-server} or {@code setpriv} is not installed, or does not start
     */
    public static RedisProcess start(Path directory) {
        Path absolute = directory.toAbsolutePath();
        Path server = program("redis-server", "redis-server");
        Path launcher = program("setpriv", "util-linux");
        List<String> command = List.of(launcher.toString(), "--pdeathsig", "TERM", server.toString(), "-");
        try {
            Files.createDirectories(absolute);
            return start(command, absolute, PORT_ATTEMPTS);
        } catch (IOException e) {
            throw new IllegalStateException("Redis can't start in " + absolute + ": " + e.getMessage(), e);
        }
    }

    private static RedisProcess start(List<String> command, Path directory, int attempts) throws IOException {
        long begin = System.nanoTime();
        int port = LoopbackPort.find();
        byte[] secret = new byte[24];
        random.nextBytes(secret);
        String password = HexFormat.of().formatHex(secret);
        Path output = directory.resolve("redis.log");
        Process process = launch(command, directory, output, configuration(directory, port, password));
        RedisProcess redis = new RedisProcess(process, port, password);
        if (redis.awaitAnswer()) {
            redis.reportUnexpectedEnd();
            log.info(
                    "Redis (process {}) listens on {}:{} (started in {} ms).",
                    process.pid(),
                    LoopbackPort.HOST,
                    port,
                    Duration.ofNanos(System.nanoTime() - begin).toMillis());
            return redis;
        }
        redis.close();
        String lastWords = Files.readString(output).strip();
        if (attempts > 1 && lastWords.contains("Address already in use")) {
            return start(command, directory, attempts - 1);
        }
        throw new IllegalStateException("Redis does not start, its log " + output + " says: " + lastWords);
    }

    private static String configuration(Path directory, int port, String password) {
        return """
            bind 127.0.0.1 -::1
            port %d
            requirepass %s
            dir "%s"
            daemonize no
            databases 1
            appendonly no
            save ""
            maxmemory 256mb
            maxmemory-policy allkeys-lru
            """.formatted(
                port, password, directory.toString().replace("\\", "\\\\").replace("\"", "\\\""));
    }

    private static Process launch(List<String> command, Path directory, Path output, String configuration)
            throws IOException {
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread.ofPlatform().name("redis-parent").daemon().start(() -> {
            try {
                Process process = new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
                // The password goes through the pipe: on the command line every user of the machine could read it.
                try (var input = process.getOutputStream()) {
                    input.write(configuration.getBytes(StandardCharsets.UTF_8));
                } finally {
                    started.complete(process);
                }
                process.waitFor();
            } catch (IOException e) {
                started.completeExceptionally(e);
            } catch (InterruptedException e) {
                // Nobody interrupts this thread; should it happen, the child ends with it.
                Thread.currentThread().interrupt();
            }
        });
        try {
            return started.join();
        } catch (CompletionException e) {
            throw new IOException(e.getCause());
        }
    }

    private static Path program(String name, String debianPackage) {
        String path = System.getenv().getOrDefault("PATH", "") + ":/usr/local/bin:/usr/bin:/bin";
        for (String folder : path.split(":", -1)) {
            Path program = Path.of(folder, name);
            if (!folder.isEmpty() && Files.isExecutable(program)) {
                return program.toAbsolutePath();
            }
        }
        throw new IllegalStateException("Redis can't start: there is no " + name
                + " on PATH or in /usr/bin. Install it (on Debian and Ubuntu: apt-get install " + debianPackage
                + "), or name a Redis that runs elsewhere in the configuration.");
    }

    private boolean awaitAnswer() {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            if (answersPing()) {
                return true;
            }
            try {
                if (process.waitFor(10, TimeUnit.MILLISECONDS)) {
                    return false;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return false;
    }

    /** Authenticates and pings with inline commands (RESP); a loading or foreign server gives another answer. */
    private boolean answersPing() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(LoopbackPort.address(), port), 1000);
            socket.setSoTimeout(1000);
            socket.getOutputStream().write(("AUTH " + password + "\r\nPING\r\n").getBytes(StandardCharsets.US_ASCII));
            String expected = "+OK\r\n+PONG\r\n";
            InputStream answer = socket.getInputStream();
            return new String(answer.readNBytes(expected.length()), StandardCharsets.US_ASCII).equals(expected);
        } catch (IOException e) {
            return false;
        }
    }

    private void reportUnexpectedEnd() {
        var _ = process.onExit().thenAccept(ended -> {
            if (!closing) {
                log.error(
                        "Redis (process {}) has ended by itself with code {}. Docmill goes on without it, slower; "
                                + "redis.log has the reason, a restart of Docmill starts it again.",
                        ended.pid(),
                        ended.exitValue());
            }
        });
    }

    /** The port of 127.0.0.1 that it listens on. */
    public int port() {
        return port;
    }

    /** Where clients connect, without the password: {@code redis://127.0.0.1:<port>}. */
    public String address() {
        return "redis://" + LoopbackPort.HOST + ":" + port;
    }

    /** The password of the default user: 48 hexadecimal digits. */
    public String password() {
        return password;
    }

    /** The server's process id. */
    public long pid() {
        return process.pid();
    }

    /** Whether the server still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Ends the server and returns when it has ended, after 5 s by force. */
    @Override
    public void close() {
        closing = true;
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
