package io.docmill.worker.job;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Adds up counters for a line of the log. */
final class Totals {
    private Totals() {}

    /** The counters of a name, added up by one of their labels: {@code crash 2, time 1}; {@code none} where all are 0. */
    static String of(MeterRegistry registry, String name, String label) {
        Map<String, Long> totals = registry.find(name).counters().stream()
                .filter(counter -> counter.count() > 0)
                .collect(Collectors.groupingBy(
                        counter -> String.valueOf(counter.getId().getTag(label)),
                        TreeMap::new,
                        Collectors.summingLong(Totals::value)));
        return totals.isEmpty()
                ? "none"
                : totals.entrySet().stream()
                        .map(entry -> entry.getKey() + " " + entry.getValue())
                        .collect(Collectors.joining(", "));
    }

    /** The counters of a name, added up. */
    static long sum(MeterRegistry registry, String name) {
        return registry.find(name).counters().stream().mapToLong(Totals::value).sum();
    }

    private static long value(Counter counter) {
        return Math.round(counter.count());
    }
}
