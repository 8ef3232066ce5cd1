package io.docmill.model.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.record.FailureRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {
    private static final Instant NOW = Instant.parse("2026-11-23T21:00:00Z");

    private static ConversionJob job() {
        var source = SourceId.create(SourceId.Kind.FILE);
        return new ConversionJob(
                1,
                AttemptId.after(null),
                ConversionOptions.DEFAULT.conversionOf(source, DocumentFormat.PDF, null),
                ScopeId.create(),
                DocumentFormat.DOCX,
                DocumentFormat.PDF,
                ConversionOptions.DEFAULT,
                60,
                false,
                null,
                NOW,
                "request");
    }

    @Test
    void readsTheJobItWrote() {
        var job = job();

        assertThat(MessageCodec.decodeJob(MessageCodec.encode(job))).isEqualTo(job);
    }

    @Test
    void readsTheReplyItWrote() {
        var source = SourceId.create(SourceId.Kind.RUN);
        var failure = new FailureRecord(
                1,
                AttemptId.after(null),
                DocumentFormat.PDF,
                ConversionOptions.DEFAULT,
                new ConversionFailure.PasswordRequired(),
                1,
                NOW,
                NOW,
                NOW,
                NOW);
        var reply = new JobReply(
                1,
                ConversionOptions.DEFAULT.conversionOf(source, DocumentFormat.PDF, null),
                ScopeId.create(),
                new JobReply.Failed(failure));

        assertThat(MessageCodec.decodeReply(MessageCodec.encode(reply))).isEqualTo(reply);
    }

    @Test
    void refusesWhatIsNoMessage() {
        assertThatThrownBy(() -> MessageCodec.decodeJob("nonsense".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UndecodableMessageException.class);
        assertThatThrownBy(() -> MessageCodec.decodeJob("{\"v\":99}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(UndecodableMessageException.class)
                .hasMessageContaining("newer Docmill");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"v\":1}", "{}", "null", "[]", "7", "", "{\"v\":\"one\"}"})
    void refusesWhatLacksThePartsOfAMessage(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> MessageCodec.decodeJob(bytes)).isInstanceOf(UndecodableMessageException.class);
        assertThatThrownBy(() -> MessageCodec.decodeReply(bytes)).isInstanceOf(UndecodableMessageException.class);
    }

    @Test
    void refusesAJobWhoseTimeoutIsOutOfRange() {
        String job = new String(MessageCodec.encode(job()), StandardCharsets.UTF_8);
        byte[] endless =
                job.replace("\"timeout_seconds\":60", "\"timeout_seconds\":301").getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> MessageCodec.decodeJob(endless))
                .isInstanceOf(UndecodableMessageException.class)
                .hasStackTraceContaining("from 5 to 300");
    }

    @Test
    void refusesAReplyWhoseOutcomeNamesNoAttempt() {
        String conversion = job().conversion().toString();
        byte[] reply = """
                {"v":1,"conversion":"%s","scope":"%s","outcome":{"status":"failed","failure":{"v":1}}}
                """.formatted(conversion, ScopeId.create()).getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> MessageCodec.decodeReply(reply))
                .isInstanceOf(UndecodableMessageException.class)
                .hasStackTraceContaining("attempt");
    }
}
