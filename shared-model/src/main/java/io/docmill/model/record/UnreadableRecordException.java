package io.docmill.model.record;

/** An object's metadata is not the record that belongs there: someone else wrote it, or a newer Docmill did. */
public final class UnreadableRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnreadableRecordException(String message) {
        super(message);
    }

    public UnreadableRecordException(String message, Throwable cause) {
        super(message, cause);
    }
}
