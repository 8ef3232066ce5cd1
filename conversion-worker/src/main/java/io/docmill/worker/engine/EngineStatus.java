package io.docmill.worker.engine;

/**
 * An engine at one moment.
 *
 * @param slots how many conversions can run at a time
 * @param busy how many run now
 * @param ready how many more could begin without waiting for a process to start; at most {@code slots}
 * @param starting processes that are being started
 * @param spares processes that are ready beyond those for which there is a slot
 * @param sandbox what keeps documents in, such as {@code bubblewrap}
 */
public record EngineStatus(int slots, int busy, int ready, int starting, int spares, String sandbox) {

    /** Whether a fault of the next document would be made good at once. */
    public boolean spareReady() {
        return spares > 0;
    }
}
