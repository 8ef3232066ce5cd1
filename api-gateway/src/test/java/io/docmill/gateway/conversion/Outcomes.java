package io.docmill.gateway.conversion;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.RequestRecord;
import io.docmill.model.record.StoredRecord;
import java.time.Instant;

/** Records of attempts, for tests in which only the attempt matters. */
final class Outcomes {
    static final AttemptId FIRST = attempt(1);
    static final AttemptId SECOND = attempt(2);
    static final AttemptId THIRD = attempt(3);

    private Outcomes() {}

    private static AttemptId attempt(int number) {
        return new AttemptId("01ARZ3NDEKTSV4RRFFQ69G5FA" + number);
    }

    static ArtifactRecord artifact(AttemptId attempt) {
        return new ArtifactRecord(
                StoredRecord.VERSION,
                attempt,
                DocumentFormat.PDF,
                ConversionOptions.DEFAULT,
                "application/pdf",
                "pdf",
                1,
                null,
                "LibreOffice",
                Instant.EPOCH,
                Instant.EPOCH,
                Instant.EPOCH);
    }

    static FailureRecord failure(AttemptId attempt) {
        return new FailureRecord(
                StoredRecord.VERSION,
                attempt,
                DocumentFormat.PDF,
                ConversionOptions.DEFAULT,
                new ConversionFailure.Corrupt(),
                1,
                Instant.EPOCH,
                null,
                Instant.EPOCH,
                null);
    }

    static FailureRecord canceled(AttemptId attempt) {
        return request(attempt).failed(new ConversionFailure.Canceled(), null, Instant.EPOCH);
    }

    static RequestRecord request(AttemptId attempt) {
        return new RequestRecord(
                StoredRecord.VERSION,
                attempt,
                DocumentFormat.PDF,
                ConversionOptions.DEFAULT,
                DocumentFormat.DOCX,
                60,
                false,
                false,
                Instant.EPOCH);
    }
}
