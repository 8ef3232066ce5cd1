package io.docmill.benchmarks;

import io.docmill.benchmarks.MeasuredSystem.Caller;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/** A hundred documents at once, as the first that a system gets. */
final class BurstScenario implements Scenario {
    private static final int DOCUMENTS = 100;
    private static final int SLOTS = 2;

    @Override
    public String name() {
        return "burst";
    }

    @Override
    public void run(Path directory, int repetitions, Report report) throws Exception {
        for (int i = 0; i < repetitions; i++) {
            Path place = Files.createDirectory(directory.resolve("r" + i));
            try (MeasuredSystem system = MeasuredSystem.start(place, SLOTS)) {
                measure(system, report);
            }
        }
    }

    private void measure(MeasuredSystem system, Report report) throws Exception {
        Caller caller = system.newCaller();
        List<String> files = IntStream.range(0, DOCUMENTS)
                .mapToObj(_ -> Calls.upload(system.gatewayPort(), caller.key(), Documents.small()))
                .toList();
        Histogram micros = new Histogram(3);
        int converted = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Long>> times = files.stream()
                    .map(file -> threads.submit((Callable<Long>) () -> {
                        long begin = System.nanoTime();
                        int status = Calls.trySend(Calls.toPdf(system.gatewayPort(), caller.key(), file, ""))
                                .statusCode();
                        return status == 200 ? System.nanoTime() - begin : -1;
                    }))
                    .toList();
            for (Future<Long> time : times) {
                if (time.get() >= 0) {
                    converted++;
                    micros.recordValue(TimeUnit.NANOSECONDS.toMicros(time.get()));
                }
            }
        }
        report.add(name(), "of 100 at once on a fresh start", "converted", converted, "100");
        report.add(name(), "call to answer: p50", "ms", micros.getValueAtPercentile(50) / 1000.0);
        report.add(name(), "call to answer: the last", "ms", micros.getMaxValue() / 1000.0);
    }
}
