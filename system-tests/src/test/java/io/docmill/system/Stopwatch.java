package io.docmill.system;

import java.time.Duration;
import java.util.Locale;

/** Tells in words how long something took. For reports; nothing is asserted of it. */
final class Stopwatch {
    private final long begin = System.nanoTime();

    private Stopwatch() {}

    static Stopwatch start() {
        return new Stopwatch();
    }

    @Override
    public String toString() {
        double seconds = Duration.ofNanos(System.nanoTime() - begin).toMillis() / 1000.0;
        return String.format(Locale.ROOT, "%.1f s", seconds);
    }
}
