package io.docmill.gateway.conversion;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.id.AttemptId;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.ConversionState;
import io.docmill.model.job.JobReply.Failed;
import io.docmill.model.record.FailureRecord;
import io.docmill.platform.storage.DocumentStore;
import java.time.Clock;
import java.util.Optional;

/**
 * Ends an attempt at once, without a job, where no password came for a document that does not open without. The attempt leaves
 * the same traces as one that a worker ended: its failure is stored under its own id, counted and remembered. Whoever sends the
 * password then asks for another conversion, which has another id. Thread-safe.
 */
final class MissingPassword {
    private final DocumentStore documents;
    private final Clock clock;

    MissingPassword(DocumentStore documents, Clock clock) {
        this.documents = documents;
        this.clock = clock;
    }

    /** How an attempt at this ends that need not be published; empty if it must be. Blocks. */
    Optional<Failed> end(WantedConversion wanted, ConversionState state) {
        if (!wanted.source().encrypted() || wanted.parameters().password() != null) {
            return Optional.empty();
        }
        AttemptId attempt = AttemptId.after(state.latestAttempt().orElse(null));
        ConversionJob job =
                ConversionJob.of(wanted.accepted(attempt), wanted.id(), wanted.scope(), null, wanted.requestId());
        FailureRecord failure = job.failed(
                new ConversionFailure.PasswordRequired(), state.consecutiveFailures(), null, clock.instant());
        documents.putFailure(wanted.scope(), wanted.id(), failure);
        // A delete that did not see what was written here is seen here.
        if (documents.findSource(wanted.scope(), wanted.id().source()).isEmpty()) {
            documents.deleteConversion(wanted.scope(), wanted.id());
            return Optional.of(new Failed(job.failed(new ConversionFailure.SourceMissing(), 0, null, clock.instant())));
        }
        return Optional.of(new Failed(failure));
    }
}
