package io.docmill.gateway.run;

import io.docmill.model.id.SourceId;
import io.docmill.model.record.FileRecord;
import io.docmill.model.record.RunFailureRecord;
import io.docmill.model.record.RunRecord;

/**
 * A run as it stands.
 *
 * @param id its id, which is also that of its output as a source of conversions
 * @param record what it was registered with
 * @param state how far it has come
 */
public record Run(SourceId id, RunRecord record, State state) {
    /** How far a run has come: told by which objects exist. */
    public sealed interface State {}

    /** It was registered, and has neither an output nor failed. */
    public record Queued() implements State {}

    /** It has delivered its output. */
    public record Completed(FileRecord output) implements State {}

    /** Its generator has given it up. */
    public record Failed(RunFailureRecord failure) implements State {}
}
