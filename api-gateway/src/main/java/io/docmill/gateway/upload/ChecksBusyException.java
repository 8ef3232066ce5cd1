package io.docmill.gateway.upload;

import java.time.Duration;

/** So many files are being checked, or such large ones, that another one could not be within its wait. It may be sent again. */
public final class ChecksBusyException extends RuntimeException {
    private static final long serialVersionUID = 1;

    ChecksBusyException(Duration waited) {
        super("no file could be checked within %d s".formatted(waited.toSeconds()));
    }
}
