package io.docmill.model.job;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import java.util.Objects;

/**
 * What a worker tells every gateway of an attempt that has ended. It may come twice, late or never: what holds is what
 * storage says.
 *
 * @param v the version of this form
 * @param conversion which conversion
 * @param scope whose it is
 * @param outcome how it ended
 */
public record JobReply(int v, ConversionId conversion, ScopeId scope, Outcome outcome) {
    /** The version that this code writes, and the newest that it reads. */
    public static final int VERSION = 1;

    public JobReply {
        Objects.requireNonNull(conversion, "conversion");
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(outcome, "outcome");
    }

    /** How an attempt ended. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "status")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Succeeded.class, name = "succeeded"),
        @JsonSubTypes.Type(value = Failed.class, name = "failed")
    })
    public sealed interface Outcome {
        /** The attempt that ended; a job that found a later attempt's artifact answers with that one. */
        AttemptId attempt();
    }

    /** There is an artifact. */
    public record Succeeded(ArtifactRecord artifact) implements Outcome {
        public Succeeded {
            Objects.requireNonNull(artifact, "artifact");
        }

        @Override
        public AttemptId attempt() {
            return artifact.attempt();
        }
    }

    /** There is none. */
    public record Failed(FailureRecord failure) implements Outcome {
        public Failed {
            Objects.requireNonNull(failure, "failure");
        }

        @Override
        public AttemptId attempt() {
            return failure.attempt();
        }
    }
}
