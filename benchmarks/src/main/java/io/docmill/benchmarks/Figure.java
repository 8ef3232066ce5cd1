package io.docmill.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * One figure, measured some times.
 *
 * @param scenario what was measured
 * @param name of the figure within it
 * @param unit such as {@code ms}; empty for a ratio
 * @param target what it should be, in words; empty where it is only told
 * @param values one a repetition, in their order; at least one
 */
record Figure(String scenario, String name, String unit, String target, List<Double> values) {
    Figure {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured of " + scenario + ", " + name);
        }
        values = List.copyOf(values);
    }

    double min() {
        return sorted().getFirst();
    }

    double max() {
        return sorted().getLast();
    }

    /** The middle one, or the mean of the two middle ones. */
    double median() {
        List<Double> sorted = sorted();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private List<Double> sorted() {
        return values.stream().sorted().toList();
    }

    /** A number with as many digits as mean something. */
    static String number(double value) {
        double size = Math.abs(value);
        String format = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }
}
