package io.docmill.platform.tracing;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Keeps warnings of one kind a minute apart. Thread-safe. */
final class WarningPause {
    private static final long NANOS = Duration.ofMinutes(1).toNanos();

    private final LongSupplier nanoTime;
    private long last;
    private boolean warned;

    /** @param nanoTime as {@link System#nanoTime()} */
    WarningPause(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Whether to warn now; then the next minute begins. */
    synchronized boolean isOver() {
        long now = nanoTime.getAsLong();
        if (warned && now - last < NANOS) {
            return false;
        }
        warned = true;
        last = now;
        return true;
    }
}
