package io.docmill.worker.engine;

import org.jspecify.annotations.Nullable;

/** The engine cannot run here. The message says what is missing and what to do, for the operator who reads the log. */
public final class EngineUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public EngineUnavailableException(String message) {
        super(message);
    }

    public EngineUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
