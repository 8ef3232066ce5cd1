package io.docmill.gateway.admission;

import java.time.Duration;

/** A job was not published, because it would not end while its caller waits. Nothing was begun. */
public final class QueueBusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration expectedWait;

    /** @param expectedWait until a job that were published now would end */
    public QueueBusyException(Duration expectedWait) {
        super("A job would end in about %d s, which is past the wait limit".formatted(expectedWait.toSeconds()));
        this.expectedWait = expectedWait;
    }

    /** Until a job that were published now would end: by then what is ahead of it has been done. */
    public Duration expectedWait() {
        return expectedWait;
    }
}
