package io.docmill.worker.sandbox;

import java.time.Duration;

/** Something that works in a sandbox, and can be measured and ended. Safe for use from many threads. */
public interface MeasuredProcess {

    /** The process, for the log. */
    long pid();

    /** Memory of all that belongs to it; what is gone counts nothing, but for its peak where that is still known. */
    ProcessMemory memory();

    /** Lets the peak count anew. */
    void forgetPeak();

    /** Processor time of all that belongs to it, so far. */
    Duration processorTime();

    /** Ends it and all that belongs to it, and returns when that is gone or as good as gone. */
    void kill();
}
