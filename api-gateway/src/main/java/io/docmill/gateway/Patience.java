package io.docmill.gateway;

import io.docmill.platform.neighbour.NeighbourUnavailableException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a start does until a neighbour is there. */
final class Patience {
    private static final Logger log = LoggerFactory.getLogger(Patience.class);
    private static final Duration PAUSE_BETWEEN_TRIES = Duration.ofSeconds(1);

    private Patience() {}

    /**
     * Tries each second, and tells the first time that it must wait.
     *
     * @param what is waited for, as it is told in the log
     * @throws InterruptedException if the wait was ended
     */
    static void untilItWorks(String what, Runnable step) throws InterruptedException {
        for (boolean told = false; ; told = true) {
            try {
                step.run();
                return;
            } catch (NeighbourUnavailableException e) {
                if (!told) {
                    log.warn("Waiting for {}: {}", what, e.getMessage());
                }
                Thread.sleep(PAUSE_BETWEEN_TRIES);
            }
        }
    }
}
