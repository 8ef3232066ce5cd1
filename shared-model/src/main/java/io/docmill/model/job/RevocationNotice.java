package io.docmill.model.job;

import java.util.Objects;

/**
 * Tells gateways that an API key was revoked. Storage says so already when this is sent; it reaches those whose Redis still
 * holds the key, or can't be told. It may come twice, late or never.
 *
 * @param v the version of this form
 * @param revokedKey the SHA-256 of the key, in lower-case hexadecimal digits
 */
public record RevocationNotice(int v, String revokedKey) implements ControlNotice {
    /** The version that this code writes, and the newest that it reads. */
    public static final int VERSION = 1;

    public RevocationNotice {
        Objects.requireNonNull(revokedKey, "revokedKey");
    }
}
