package io.docmill.worker.engine;

import java.time.Duration;

/**
 * What a run cost.
 *
 * @param wall from the moment it had a slot until its outcome
 * @param processor processor time of the run's processes, all threads together
 * @param peakResidentBytes the most memory that the run's processes held at a time; memory shared between processes is counted
 *     in each
 * @param load how long the document took to open, in all steps together
 * @param export how long it took to be written in the target format, in all steps together
 * @param process the number of the process that the engine gave the document to, as its log has it; 0 if there was none
 */
public record EngineUsage(
        Duration wall, Duration processor, long peakResidentBytes, Duration load, Duration export, int process) {

    /** A run that ended before it had a slot. */
    public static final EngineUsage NONE =
            new EngineUsage(Duration.ZERO, Duration.ZERO, 0, Duration.ZERO, Duration.ZERO, 0);
}
