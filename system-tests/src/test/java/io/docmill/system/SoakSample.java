package io.docmill.system;

import java.util.Locale;

/**
 * What was seen of a worker over some seconds of a soak.
 *
 * @param conversions that were answered since the beginning
 * @param perSecond answered in these seconds
 * @param p50Millis median time of the quick documents that were answered in these seconds
 * @param p95Millis the time that 95 of 100 of them took at most
 * @param workerBytes resident memory of the worker's own process at the end
 * @param officeBytes resident memory of its LibreOffice processes at the end
 * @param offices how many of them there were
 */
record SoakSample(
        long conversions,
        double perSecond,
        double p50Millis,
        double p95Millis,
        long workerBytes,
        long officeBytes,
        int offices) {
    static final String HEADER = "conversions,per_second,p50_ms,p95_ms,worker_bytes,office_bytes,offices";

    String line() {
        return String.format(
                Locale.ROOT,
                "%d,%.2f,%.0f,%.0f,%d,%d,%d",
                conversions,
                perSecond,
                p50Millis,
                p95Millis,
                workerBytes,
                officeBytes,
                offices);
    }
}
