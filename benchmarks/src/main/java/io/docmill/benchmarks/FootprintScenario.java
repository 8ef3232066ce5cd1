package io.docmill.benchmarks;

import io.docmill.benchmarks.MeasuredSystem.Caller;
import io.docmill.testing.documents.BrokenDocuments;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.services.ClusterProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Docmill takes: time to start, memory at rest, and the gateway's heap under a large upload. */
final class FootprintScenario implements Scenario {
    private static final int UPLOAD_BYTES = 100_000_000;
    private static final Pattern READY = Pattern.compile("ready at \\S+ after (\\d+\\.\\d+) s");

    @Override
    public String name() {
        return "footprint";
    }

    @Override
    public void run(Path directory, int repetitions, Report report) throws Exception {
        for (int i = 0; i < repetitions; i++) {
            start(directory.resolve("start" + i), report);
        }
        Path place = Files.createDirectory(directory.resolve("rest"));
        try (MeasuredSystem system = MeasuredSystem.start(place, 2)) {
            for (ClusterProcess process : system.processes()) {
                report.add(
                        name(),
                        "at rest: " + process.name(),
                        "MiB",
                        Machine.residentMebibytes(process.handle().pid()));
            }
            for (ProcessHandle office : system.worker()
                    .handle()
                    .descendants()
                    .filter(child -> child.info().command().orElse("").matches(".*/(soffice.bin|docmill-fork-server)"))
                    .toList()) {
                report.add(
                        name(),
                        "at rest: a LibreOffice, or fork server or child",
                        "MiB",
                        Machine.residentMebibytes(office.pid()));
            }
        }
        Path small = Files.createDirectory(directory.resolve("upload"));
        try (MeasuredSystem system = MeasuredSystem.startGateway(small, "256m")) {
            upload(system, system.newCaller(), repetitions, report);
        }
    }

    /** As README starts it, on an empty data directory. */
    private void start(Path data, Report report) throws IOException, InterruptedException {
        Path log = data.resolveSibling(data.getFileName() + ".log");
        ProcessBuilder builder = new ProcessBuilder("bin/docmill", "up", "--data", data.toString(), "--port", "0")
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        Process process = builder.start();
        try {
            Matcher ready = READY.matcher("");
            while (!ready.find()) {
                if (!process.isAlive()) {
                    throw new IllegalStateException("Docmill did not start: " + Files.readString(log));
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
                ready = READY.matcher(Files.readString(log));
            }
            report.add(name(), "start to ready, all on one machine", "s", Double.parseDouble(ready.group(1)), "≤ 12");
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    private void upload(MeasuredSystem system, Caller caller, int repetitions, Report report) {
        byte[] picture = new byte[UPLOAD_BYTES];
        new Random(1).nextBytes(picture);
        TestDocument document = BrokenDocuments.docxWithPart("word/media/picture.bin", picture);
        for (int i = 0; i < repetitions; i++) {
            long begin = System.nanoTime();
            CompletableFuture<String> upload =
                    CompletableFuture.supplyAsync(() -> Calls.upload(system.gatewayPort(), caller.key(), document));
            double heap = 0;
            while (!upload.isDone()) {
                heap = Math.max(heap, system.gateway().metric("jvm_memory_used_bytes", "area=\"heap\""));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
            upload.join();
            report.add(name(), "upload of 100 MB", "ms", (System.nanoTime() - begin) / 1e6);
            report.add(name(), "the gateway's heap meanwhile, at most (of 256 MiB)", "MiB", heap / (1 << 20));
        }
    }
}
