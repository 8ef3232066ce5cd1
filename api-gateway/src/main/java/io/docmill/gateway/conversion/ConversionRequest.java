package io.docmill.gateway.conversion;

import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.platform.tracing.TraceSpan;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Map;

/**
 * A request to convert.
 *
 * @param scope whose source it is
 * @param source what to convert
 * @param format what to convert to, as the caller wrote it
 * @param options the other fields, as the caller wrote them
 * @param waitLimit how long the caller waits
 * @param refusable whether the caller is refused where the job would not end while it waits; who comes back for the result is not
 * @param callerLeft completed when the caller has gone, so that nobody waits for the answer
 * @param requestId for the logs
 * @param span of the call
 */
public record ConversionRequest(
        ScopeId scope,
        SourceId source,
        String format,
        Map<String, String> options,
        Duration waitLimit,
        boolean refusable,
        Future<?> callerLeft,
        String requestId,
        TraceSpan span) {
    public ConversionRequest {
        options = Map.copyOf(options);
    }

    /** Never prints the options: a password may be among them. */
    @Override
    public String toString() {
        return "ConversionRequest[%s to %s, request %s]".formatted(source, format, requestId);
    }
}
