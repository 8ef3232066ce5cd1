package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Docmill as {@code bin/docmill up} starts it, on a port of its own. Closing it ends the process and keeps the data
 * directory, from which another one can be started.
 */
final class RunningDocmill implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofMinutes(1);
    /** Kept when the test is over, to tell why one has failed. */
    private static final Path LOGS = Path.of("target", "logs");

    private static final Path SCRIPT =
            Path.of("..", "bin", "docmill").toAbsolutePath().normalize();

    private final Path data;
    private final Path log;
    private final Process process;

    private RunningDocmill(Path data, Path log, Process process) {
        this.data = data;
        this.log = log;
        this.process = process;
    }

    /** Starts a Docmill over this directory, which may hold the data of an earlier one, and waits until it is ready. */
    static RunningDocmill start(Path directory) {
        return start(directory, command());
    }

    /**
     * Starts a Docmill as above.
     *
     * @param command how the command is called, with its environment and no arguments
     */
    static RunningDocmill start(Path directory, ProcessBuilder command) {
        Path data = directory.resolve("data");
        Path log = LOGS.resolve(directory.getFileName() + ".log").toAbsolutePath();
        try {
            // An earlier one's URL would say that this one is ready.
            Files.deleteIfExists(data.resolve("url"));
            Files.createDirectories(LOGS);
            command.command().addAll(List.of("up", "--data", data.toString(), "--port", "0", "--slots", "2"));
            command.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            RunningDocmill docmill = new RunningDocmill(data, log, command.start());
            docmill.awaitReady();
            return docmill;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A call of the command, not yet started. */
    static ProcessBuilder command(String... arguments) {
        ProcessBuilder builder = commandOf(SCRIPT, arguments);
        // The build that runs these tests has just built it.
        builder.environment().put("DOCMILL_BUILD", "skip");
        return builder;
    }

    /** A call of the command of an installation. */
    static ProcessBuilder commandOf(Path script, String... arguments) {
        ProcessBuilder builder = new ProcessBuilder(Stream.concat(Stream.of(script.toString()), Stream.of(arguments))
                .collect(Collectors.toList()));
        // What finds the Docmill under test is its data directory, not what the caller of the build works with.
        builder.environment().keySet().removeAll(Set.of("DOCMILL_API_KEY", "DOCMILL_OPERATOR_KEY", "DOCMILL_DATA"));
        return builder;
    }

    private void awaitReady() {
        try {
            await("docmill up").atMost(START_LIMIT).until(() -> !process.isAlive() || isReady());
            assertThat(process.isAlive())
                    .as("docmill up has not ended by itself")
                    .isTrue();
        } catch (RuntimeException | AssertionError e) {
            System.err.println(logFrom(0));
            close();
            throw e;
        }
    }

    private boolean isReady() {
        return written("url").isPresent()
                && written("demo-key").isPresent()
                && written("operator-key").isPresent();
    }

    /** Speaks with the key that is there from the first start. */
    DocmillClient client() {
        return new DocmillClient(url(), written("demo-key").orElseThrow());
    }

    DocmillClient operator() {
        return new DocmillClient(url(), written("operator-key").orElseThrow());
    }

    /** Speaks with a new key to a new scope, in which there is nothing yet. */
    DocmillClient clientOfNewScope() {
        Answer made = operator().postJson("/v1/admin/keys", Map.of("name", "system test", "scope", "personal"));
        assertThat(made.status()).as("making a key: %s", made).isEqualTo(201);
        return operator().withKey(made.json().path("key").asText());
    }

    /** Its data directory. */
    String dataPath() {
        return data.toString();
    }

    URI url() {
        return URI.create(written("url").orElseThrow());
    }

    private Optional<String> written(String fileName) {
        try {
            return Optional.of(Files.readString(data.resolve(fileName)).strip()).filter(text -> !text.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The length of the log up to now, in bytes, to be given to {@link #logFrom}. */
    long logLength() {
        try {
            return Files.size(log);
        } catch (IOException e) {
            return 0;
        }
    }

    String logFrom(long start) {
        try {
            byte[] all = Files.readAllBytes(log);
            int from = (int) Math.min(start, all.length);
            return new String(all, from, all.length - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    /** Ends the process at once, as a power cut does, so that it can clean up nothing. */
    void kill() {
        process.toHandle().destroyForcibly();
        await("end of the killed process").atMost(STOP_LIMIT).until(() -> !process.isAlive());
    }

    /** Ends the process as an operator does, and makes sure that nothing of it is left running. */
    @Override
    public void close() {
        List<ProcessHandle> children = process.descendants().toList();
        process.toHandle().destroy();
        try {
            await("end of docmill up").atMost(STOP_LIMIT).until(() -> !process.isAlive());
        } finally {
            process.toHandle().destroyForcibly();
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }

    static void delete(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
