package io.docmill.system;

import io.docmill.testing.services.ClusterProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The processes of one worker as the kernel shows them; see proc(5). */
final class OfficeProcesses {
    private static final String LIBREOFFICE = "soffice.bin";
    private static final String FORKED = "docmill-fork-server";

    private final ClusterProcess worker;

    OfficeProcesses(ClusterProcess worker) {
        this.worker = worker;
    }

    /** Every LibreOffice that runs, busy or not; with a fork server what that has forked. */
    List<ProcessHandle> offices() {
        return worker.handle()
                .descendants()
                .filter(process -> runs(process, LIBREOFFICE)
                        || process.parent()
                                .filter(parent -> runs(parent, FORKED))
                                .isPresent())
                .toList();
    }

    private static boolean runs(ProcessHandle process, String program) {
        return process.info().command().orElse("").endsWith(program);
    }

    /** What the worker started, LibreOffice and what keeps it in. */
    long descendants() {
        return worker.handle().descendants().count();
    }

    /** Memory of the worker's own process. */
    long workerBytes() {
        return residentBytes(worker.handle());
    }

    /** Memory of all LibreOffice processes; what they share is counted in each. */
    long officeBytes() {
        return offices().stream().mapToLong(OfficeProcesses::residentBytes).sum();
    }

    private static long residentBytes(ProcessHandle process) {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1_024)
                    .sum();
        } catch (IOException _) {
            // It has ended.
            return 0;
        }
    }
}
