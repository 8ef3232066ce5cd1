package io.docmill.worker.job;

import io.docmill.platform.tracing.TraceAttribute;
import io.docmill.platform.tracing.TraceSpan;
import io.docmill.worker.engine.EngineUsage;
import java.time.Duration;

/** What the engine's runs of one job took, none, one or several. For one thread. */
final class JobRuns {
    private int count;
    private Duration processor = Duration.ZERO;
    private Duration load = Duration.ZERO;
    private Duration export = Duration.ZERO;
    private long peakResidentBytes;
    private int process;

    /** There was one more. */
    void add(EngineUsage usage) {
        count++;
        processor = processor.plus(usage.processor());
        load = load.plus(usage.load());
        export = export.plus(usage.export());
        peakResidentBytes = Math.max(peakResidentBytes, usage.peakResidentBytes());
        process = usage.process();
    }

    /** Tells the span of the conversion. */
    void tell(TraceSpan span) {
        span.with(TraceAttribute.ENGINE_RUNS, count)
                .with(TraceAttribute.ENGINE_LOAD, load.toMillis())
                .with(TraceAttribute.ENGINE_EXPORT, export.toMillis())
                .with(TraceAttribute.ENGINE_CPU, processor.toMillis());
    }

    int count() {
        return count;
    }

    /** Processor time of all together. */
    Duration processor() {
        return processor;
    }

    /** How long the document took to open. */
    Duration load() {
        return load;
    }

    /** How long it took to be written in the target format. */
    Duration export() {
        return export;
    }

    /** The most memory that one of them held. */
    long peakResidentBytes() {
        return peakResidentBytes;
    }

    /** The number of the last one's process in the engine; 0 if there was none. */
    int process() {
        return process;
    }
}
