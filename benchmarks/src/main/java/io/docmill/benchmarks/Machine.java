package io.docmill.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a run is on. */
final class Machine {
    private Machine() {}

    /** What decides about figures, by name. What can't be told is left out. */
    static Map<String, String> describe() {
        Map<String, String> machine = new LinkedHashMap<>();
        put(machine, "processor", lineOf("/proc/cpuinfo", "model name"));
        machine.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
        put(machine, "memory", lineOf("/proc/meminfo", "MemTotal"));
        machine.put("kernel", System.getProperty("os.version"));
        put(machine, "LibreOffice", office());
        machine.put("Java", System.getProperty("java.vm.version"));
        return machine;
    }

    /** By the version that LibreOffice's own settings name. */
    private static String office() {
        try {
            return Files.readAllLines(Path.of("/usr/lib/libreoffice/program/bootstraprc")).stream()
                    .filter(line -> line.startsWith("ProductKey="))
                    .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    private static void put(Map<String, String> machine, String name, String value) {
        if (!value.isEmpty()) {
            machine.put(name, value);
        }
    }

    private static String lineOf(String file, String name) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(name))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("");
        } catch (IOException e) {
            return "";
        }
    }

    /** Resident memory of a process in MiB; 0 where it has ended. */
    static double residentMebibytes(long pid) {
        String kilobytes = lineOf("/proc/" + pid + "/status", "VmRSS").replaceAll("\\D", "");
        return kilobytes.isEmpty() ? 0 : Double.parseDouble(kilobytes) / 1024;
    }

    /** Processor time that a process has used, in ms. */
    static double processorMillis(ProcessHandle process) {
        return process.info()
                .totalCpuDuration()
                .map(time -> time.toNanos() / 1e6)
                .orElse(0.0);
    }
}
