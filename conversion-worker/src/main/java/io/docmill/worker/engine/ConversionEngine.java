package io.docmill.worker.engine;

import io.docmill.worker.plan.ConversionPlan;

/**
 * Runs conversion plans, a fixed number at a time. How an engine keeps its processes (profiles, spares, recycling, forks) is
 * its own affair and shows only in {@link #status()}.
 *
 * <p>All methods may be called from any thread. An engine that is closed stays closed.
 */
public interface ConversionEngine extends AutoCloseable {

    /** What converts, as told to callers, such as {@code LibreOffice 25.2.3}. */
    String description();

    /** The version of what converts, such as {@code 25.2.3}, or {@code 25.2.3+fonts.0a1b2c3d4e5f} with fonts of the operator's own. */
    String version();

    /** How many conversions run at the same time; at least 1. */
    int slots();

    /**
     * Waits until every slot can take a document at once.
     *
     * @throws EngineUnavailableException if the engine gave up starting, or was closed
     */
    void awaitReady() throws InterruptedException;

    /** How many processes it keeps, numbered from 1 for {@link #residentBytes}; at most so many are up at a time. */
    int processes();

    /** Memory held now by one of its processes, from 1 to {@link #processes()}; 0 while that one is not up. */
    long residentBytes(int process);

    /** The state of this moment, for the details of readiness and for metrics. */
    EngineStatus status();

    /**
     * Begins a conversion and returns at once. When all slots are taken the run waits for one; this wait counts for no limit,
     * so a caller who starts no more runs than {@link #slots()} never waits.
     *
     * @param tenant whose the document is; what follows from it is the engine's affair
     * @throws IllegalStateException if the engine is closed
     */
    ConversionRun start(ConversionPlan plan, ConversionLimits limits, Tenant tenant);

    /** Begins a conversion of a document of nobody in particular. */
    default ConversionRun start(ConversionPlan plan, ConversionLimits limits) {
        return start(plan, limits, Tenant.UNKNOWN);
    }

    /** Ends all runs as killed, all processes, and removes all files but what is cached for the next start. */
    @Override
    void close();
}
