package io.docmill.gateway.conversion;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionParameters;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.ConversionState;
import io.docmill.model.job.JobReply.Failed;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.FileRecord;
import io.docmill.platform.storage.DocumentStore;
import java.time.Clock;

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

    /** Whether an attempt at this can only end so. */
    static boolean endsAttemptsAt(WantedConversion wanted) {
        return endsAttemptsAt(wanted.source(), wanted.parameters());
    }

    /** Whether an attempt with these parameters can only end so. */
    static boolean endsAttemptsAt(FileRecord source, ConversionParameters parameters) {
        return source.encrypted() && parameters.password() == null;
    }

    /** Ends an attempt, and tells how. Blocks. */
    Failed end(ConversionJob job, ConversionState state) {
        FailureRecord failure = failure(job, new ConversionFailure.PasswordRequired(), state.consecutiveFailures());
        documents.putFailure(job.scope(), job.conversion(), failure);
        return documents.keepWhileSourceStays(job.scope(), job.conversion())
                ? new Failed(failure)
                : new Failed(failure(job, new ConversionFailure.SourceMissing(), 0));
    }

    private FailureRecord failure(ConversionJob job, ConversionFailure failure, int consecutiveBefore) {
        return job.failed(failure, consecutiveBefore, null, clock.instant());
    }
}
