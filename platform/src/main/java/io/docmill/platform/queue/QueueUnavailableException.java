package io.docmill.platform.queue;

import io.docmill.platform.neighbour.NeighbourUnavailableException;
import org.jspecify.annotations.Nullable;

/** Kafka did not answer, or not as it should. Trying again later may help. */
public final class QueueUnavailableException extends NeighbourUnavailableException {
    private static final long serialVersionUID = 1L;

    public QueueUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
