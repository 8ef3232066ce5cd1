package io.docmill.platform.neighbour;

import org.jspecify.annotations.Nullable;

/** A service that this process needs did not answer, or not as it should. Trying again later may help. */
public abstract class NeighbourUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    protected NeighbourUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
