package io.docmill.model.job;

/** A record of the queue is not the message that belongs there: someone else wrote it, or a newer Docmill did. */
public final class UndecodableMessageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UndecodableMessageException(String message) {
        super(message);
    }

    public UndecodableMessageException(String message, Throwable cause) {
        super(message, cause);
    }
}
