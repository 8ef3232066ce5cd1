package io.docmill.platform.queue;

/** Kafka did not answer, or not as it should. Trying again later may help. */
public final class QueueUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public QueueUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
