package io.docmill.model.record;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** Work that time must trigger. It may be done twice. It is stored, so every case is a record and its name can't change. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "what")
@JsonSubTypes({
    @JsonSubTypes.Type(value = DueWork.RepeatDelete.class, name = DueWork.REPEAT_DELETE),
    @JsonSubTypes.Type(value = DueWork.ExpireSource.class, name = DueWork.EXPIRE_SOURCE)
})
public sealed interface DueWork {
    /** The name of {@link RepeatDelete} on the wire. */
    String REPEAT_DELETE = "repeat_delete";

    /** The name of {@link ExpireSource} on the wire. */
    String EXPIRE_SOURCE = "expire_source";

    /** All that {@link #label} can be. */
    List<String> LABELS = List.of(REPEAT_DELETE, EXPIRE_SOURCE);

    /** A short name for metrics and logs, from a closed set: the name on the wire. */
    default String label() {
        return switch (this) {
            case RepeatDelete _ -> REPEAT_DELETE;
            case ExpireSource _ -> EXPIRE_SOURCE;
        };
    }

    /**
     * To delete a source once more: the delete may have been interrupted, or something may have been written after it.
     *
     * @param scope whose it was
     * @param source what was deleted
     * @param deletedAt when it was deleted first
     */
    record RepeatDelete(ScopeId scope, SourceId source, Instant deletedAt) implements DueWork {
        public RepeatDelete {
            Objects.requireNonNull(scope, "scope");
            Objects.requireNonNull(source, "source");
            Objects.requireNonNull(deletedAt, "deletedAt");
        }
    }

    /**
     * To delete a source that was not to be kept, once its result has been there for long enough.
     *
     * @param scope whose it is
     * @param conversion what it was uploaded for
     * @param plannedAt when it was uploaded
     */
    record ExpireSource(ScopeId scope, ConversionId conversion, Instant plannedAt) implements DueWork {
        public ExpireSource {
            Objects.requireNonNull(scope, "scope");
            Objects.requireNonNull(conversion, "conversion");
            Objects.requireNonNull(plannedAt, "plannedAt");
        }
    }
}
