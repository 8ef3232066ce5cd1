package io.docmill.gateway.conversion;

import io.docmill.model.conversion.ConversionParameters;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.record.FileRecord;
import io.docmill.model.record.RequestRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.platform.tracing.TraceSpan;
import java.time.Instant;

/**
 * A request that was found valid.
 *
 * @param scope whose it is
 * @param id the conversion it asks for
 * @param source the record of what is converted
 * @param parameters what is asked for
 * @param refusable whether its caller is refused where it would wait in vain
 * @param untouched whether, as far as Redis knows, no attempt at it was ever opened
 * @param createdAt when it came, to the millisecond
 * @param requestId for the logs
 * @param span of the call
 */
record WantedConversion(
        ScopeId scope,
        ConversionId id,
        FileRecord source,
        ConversionParameters parameters,
        boolean refusable,
        boolean untouched,
        Instant createdAt,
        String requestId,
        TraceSpan span) {
    /** The same, once an attempt was opened: whose caller has waited is not refused any more. */
    WantedConversion touched() {
        return new WantedConversion(scope, id, source, parameters, false, false, createdAt, requestId, span);
    }

    InFlight.Key key() {
        return new InFlight.Key(scope, id, parameters.refresh());
    }

    /** What is written down before its caller is told to come back for an attempt. */
    RequestRecord accepted(AttemptId attempt) {
        return new RequestRecord(
                StoredRecord.VERSION,
                attempt,
                parameters.format(),
                parameters.options(),
                source.format(),
                Math.toIntExact(parameters.timeout().toSeconds()),
                parameters.refresh(),
                parameters.password() != null,
                createdAt);
    }
}
