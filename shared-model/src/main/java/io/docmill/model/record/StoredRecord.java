package io.docmill.model.record;

/**
 * What an object's metadata says of it. The state of things is which objects exist, and these headers are all that
 * outlives every process, so each carries a version.
 */
public sealed interface StoredRecord
        permits ApiKeyRecord,
                ArtifactRecord,
                DueRecord,
                FailureRecord,
                FileRecord,
                RequestRecord,
                RunFailureRecord,
                RunRecord {
    /** The version that this code writes, and the newest that it reads. */
    int VERSION = 1;

    /** The version of the record's form, 1 or more. */
    int v();
}
