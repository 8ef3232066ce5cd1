package io.docmill.worker.engine;

import java.util.Locale;

/**
 * An engine at one moment.
 *
 * @param slots how many conversions can run at a time
 * @param busy how many run now
 * @param ready how many more could begin without waiting for a process to start; at most {@code slots}
 * @param starting processes that are being started
 * @param spares processes that are ready beyond those for which there is a slot
 * @param kind where the processes come from
 * @param passedOver why it is not {@link EngineKind#FORK_SERVER}; empty if it is, or if nobody wanted that
 * @param sandbox what keeps documents in, such as {@code bubblewrap}
 */
public record EngineStatus(
        int slots, int busy, int ready, int starting, int spares, EngineKind kind, String passedOver, String sandbox) {

    /** The kinds of engine. */
    public enum EngineKind {
        /** A process for every document. */
        FORK_SERVER,
        /** Processes that have one document after the other. */
        JODCONVERTER,
        /** Another one, which is not of LibreOffice. */
        OTHER;

        /** A short name for metrics and logs. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Whether a fault of the next document would be made good at once. */
    public boolean spareReady() {
        return spares > 0;
    }
}
