package io.docmill.platform.storage;

import io.docmill.platform.neighbour.NeighbourUnavailableException;
import org.jspecify.annotations.Nullable;

/** Object storage did not answer, or not as it should. Trying again later may help; nothing is known to have changed. */
public final class StorageUnavailableException extends NeighbourUnavailableException {
    private static final long serialVersionUID = 1L;

    public StorageUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    static StorageUnavailableException after(String verb, String key, Exception cause) {
        return new StorageUnavailableException(
                "Object storage did not %s %s: %s".formatted(verb, key, cause.getMessage()), cause);
    }
}
