package io.docmill.worker.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;

/** How a run ended. What an engine's libraries threw never leaves the engine; it is in the log. */
public sealed interface EngineOutcome {

    /** What the run cost, as far as it got. */
    EngineUsage usage();

    /**
     * The output is complete, at the place that the plan names.
     *
     * @param pages the pages of a PDF; empty for other outputs and where they could not be counted
     */
    record Converted(Path output, OptionalInt pages, EngineUsage usage) implements EngineOutcome {}

    /** The document would not open: it is encrypted, or it is not what it says. The engine cannot tell which. */
    record LoadRefused(EngineUsage usage) implements EngineOutcome {}

    /** The document opened but could not be written in the target format. */
    record StoreRefused(EngineUsage usage) implements EngineOutcome {}

    /** The time limit passed and the conversion was stopped. */
    record TimedOut(Duration limit, EngineUsage usage) implements EngineOutcome {}

    /** The conversion needed more memory than allowed and was stopped. */
    record MemoryExceeded(long limitBytes, EngineUsage usage) implements EngineOutcome {}

    /** The output, or what was written on the way to it, is larger than allowed. */
    record OutputTooLarge(long limitBytes, EngineUsage usage) implements EngineOutcome {}

    /** A process of the engine died of the document. */
    record Crashed(EngineUsage usage) implements EngineOutcome {}

    /** The disk was full, of files that are not this run's: nothing is known of the document, which can be tried again. */
    record NoRoom(EngineUsage usage) implements EngineOutcome {}

    /** {@link ConversionRun#kill()} was called, or the engine was closed. */
    record Killed(EngineUsage usage) implements EngineOutcome {}
}
