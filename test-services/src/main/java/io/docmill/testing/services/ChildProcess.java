package io.docmill.testing.services;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A process that a test starts, kills, pauses and starts again. It ends with the test's process, however that one ends:
 * {@code setpriv --pdeathsig} has the kernel kill it. The kernel counts the death of the <em>thread</em> that started a child
 * (prctl(2), PR_SET_PDEATHSIG), so a thread that does nothing else starts it and outlives it. Not for several threads at once.
 */
public final class ChildProcess implements AutoCloseable {
    private static final Duration END_LIMIT = Duration.ofSeconds(20);

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path log;
    private @Nullable Process process;
    private long logStart;

    /**
     * Nothing is started yet.
     *
     * @param name for messages
     * @param environment what is added to the environment of this process, from which {@code DOCMILL_} variables are left out
     * @param log where it writes what it says, behind what it said before
     */
    public ChildProcess(String name, List<String> command, Map<String, String> environment, Path log) {
        this.name = name;
        this.command = List.copyOf(command);
        this.environment = Map.copyOf(environment);
        this.log = log;
    }

    /** The command that runs a JVM like this one, with a small heap; a class or {@code -jar} follows. */
    public static List<String> java(String heap) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + heap,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--sun-misc-unsafe-memory-access=allow",
                "--enable-native-access=ALL-UNNAMED");
    }

    /** Its name, for messages. */
    public String name() {
        return name;
    }

    /**
     * Returns once it is ready.
     *
     * @throws IllegalStateException if it ends by itself, or is not ready in time; the message has its log
     */
    public void awaitReady(BooleanSupplier ready, Duration limit) {
        try {
            await(name)
                    .pollInterval(Duration.ofMillis(50))
                    .atMost(limit)
                    .until(() -> !isAlive() || ready.getAsBoolean());
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException(name + " is not ready after " + limit + ":\n" + log(), e);
        }
        if (!isAlive()) {
            throw new IllegalStateException(name + " ended by itself:\n" + log());
        }
    }

    /**
     * Starts it without a wait.
     *
     * @throws IllegalStateException if it runs already
     */
    public void launch() {
        if (isAlive()) {
            throw new IllegalStateException(name + " runs already");
        }
        try {
            Files.createDirectories(log.toAbsolutePath().getParent());
            logStart = Files.exists(log) ? Files.size(log) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> whole = new ArrayList<>(List.of("setpriv", "--pdeathsig", "KILL"));
        whole.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("DOCMILL_"));
        builder.environment().putAll(environment);
        process = started(builder);
    }

    private Process started(ProcessBuilder builder) {
        CompletableFuture<Process> started = new CompletableFuture<>();
        Thread.ofPlatform().name("parent of " + name).daemon().start(() -> {
            try {
                Process child = builder.start();
                started.complete(child);
                child.waitFor();
            } catch (IOException | InterruptedException e) {
                started.completeExceptionally(e);
            }
        });
        return started.join();
    }

    /** Whether it runs, be it paused. */
    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Kills it as {@code kill -9} does, and returns when it has ended. */
    public void kill() {
        if (process != null) {
            process.destroyForcibly();
            awaitEnd(process, END_LIMIT);
        }
    }

    /**
     * Sends SIGTERM and returns when it has ended.
     *
     * @return its exit code, 143 where it ended by the signal
     * @throws IllegalStateException if it does not run, or does not end in time
     */
    public int terminate(Duration limit) {
        Process ending = running();
        signal("TERM");
        awaitEnd(ending, limit);
        return ending.exitValue();
    }

    private void awaitEnd(Process ending, Duration limit) {
        try {
            await("end of " + name)
                    .pollInterval(Duration.ofMillis(20))
                    .atMost(limit)
                    .until(() -> !ending.isAlive());
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException(name + " has not ended after " + limit + ":\n" + log(), e);
        }
    }

    /** Stops it where it is (SIGSTOP): its connections stay open and nothing answers. */
    public void pause() {
        signal("STOP");
    }

    /** Lets it go on after {@link #pause()}. */
    public void resume() {
        signal("CONT");
    }

    /**
     * Sends it a signal.
     *
     * @param signal without the prefix, such as {@code TERM}
     */
    public void signal(String signal) {
        if (!Signals.send(signal, handle())) {
            throw new IllegalStateException("no %s to %s".formatted(signal, name));
        }
    }

    /**
     * The process that runs.
     *
     * @throws IllegalStateException if it does not run
     */
    public ProcessHandle handle() {
        return running().toHandle();
    }

    private Process running() {
        if (process == null || !process.isAlive()) {
            throw new IllegalStateException(name + " does not run");
        }
        return process;
    }

    /** What it has said since its last start. */
    public String log() {
        return logFrom(logStart);
    }

    /** How long its log is, in bytes; for {@link #logFrom}. */
    public long logLength() {
        try {
            return Files.exists(log) ? Files.size(log) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has said from a point of its log on. */
    public String logFrom(long start) {
        try {
            byte[] all = Files.readAllBytes(log);
            int from = (int) Math.min(start, all.length);
            return new String(all, from, all.length - from, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    /** Kills it, where it runs. */
    @Override
    public void close() {
        kill();
    }
}
