package io.docmill.gateway.conversion;

import org.jspecify.annotations.Nullable;

/** The caller closed the connection; there is nobody to answer. Carries no stack trace: it is no defect. */
public final class CallerLeftException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param cause how it was noticed, or null */
    public CallerLeftException(@Nullable Throwable cause) {
        super("the caller left", cause, false, false);
    }
}
