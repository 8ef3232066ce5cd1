package io.docmill.worker.engine;

import java.util.Locale;

/** Why an engine ended one of its processes, or lost it. */
public enum ProcessEnd {
    /** Its document went past the time limit. */
    TIME,
    /** Its document went past the memory limit, or past what the kernel allows. */
    MEMORY,
    /** Its document made files without end. */
    OUTPUT,
    /** Its document crashed it. */
    CRASH,
    /** Its document was not wanted any more: canceled, passed on to another worker, or the engine was closed under it. */
    STOPPED,
    /** The disk was full while it worked. */
    DISK_FULL,
    /** It or its files could not be brought back to where the next document could come. */
    UNCLEAN,
    /** It ended while it had no document. */
    IDLE,
    /** It had its share of documents. */
    WORN_DOCUMENTS,
    /** It held too much memory between two documents. */
    WORN_MEMORY,
    /** It used a good part of the processor time that the kernel allows it. */
    WORN_PROCESSOR_TIME,
    /** It was up for long. */
    WORN_AGE,
    /** It is what others came from, and ended by itself. */
    SERVER_LOST,
    /** The next document was of another tenant. */
    OTHER_TENANT,
    /** The engine was closed. */
    CLOSED;

    /** A short name for metrics and logs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
