package io.docmill.gateway.key;

import io.docmill.model.record.ApiKeyRecord;

/**
 * What is kept of an API key.
 *
 * @param id its id
 * @param record what is known of it
 */
public record StoredKey(KeyId id, ApiKeyRecord record) {
    /** Whether it is an operator's and opens. */
    boolean operates() {
        return record.role() == ApiKeyRecord.Role.OPERATOR && record.revokedAt() == null;
    }
}
