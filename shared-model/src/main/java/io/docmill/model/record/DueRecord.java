package io.docmill.model.record;

import java.util.Objects;

/**
 * What is to be done at a time, which is in the object's key.
 *
 * @param v the version of this form
 * @param work what is to be done
 */
public record DueRecord(int v, DueWork work) implements StoredRecord {
    public DueRecord {
        Objects.requireNonNull(work, "work");
    }
}
