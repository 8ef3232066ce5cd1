package io.docmill.worker.sandbox;

import org.jspecify.annotations.Nullable;

/** The sandbox that is wanted does not hold here. The message says why and what to do. */
public final class SandboxUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SandboxUnavailableException(String message) {
        super(message);
    }

    public SandboxUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
