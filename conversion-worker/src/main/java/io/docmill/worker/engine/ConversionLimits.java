package io.docmill.worker.engine;

import java.time.Duration;

/**
 * What one document may cost.
 *
 * @param time longest time in the slot; positive
 * @param residentBytes most resident memory of its processes together; positive
 */
public record ConversionLimits(Duration time, long residentBytes) {

    /** 60 s and 2 GiB: far above what ordinary documents need (below 1 s and 400 MiB), far below what a bomb takes. */
    public static final ConversionLimits DEFAULT = new ConversionLimits(Duration.ofSeconds(60), 2L << 30);

    public ConversionLimits {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("The time limit must be positive, not " + time);
        }
        if (residentBytes <= 0) {
            throw new IllegalArgumentException("The memory limit must be positive, not " + residentBytes);
        }
    }

    /** The same limits with another time. */
    public ConversionLimits withTime(Duration limit) {
        return new ConversionLimits(limit, residentBytes);
    }
}
