package io.docmill.platform.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/**
 * A part of what is done for a request, or all of it. Goes along in parameters, as the request's id does, and ends once. While
 * tracing is off, and where a request is not sampled, nothing that it is told goes anywhere. Thread-safe.
 */
public final class TraceSpan {
    /** What there is while tracing is off: belongs to no trace, and tells nobody anything. */
    public static final TraceSpan NONE = new TraceSpan(TracerProvider.noop().get(Tracing.SCOPE), Span.getInvalid());

    private static final String KAFKA = "kafka";
    private static final String JOINED = "docmill.joined";

    private final Tracer tracer;
    private final Span span;

    TraceSpan(Tracer tracer, Span span) {
        this.tracer = tracer;
        this.span = span;
    }

    /** The trace that it is part of, sampled or not; empty while tracing is off. */
    public Optional<String> traceId() {
        return span.getSpanContext().isValid()
                ? Optional.of(span.getSpanContext().getTraceId())
                : Optional.empty();
    }

    /** What a message carries, so that whoever takes it goes on with the trace; nothing while tracing is off. */
    public Map<String, String> headers() {
        if (!span.getSpanContext().isValid()) {
            return Map.of();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        W3CTraceContextPropagator.getInstance()
                .inject(context(), headers, (_, name, value) -> headers.put(name, value));
        return headers;
    }

    /** Begins a part of it within this process. */
    public TraceSpan child(String name) {
        return begin(name, SpanKind.INTERNAL);
    }

    /** Begins the publication of a message, which is to carry the {@link #headers()} of what is returned. */
    public TraceSpan publication(String topic) {
        return begin("send " + topic, SpanKind.PRODUCER).messaging("send", topic);
    }

    private TraceSpan begin(String name, SpanKind kind) {
        return span.getSpanContext().isValid()
                ? new TraceSpan(
                        tracer,
                        tracer.spanBuilder(name)
                                .setParent(context())
                                .setSpanKind(kind)
                                .startSpan())
                : NONE;
    }

    private Context context() {
        return Context.root().with(span);
    }

    TraceSpan messaging(String operation, String topic) {
        return with(TraceAttribute.MESSAGING_SYSTEM, KAFKA)
                .with(TraceAttribute.MESSAGING_OPERATION_NAME, operation)
                .with(TraceAttribute.MESSAGING_OPERATION_TYPE, operation)
                .with(TraceAttribute.MESSAGING_DESTINATION, topic);
    }

    /** Does a part of it, which has a span of its own: that ends with it, and as failed where it throws. */
    public <T> T step(String name, Function<TraceSpan, T> work) {
        TraceSpan step = child(name);
        try {
            return work.apply(step);
        } catch (CancellationException e) {
            throw e;
        } catch (RuntimeException e) {
            step.fail(e);
            throw e;
        } finally {
            step.end();
        }
    }

    /** Tells something of it. */
    public TraceSpan with(TraceAttribute attribute, String value) {
        span.setAttribute(attribute.key(), value);
        return this;
    }

    /** Tells something of it. */
    public TraceSpan with(TraceAttribute attribute, long value) {
        span.setAttribute(attribute.key(), value);
        return this;
    }

    /** Whether anybody will be told: what is costly to find out can be spared otherwise. */
    public boolean isRecorded() {
        return span.isRecording();
    }

    /** Names it once that is known. */
    public void name(String name) {
        span.updateName(name);
    }

    /** From now on it waits for an attempt that somebody else has begun. */
    public void joined(String attempt) {
        if (span.isRecording()) {
            span.addEvent(JOINED, Attributes.of(AttributeKey.stringKey(TraceAttribute.ATTEMPT.key()), attempt));
        }
    }

    /** From now on it waits for what another call of this process has begun, whose trace is told as a link. */
    public void joined(TraceSpan other) {
        if (span.isRecording()) {
            span.addEvent(JOINED);
            span.addLink(other.span.getSpanContext());
        }
    }

    /** It has failed. Of an exception only the class is told: in its message there may be a name. */
    public void fail(Throwable cause) {
        fail(cause.getClass().getSimpleName());
    }

    /**
     * It has failed.
     *
     * @param type why, of a closed set
     */
    public void fail(String type) {
        with(TraceAttribute.ERROR_TYPE, type);
        span.setStatus(StatusCode.ERROR);
    }

    /** It is over. */
    public void end() {
        span.end();
    }
}
