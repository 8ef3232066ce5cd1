package io.docmill.gateway.conversion;

import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.job.JobReply;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.RequestRecord;
import io.docmill.platform.storage.DocumentStore;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What object storage says of a conversion: which objects exist is its state.
 *
 * @param artifact its result, or null
 * @param failure its last failed attempt, or null
 * @param request its last accepted attempt that a caller was told to come back for, or null
 */
record StoredState(
        @Nullable ArtifactRecord artifact,
        @Nullable FailureRecord failure,
        @Nullable RequestRecord request) {

    /** Asks storage. Blocks. */
    static StoredState read(DocumentStore documents, ScopeId scope, ConversionId conversion) {
        return new StoredState(
                documents.findArtifact(scope, conversion).orElse(null),
                documents.findFailure(scope, conversion).orElse(null),
                documents.findRequest(scope, conversion).orElse(null));
    }

    /** The latest attempt that left a trace, or null. */
    @Nullable
    AttemptId latestAttempt() {
        return Stream.of(
                        Optional.ofNullable(artifact).map(ArtifactRecord::attempt),
                        Optional.ofNullable(failure).map(FailureRecord::attempt),
                        Optional.ofNullable(request).map(RequestRecord::attempt))
                .flatMap(Optional::stream)
                .max(AttemptId::compareTo)
                .orElse(null);
    }

    /**
     * How an attempt ended; empty while it has not.
     *
     * @param refresh whether only its own or a later artifact will do
     */
    Optional<JobReply.Outcome> outcomeOf(AttemptId attempt, boolean refresh) {
        if (artifact != null && (!refresh || artifact.attempt().isSameOrLaterThan(attempt))) {
            return Optional.of(new JobReply.Succeeded(artifact));
        }
        if (failure != null && failure.attempt().isSameOrLaterThan(attempt)) {
            return Optional.of(new JobReply.Failed(failure));
        }
        return Optional.empty();
    }

    /** How the conversion stands when no attempt is named: an artifact wins, else the newer of failure and request. */
    Optional<JobReply.Outcome> outcome() {
        if (artifact != null) {
            return Optional.of(new JobReply.Succeeded(artifact));
        }
        if (failure != null && (request == null || failure.attempt().isSameOrLaterThan(request.attempt()))) {
            return Optional.of(new JobReply.Failed(failure));
        }
        return Optional.empty();
    }
}
