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

    static long residentBytes(List<ProcessHandle> processes) {
        return processes.stream()
                .mapToLong(process -> statusBytes(process, "VmRSS:"))
                .sum();
    }

    /** The sum of each one's own peak since the last {@link #forgetPeaks}; at least the true peak of the sum. */
    static long peakResidentBytes(List<ProcessHandle> processes) {
        return processes.stream()
                .mapToLong(process -> statusBytes(process, "VmHWM:"))
                .sum();
    }

    /** The largest address space that one of them ever had; unlike the peak of resident memory it can't be reset. */
    static long peakVirtualBytes(List<ProcessHandle> processes) {
        return processes.stream()
                .mapToLong(process -> statusBytes(process, "VmPeak:"))
                .max()
                .orElse(0);
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

    private static long statusBytes(ProcessHandle process, String field) {
        try {
            var status = Files.readAllBytes(PROC.resolve(process.pid() + "/status"));
            return new String(status, StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> line.startsWith(field))
                    .mapToLong(line -> kilobytes(line.substring(field.length())) * 1_024)
                    .sum();
        } catch (IOException e) {
            return 0;
        }
    }

    private static long kilobytes(String value) {
        return Long.parseLong(value.replace("kB", "").strip());
    }
}
