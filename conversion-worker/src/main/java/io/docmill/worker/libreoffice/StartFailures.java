package io.docmill.worker.libreoffice;

import org.jspecify.annotations.Nullable;

/** How often in a row something did not start, and how long to pause before the next attempt. Thread-safe. */
final class StartFailures {

    /** So many in a row, and those who wait give up. */
    private static final int HOPELESS = 3;

    private static final long FIRST_PAUSE_MILLIS = 500;
    private static final long LONGEST_PAUSE_MILLIS = 30_000;
    private static final int MOST_DOUBLINGS = 10;

    private int inARow;
    private @Nullable Throwable last;

    /** Waits as long as the failures so far ask for; not at all after none. */
    void pause() throws InterruptedException {
        int failures = inARow();
        if (failures > 0) {
            Thread.sleep(Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures, MOST_DOUBLINGS)));
        }
    }

    /** It did not start. */
    synchronized void add(Throwable failure) {
        inARow++;
        last = failure;
    }

    /** It started. */
    synchronized void forget() {
        inARow = 0;
    }

    synchronized int inARow() {
        return inARow;
    }

    /** Whether to give up. */
    synchronized boolean areHopeless() {
        return inARow >= HOPELESS;
    }

    /** Why it did not start the last time. */
    synchronized @Nullable Throwable last() {
        return last;
    }
}
