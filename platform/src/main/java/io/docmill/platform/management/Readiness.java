package io.docmill.platform.management;

import java.util.Map;
import java.util.TreeMap;

/**
 * Whether a process may be sent work. A neighbour's outage is told in the details and never makes a process unready: else
 * a store's bad minute would take every gateway out, and with them what needs no store.
 */
@FunctionalInterface
public interface Readiness {
    /** The present state; quick, and safe to call from any thread. */
    Report report();

    /**
     * What is told to whoever asks.
     *
     * @param ready whether work may come
     * @param details a line for each part, in order of its name
     */
    record Report(boolean ready, Map<String, String> details) {
        public Report {
            details = new TreeMap<>(details);
        }
    }
}
