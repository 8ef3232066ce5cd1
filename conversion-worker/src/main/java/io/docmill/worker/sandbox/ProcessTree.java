package io.docmill.worker.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** What /proc tells of a process and its descendants; see proc(5). Processes that are gone count nothing. */
final class ProcessTree {

    private static final Path PROC = Path.of("/proc");
    private static final Duration LOOK_AGAIN = Duration.ofMillis(1);

    private final ProcessHandle root;

    ProcessTree(ProcessHandle root) {
        this.root = root;
    }

    /** The root and all descendants, parents first. */
    List<ProcessHandle> members() {
        return Stream.concat(Stream.of(root), root.descendants()).toList();
    }

    /** The descendants without the root, parents first. */
    List<ProcessHandle> descendants() {
        return root.descendants().toList();
    }

    /**
     * Waits until none of them runs any more.
     *
     * @param deadline by {@link System#nanoTime()}; it is looked once in any case
     * @return whether that came
     */
    static boolean awaitEnd(List<ProcessHandle> processes, long deadline) throws InterruptedException {
        while (!processes.stream().allMatch(ProcessTree::hasEnded)) {
            if (System.nanoTime() - deadline >= 0) {
                return false;
            }
            Thread.sleep(LOOK_AGAIN);
        }
        return true;
    }

    /** Whether it runs no more; a zombie may be left of it, until who became its parent reaps it. */
    private static boolean hasEnded(ProcessHandle process) {
        try {
            String stat = Files.readString(PROC.resolve(process.pid() + "/stat"), StandardCharsets.ISO_8859_1);
            // The name of the program, in brackets, may hold anything; the state comes after the last one.
            String state = stat.substring(stat.lastIndexOf(')') + 1).strip();
            return state.startsWith("Z") || state.startsWith("X");
        } catch (IOException e) {
            return true;
        }
    }

    static ProcessMemory memory(List<ProcessHandle> processes) {
        return processes.stream()
                .map(ProcessHandle::pid)
                .map(ProcessTree::memory)
                .reduce(ProcessMemory.NONE, ProcessMemory::plus);
    }

    /** Processor time of all threads so far. */
    static Duration processorTime(List<ProcessHandle> processes) {
        return processes.stream()
                .map(process -> process.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(Duration.ZERO, Duration::plus);
    }

    /** Lets peaks count anew: writing 5 to clear_refs resets VmHWM. */
    static void forgetPeaks(List<ProcessHandle> processes) {
        for (ProcessHandle process : processes) {
            try {
                Files.writeString(PROC.resolve(process.pid() + "/clear_refs"), "5");
            } catch (IOException e) {
                // Gone, or a kernel without it: the peak then is that of the whole life of the process.
            }
        }
    }

    static ProcessMemory memory(long pid) {
        List<String> status;
        try {
            status = Files.readAllLines(PROC.resolve(pid + "/status"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return ProcessMemory.NONE;
        }
        return new ProcessMemory(bytes(status, "VmRSS:"), bytes(status, "VmHWM:"), bytes(status, "VmPeak:"));
    }

    private static long bytes(List<String> status, String field) {
        return status.stream()
                .filter(line -> line.startsWith(field))
                .mapToLong(line -> kilobytes(line.substring(field.length())) * 1_024)
                .sum();
    }

    private static long kilobytes(String value) {
        return Long.parseLong(value.replace("kB", "").strip());
    }
}
