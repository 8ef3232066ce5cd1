package io.docmill.platform.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.platform.config.Settings;
import io.docmill.platform.config.TracingSettings;
import io.docmill.testing.traces.ReceivedSpan;
import io.docmill.testing.traces.TraceCollector;
import io.smallrye.config.ConfigMapping;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TracingTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";
    private static final Map<String, String> SAMPLED =
            Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-01", "tracestate", "vendor=1");
    private static final Map<String, String> NOT_SAMPLED = Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-00");

    private final TraceCollector collector = TraceCollector.start();

    /** The section as processes have it. */
    @ConfigMapping(prefix = Settings.PREFIX)
    interface ProcessSettings {
        TracingSettings tracing();
    }

    @AfterEach
    void stopCollector() {
        collector.close();
    }

    private static TracingSettings settings(Map<String, String> settings) {
        return Settings.fromProperties(ProcessSettings.class, settings).tracing();
    }

    private Tracing tracing(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("docmill.tracing.endpoint", collector.endpoint().toString());
        return Tracing.start("a-service", settings(settings));
    }

    private ReceivedSpan received(String name) {
        return collector.spans().stream()
                .filter(span -> span.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void withoutACollectorNothingIsTracedAndNoHeaderWritten() {
        // Given
        try (Tracing tracing = Tracing.start("a-service", settings(Map.of()))) {
            // When
            TraceSpan request = tracing.request(SAMPLED::get);
            TraceSpan publication = request.publication("jobs");
            // Then
            assertThat(request.traceId()).isEmpty();
            assertThat(request.isRecorded()).isFalse();
            assertThat(publication.headers()).isEmpty();
            assertThat(tracing.message("jobs", SAMPLED::get).headers()).isEmpty();
        }
    }

    @Test
    void aTraceGoesFromTheCallerThroughAMessageToTheStepsOfAJob() {
        // Given
        try (Tracing tracing = tracing(Map.of())) {
            // When
            TraceSpan request = tracing.request(SAMPLED::get);
            TraceSpan publication = request.publication("jobs");
            Map<String, String> headers = publication.headers();
            TraceSpan message = tracing.message("jobs", headers::get);
            String result = message.step("fetch", step -> {
                step.with(TraceAttribute.SOURCE_SIZE, 7);
                return "fetched";
            });
            message.with(TraceAttribute.OUTCOME, "succeeded").end();
            publication.end();
            request.end();
            // Then
            assertThat(result).isEqualTo("fetched");
            assertThat(request.traceId()).hasValue(TRACE);
            assertThat(headers).containsEntry("tracestate", "vendor=1");
            assertThat(headers.get("traceparent")).startsWith("00-" + TRACE).doesNotContain(PARENT);
        }
        assertThat(collector.spansOf(TRACE))
                .hasSize(4)
                .allMatch(span -> span.service().equals("a-service"));
        assertThat(received("HTTP").parentId()).isEqualTo(PARENT);
        assertThat(received("HTTP").kind()).isEqualTo("SERVER");
        assertThat(received("send jobs").parentId()).isEqualTo(received("HTTP").spanId());
        assertThat(received("send jobs").kind()).isEqualTo("PRODUCER");
        assertThat(received("process jobs").parentId())
                .isEqualTo(received("send jobs").spanId());
        assertThat(received("process jobs").kind()).isEqualTo("CONSUMER");
        assertThat(received("process jobs").attributes())
                .isEqualTo(Map.of(
                        "messaging.system", "kafka",
                        "messaging.operation.name", "process",
                        "messaging.operation.type", "process",
                        "messaging.destination.name", "jobs",
                        "docmill.outcome", "succeeded"));
        assertThat(received("fetch").parentId())
                .isEqualTo(received("process jobs").spanId());
        assertThat(received("fetch").attributes()).isEqualTo(Map.of("docmill.source_size", "7"));
    }

    @Test
    void whatTheCallerDoesNotSampleIsPassedOnAndSentNowhere() {
        // Given
        Map<String, String> headers;
        try (Tracing tracing = tracing(Map.of())) {
            // When
            TraceSpan request = tracing.request(NOT_SAMPLED::get);
            TraceSpan publication = request.publication("jobs");
            headers = publication.headers();
            TraceSpan message = tracing.message("jobs", headers::get);
            List.of(message, publication, request).forEach(TraceSpan::end);
            // Then
            assertThat(request.traceId()).hasValue(TRACE);
            assertThat(message.traceId()).hasValue(TRACE);
            assertThat(message.isRecorded()).isFalse();
        }
        assertThat(headers.get("traceparent")).startsWith("00-" + TRACE).endsWith("-00");
        assertThat(collector.spans()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1"})
    void theShareIsOfRequestsWithoutATrace(String share, int sent) {
        // Given
        try (Tracing tracing = tracing(Map.of("docmill.tracing.sample", share))) {
            // When
            tracing.request(_ -> null).end();
            tracing.request(SAMPLED::get).end();
        }
        // Then
        assertThat(collector.spansOf(TRACE)).hasSize(1);
        assertThat(collector.spans()).hasSize(1 + sent);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331", "00-000-000-01"})
    void whatIsNoTraceBeginsANewOne(String header) {
        // Given
        try (Tracing tracing = tracing(Map.of())) {
            // When
            tracing.request(name -> name.equals("traceparent") ? header : null).end();
        }
        // Then
        assertThat(collector.spans()).singleElement().satisfies(span -> {
            assertThat(span.parentId()).isEmpty();
            assertThat(span.traceId()).isNotEqualTo(TRACE);
        });
    }

    @Test
    void aStepThatThrowsFailsWithTheClassOfWhatItThrewAndOneThatIsStoppedDoesNot() {
        // Given
        try (Tracing tracing = tracing(Map.of())) {
            TraceSpan request = tracing.request(SAMPLED::get);
            // When
            Assertions.assertThatIllegalStateException()
                    .isThrownBy(() -> request.step("fails", _ -> {
                        throw new IllegalStateException("secret.docx can't be read");
                    }));
            Assertions.assertThatExceptionOfType(CancellationException.class)
                    .isThrownBy(() -> request.step("stopped", _ -> {
                        throw new CancellationException();
                    }));
        }
        // Then
        assertThat(received("fails").failed()).isTrue();
        assertThat(received("fails").attributes()).isEqualTo(Map.of("error.type", "IllegalStateException"));
        assertThat(received("fails").events()).isEmpty();
        assertThat(received("stopped").failed()).isFalse();
    }

    @Test
    void whoJoinsNamesTheAttemptOrTheOther() {
        // Given
        try (Tracing tracing = tracing(Map.of())) {
            TraceSpan first = tracing.request(_ -> null);
            TraceSpan second = tracing.request(SAMPLED::get);
            // When
            second.joined(first);
            second.joined("an attempt");
            second.end();
            // Then
            assertThat(first.traceId()).isPresent();
            first.name("first");
            first.end();
        }
        assertThat(received("HTTP").events())
                .containsExactly("docmill.joined{}", "docmill.joined{docmill.attempt=an attempt}");
        assertThat(received("HTTP").links())
                .containsExactly(
                        received("first").traceId() + "-" + received("first").spanId());
    }

    @Test
    void sendsTheHeadersThatTheCollectorWants() {
        // Given
        try (Tracing tracing = tracing(Map.of("docmill.tracing.headers", "X-Other=1, Authorization=Bearer a=b"))) {
            // When
            tracing.request(_ -> null).end();
        }
        // Then
        assertThat(collector.authorizations()).containsExactly("Bearer a=b");
    }

    @Test
    void tellsWhatCanNotBeUsedAndNoSecret() {
        assertThat(Tracing.mistakes(settings(Map.of()))).isEmpty();
        assertThat(Tracing.mistakes(settings(Map.of(
                        "docmill.tracing.endpoint", "collector:4318",
                        "docmill.tracing.sample", "1.5",
                        "docmill.tracing.headers", "a secret"))))
                .hasSize(3)
                .anyMatch(mistake -> mistake.startsWith("DOCMILL_TRACING_ENDPOINT: "))
                .anyMatch(mistake -> mistake.startsWith("DOCMILL_TRACING_SAMPLE: "))
                .anyMatch(mistake -> mistake.startsWith("DOCMILL_TRACING_HEADERS: "))
                .noneMatch(mistake -> mistake.contains("a secret"));
        assertThat(Tracing.mistakes(settings(Map.of("docmill.tracing.sample", "NaN"))))
                .hasSize(1);
    }
}
