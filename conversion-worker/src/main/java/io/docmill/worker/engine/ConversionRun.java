package io.docmill.worker.engine;

/** A conversion under way. Its methods may be called from any thread, any number of times. */
public interface ConversionRun {

    /**
     * Waits for the outcome. Once it returns, nothing of the run is left: neither process nor file, but for the output of
     * {@link EngineOutcome.Converted}.
     */
    EngineOutcome await() throws InterruptedException;

    /**
     * Stops the conversion; its outcome is {@link EngineOutcome.Killed} unless it ended before. Returns at once; the outcome
     * follows and the slot takes the next document within seconds, usually at once.
     */
    void kill();
}
