package io.docmill.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Converts one document. */
interface Conversion {
    /** How often a document is converted for its median. */
    int TIMES = 100;

    void run() throws IOException, InterruptedException;

    /** The median of some in a row. */
    static double medianMillis(Conversion conversion) throws Exception {
        Histogram micros = new Histogram(3);
        for (int i = 0; i < TIMES; i++) {
            long begin = System.nanoTime();
            conversion.run();
            micros.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begin));
        }
        return micros.getValueAtPercentile(50) / 1000.0;
    }

    /** Converts all once by so many callers; conversions a second. */
    static double pass(List<Conversion> conversions, int callers) throws InterruptedException {
        var open = new ConcurrentLinkedQueue<>(conversions);
        long begin = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(callers)) {
            List<Future<?>> ends = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                ends.add(threads.submit(() -> {
                    for (Conversion next = open.poll(); next != null; next = open.poll()) {
                        next.run();
                    }
                    return null;
                }));
            }
            for (Future<?> end : ends) {
                end.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("A document was not converted", e);
        }
        return conversions.size() / ((System.nanoTime() - begin) / 1e9);
    }
}
