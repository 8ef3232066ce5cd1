package io.docmill.worker.sandbox;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts processes from one thread that lives as long as the launcher. bubblewrap asks the kernel to end it with its parent
 * (PR_SET_PDEATHSIG), and by "parent" the kernel means the <em>thread</em> that started it: a process started from a pool's
 * thread would die whenever the pool lets that thread go.
 */
public final class ProcessLauncher implements AutoCloseable {

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("process-launcher").factory());

    /**
     * Starts a command without environment and input, its output going to the slot's log. An interrupt does not end the wait, which
     * is milliseconds: what starts all the same would be nobody's to end, and write where its files are just removed.
     *
     * @throws IOException if it cannot be started
     */
    public ConfinedProcess start(SlotDirectory slot, List<String> command) throws IOException {
        var builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(slot.log().toFile()))
                .directory(slot.files().toFile());
        builder.environment().clear();
        return new ConfinedProcess(onThread(builder));
    }

    /**
     * Starts a program that talks over its input and output, outside of any sandbox; what it prints as errors goes to a log.
     * Interrupts are treated as by {@link #start(SlotDirectory, List)}.
     *
     * @param environment the whole environment of the program
     * @throws IOException if it cannot be started
     */
    public Process startConnected(List<String> command, Map<String, String> environment, Path directory, Path log)
            throws IOException {
        var builder = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .directory(directory.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return onThread(builder);
    }

    private Process onThread(ProcessBuilder builder) throws IOException {
        try {
            return CompletableFuture.supplyAsync(() -> start(builder), thread).join();
        } catch (CompletionException e) {
            throw new IOException("Could not start " + builder.command().getFirst(), e.getCause());
        }
    }

    private static Process start(ProcessBuilder builder) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the thread, and with it every process that is still there. */
    @Override
    public void close() {
        thread.shutdownNow();
    }
}
