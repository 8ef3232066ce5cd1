package io.docmill.testing.services;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A {@code redis-server} that is reached by TLS alone, with the accounts that it is given and no other. */
public final class SecuredRedis implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(1);

    private static final String ADMINISTRATOR = "administrator";
    private static final String ADMINISTRATION =
            "\nuser default off\nuser %s on >%s ~* +@all\n".formatted(ADMINISTRATOR, ADMINISTRATOR);

    private final ChildProcess process;
    private final int port;

    private SecuredRedis(ChildProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts it.
     *
     * @param directory made if absent
     * @param accounts lines of an ACL file
     * @param clients the authority of the certificates that clients have to show, or null where they need none
     */
    public static SecuredRedis start(
            Path directory, TestCertificate certificate, List<String> accounts, @Nullable TestAuthority clients) {
        int port = TestPort.choose();
        List<String> lines = new ArrayList<>(List.of(
                "bind 127.0.0.1",
                "port 0",
                "tls-port " + port,
                "tls-cert-file " + certificate.certificateFile(directory, "server.pem"),
                "tls-key-file " + certificate.keyFile(directory, "server.key"),
                "tls-auth-clients " + (clients == null ? "no" : "yes"),
                "save \"\"",
                "appendonly no",
                "aclfile " + write(directory.resolve("users.acl"), String.join("\n", accounts) + ADMINISTRATION)));
        if (clients != null) {
            lines.add("tls-ca-cert-file " + write(directory.resolve("clients.pem"), clients.pem()));
        }
        Path configuration = write(directory.resolve("redis.conf"), String.join("\n", lines) + "\n");
        ChildProcess process = new ChildProcess(
                "redis", List.of("redis-server", configuration.toString()), Map.of(), directory.resolve("redis.log"));
        process.launch();
        process.awaitReady(() -> process.log().contains("Ready to accept connections"), START_LIMIT);
        return new SecuredRedis(process, port);
    }

    /** Makes a call that no account of Docmill may make, and gives the answer. */
    public String administer(String... words) {
        List<String> command = new ArrayList<>(List.of(
                "redis-cli",
                "--no-auth-warning",
                "--tls",
                "--insecure",
                "-p",
                String.valueOf(port),
                "--user",
                ADMINISTRATOR));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("REDISCLI_AUTH", ADMINISTRATOR);
        try {
            Process process = builder.start();
            String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (process.waitFor() != 0 || answer.startsWith("ERR")) {
                throw new IllegalStateException("redis-cli: " + answer);
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What accounts have tried and may not; empty where there was nothing. */
    public String refusals() {
        return administer("ACL", "LOG");
    }

    /** Where Docmill connects. */
    public String address() {
        return "rediss://localhost:" + port;
    }

    /** Its port of 127.0.0.1. */
    public int port() {
        return port;
    }

    private static Path write(Path file, String content) {
        try {
            Files.createDirectories(file.getParent());
            return Files.writeString(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
