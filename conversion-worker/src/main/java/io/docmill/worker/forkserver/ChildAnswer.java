package io.docmill.worker.forkserver;

import java.time.Duration;

/**
 * How a job ended.
 *
 * @param load how long the document took to open, as far as that is known
 * @param store how long it took to be written, as far as that is known
 * @param detail what LibreOffice or the server said, for a log; empty if nothing
 */
public record ChildAnswer(ChildResult result, Duration load, Duration store, String detail) {

    /** One that took no time. */
    public static ChildAnswer of(ChildResult result, String detail) {
        return new ChildAnswer(result, Duration.ZERO, Duration.ZERO, detail);
    }
}
