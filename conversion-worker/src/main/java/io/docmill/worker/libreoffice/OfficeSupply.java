package io.docmill.worker.libreoffice;

import io.docmill.worker.engine.EngineUnavailableException;
import io.docmill.worker.engine.Tenant;

/** Where runs get their offices from. Safe for use from many threads. */
interface OfficeSupply extends AutoCloseable {

    /**
     * Takes one that may have a document of this tenant, waiting for one if there is none.
     *
     * @throws IllegalStateException if the supply is closed
     */
    Office take(Tenant tenant) throws InterruptedException;

    /**
     * Waits until all slots can take a document.
     *
     * @throws EngineUnavailableException if that was given up, or the supply is closed
     */
    void awaitReady() throws InterruptedException;

    /** How many are taken. */
    int busy();

    /** How many could be taken at once. */
    int ready();

    /** Processes that are being started. */
    int starting();

    /** How many processes there are at most, besides those that only just come or go. */
    int processes();

    /** Memory of one, from 0; 0 if it is not up. */
    long residentBytes(int process);

    /** Ends all processes and returns when nothing of them is left. */
    @Override
    void close();
}
