package io.docmill.cli;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A Docmill of its own for one call of the command, in a temporary directory. It ends, and the directory goes, when this
 * is closed, also when the command is interrupted or terminated.
 */
final class TemporarySystem implements AutoCloseable {
    /** Long enough for a first start that installs LibreOffice and builds. */
    private static final Duration START_LIMIT = Duration.ofMinutes(15);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final Duration LOOK_EVERY = Duration.ofMillis(50);
    private static final int SHOWN_LOG_LINES = 20;

    private final Path directory;
    private final Process process;
    private final Thread logReader;
    private final Thread interruptionHook = new Thread(this::end, "end-temporary-docmill");
    private boolean ended;

    private TemporarySystem(Path directory, Process process, Invocation invocation) {
        this.directory = directory;
        this.process = process;
        this.logReader = Thread.ofVirtual().start(() -> followLog(invocation));
        Runtime.getRuntime().addShutdownHook(interruptionHook);
    }

    /**
     * Starts a Docmill and waits until it is ready.
     *
     * @param script {@code bin/docmill}
     * @throws CommandFailedException if it does not get ready; nothing of it is left then
     */
    static TemporarySystem start(Path script, Invocation invocation)
            throws CommandFailedException, InterruptedException {
        invocation.say("no Docmill is running here: starting one for this conversion ('docmill up' keeps one running)");
        TemporarySystem system;
        try {
            Path directory = Files.createTempDirectory("docmill-");
            system = new TemporarySystem(directory, launch(script, directory), invocation);
        } catch (IOException e) {
            throw new CommandFailedException(ExitCode.UNREACHABLE, "cannot start Docmill: " + e.getMessage(), e);
        }
        try {
            system.awaitReady(invocation);
            return system;
        } catch (CommandFailedException | InterruptedException e) {
            system.close();
            throw e;
        }
    }

    private static Process launch(Path script, Path directory) throws IOException {
        try {
            return new ProcessBuilder(
                            script.toString(),
                            "up",
                            "--data",
                            directory.resolve("data").toString(),
                            "--port",
                            "0",
                            "--slots",
                            "1")
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            Files.delete(directory);
            throw e;
        }
    }

    URI baseUrl() throws CommandFailedException {
        return ConnectionOptions.parse(written("url").orElse(""));
    }

    String key() {
        return written("demo-key").orElse("");
    }

    private Optional<String> written(String fileName) {
        return ConnectionOptions.firstLine(directory.resolve("data").resolve(fileName));
    }

    private void awaitReady(Invocation invocation) throws CommandFailedException, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (written("url").isEmpty() || written("demo-key").isEmpty()) {
            boolean exited = process.waitFor(LOOK_EVERY);
            if (exited || System.nanoTime() - deadline > 0) {
                showLogEnd(invocation);
                throw new CommandFailedException(
                        ExitCode.UNREACHABLE,
                        exited
                                ? "Docmill did not start, it ended with %d".formatted(process.exitValue())
                                : "Docmill did not get ready in %d minutes".formatted(START_LIMIT.toMinutes()));
            }
        }
    }

    /** Keeps the log, and lets through what bin/docmill says on its way: installing and building take minutes. */
    private void followLog(Invocation invocation) {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
                BufferedWriter log = Files.newBufferedWriter(log())) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                log.write(line);
                log.newLine();
                if (line.startsWith("docmill: ")) {
                    invocation.err().println(line);
                }
            }
        } catch (IOException e) {
            invocation.say("the log of Docmill broke off: " + e.getMessage());
        }
    }

    private void showLogEnd(Invocation invocation) throws InterruptedException {
        terminate();
        logReader.join(STOP_LIMIT);
        List<String> lines = new ArrayList<>();
        try (Stream<String> all = Files.lines(log())) {
            all.filter(line -> !line.startsWith("docmill: ")).forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            invocation.say("cannot read the log of Docmill: " + e.getMessage());
        }
        lines.subList(Math.max(0, lines.size() - SHOWN_LOG_LINES), lines.size())
                .forEach(line -> invocation.err().println("  " + line));
    }

    private Path log() {
        return directory.resolve("log");
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(interruptionHook);
        } catch (IllegalStateException _) {
            // The JVM is ending, and the hook finds nothing left to do.
        }
    }

    private synchronized void end() {
        if (ended) {
            return;
        }
        ended = true;
        List<ProcessHandle> processes = Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList();
        terminate();
        try {
            if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                processes.forEach(ProcessHandle::destroyForcibly);
                process.waitFor();
            }
            logReader.join(STOP_LIMIT);
        } catch (InterruptedException e) {
            processes.forEach(ProcessHandle::destroyForcibly);
            Thread.currentThread().interrupt();
        }
        deleteDirectory();
    }

    /** Through the handle, because {@link Process#destroy()} closes the streams too, and with them the end of the log. */
    private void terminate() {
        process.toHandle().destroy();
    }

    private void deleteDirectory() {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.printf("docmill: %s could not be removed, please do so: %s%n", directory, e.getMessage());
        }
    }
}
