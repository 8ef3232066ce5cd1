package io.docmill.worker.sandbox;

import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A program in a sandbox, with all its descendants. Safe for use from many threads. */
public final class ConfinedProcess implements MeasuredProcess {

    /** For a wrapper to reap what it wraps; one that is itself stopped or hangs is then killed too. */
    private static final Duration PATIENCE = Duration.ofMillis(300);

    private final Process process;
    private final ProcessTree tree;

    /** The members as noted by {@link #settle()}; until then they are looked up, which costs a walk through /proc. */
    private volatile @Nullable List<ProcessHandle> settled;

    ConfinedProcess(Process process) {
        this.process = process;
        this.tree = new ProcessTree(process.toHandle());
    }

    /** Whether it still runs. */
    public boolean isAlive() {
        return process.isAlive();
    }

    /** Has an action run, by some thread, when the program has ended. */
    public void whenEnded(Runnable action) {
        var _ = process.onExit().thenRun(action);
    }

    /** Waits for the end and tells the exit value. */
    public int waitFor() throws InterruptedException {
        return process.waitFor();
    }

    /** The exit value of an ended program: 128 and the signal's number where a signal ended it. Empty while it runs. */
    public OptionalInt exitValue() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** Waits a moment for the end that is to come by itself, and tells whether it came. */
    public boolean endsSoon() {
        return ended(List.of());
    }

    /** The process that was started. */
    @Override
    public long pid() {
        return process.pid();
    }

    /** Takes note of the processes as they are now; what is measured is measured of these. */
    public void settle() {
        settled = tree.members();
    }

    private List<ProcessHandle> members() {
        var noted = settled;
        return noted == null ? tree.members() : noted;
    }

    @Override
    public ProcessMemory memory() {
        return ProcessTree.memory(members());
    }

    @Override
    public void forgetPeak() {
        ProcessTree.forgetPeaks(members());
    }

    @Override
    public Duration processorTime() {
        return ProcessTree.processorTime(members());
    }

    /**
     * Ends it and all its descendants, and returns when they are gone. The descendants go first: the one that is first in a
     * PID namespace takes all others with it and is then reaped by the wrapper outside, the wrapper by this process. Were the
     * wrapper killed first, its child would be left as a zombie to process 1, which in a container may reap nothing.
     */
    @Override
    public void kill() {
        // Those that were noted too: of a wrapper that has ended nobody is a descendant any more.
        var descendants = Stream.concat(
                        tree.descendants().stream(), members().stream().skip(1))
                .distinct()
                .toList();
        for (ProcessHandle descendant : descendants) {
            descendant.destroyForcibly();
        }
        if (!ended(descendants)) {
            process.destroyForcibly();
            ended(descendants);
        }
    }

    /**
     * Whether the process has ended, and what is known of its descendants. A wrapper ends once the one that is first in its PID
     * namespace has told it of the end, and that is a moment before that one has ended itself.
     */
    private boolean ended(List<ProcessHandle> descendants) {
        boolean interrupted = Thread.interrupted();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try {
            return process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                    && ProcessTree.awaitEnd(descendants, deadline);
        } catch (InterruptedException e) {
            interrupted = true;
            return false;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
