package io.docmill.model.record;

import io.docmill.model.id.ScopeId;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An API key. Its object's name is the SHA-256 of the key; the key itself is stored nowhere.
 *
 * @param v the version of this form
 * @param name what its maker calls it
 * @param scopeKind whose things it sees
 * @param scope the scope it sees
 * @param role what it may do
 * @param createdAt when it was made
 * @param revokedAt since when it opens nothing, or null while it does
 */
public record ApiKeyRecord(
        int v,
        String name,
        ScopeKind scopeKind,
        ScopeId scope,
        Role role,
        Instant createdAt,
        @Nullable Instant revokedAt)
        implements StoredRecord {

    /** The same key, which opens nothing since this moment. */
    public ApiKeyRecord revoked(Instant at) {
        return new ApiKeyRecord(v, name, scopeKind, scope, role, createdAt, at);
    }

    /** Whose things a scope holds. */
    public enum ScopeKind {
        /** One user's. */
        PERSONAL,
        /** Those of everyone in a workspace. */
        WORKSPACE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a key may do. */
    public enum Role {
        /** Convert, within its scope. */
        USER,
        /** Operate the service: keys, dead letters, status. */
        OPERATOR;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
