package io.docmill.model.job;

import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import java.util.Objects;

/**
 * Tells workers and gateways that a caller canceled a conversion. Storage says so already when this is sent; it only makes them
 * look at once. It may come twice, late or never.
 *
 * @param v the version of this form
 * @param conversion which conversion
 * @param scope whose it is
 * @param attempt the attempt that was canceled, and with it every earlier one
 */
public record CancelNotice(int v, ConversionId conversion, ScopeId scope, AttemptId attempt) implements ControlNotice {
    /** The version that this code writes, and the newest that it reads. */
    public static final int VERSION = 1;

    public CancelNotice {
        Objects.requireNonNull(conversion, "conversion");
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(attempt, "attempt");
    }
}
