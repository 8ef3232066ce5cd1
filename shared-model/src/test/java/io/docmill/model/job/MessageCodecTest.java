package io.docmill.model.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
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
    void tellsNoticesApart() {
        ConversionJob job = job();
        var cancel = new CancelNotice(CancelNotice.VERSION, job.conversion(), job.scope(), job.attempt());
        var revocation = new RevocationNotice(RevocationNotice.VERSION, "ab".repeat(32));

        assertThat(MessageCodec.decodeControl(MessageCodec.encode(cancel))).isEqualTo(cancel);
        assertThat(MessageCodec.decodeControl(MessageCodec.encode(revocation))).isEqualTo(revocation);
    }

    @Test
    void keepsADeadLetterWithoutItsPasswordButKnowsThatThereWasOne() {
        ConversionJob job = job();
        FailureRecord failure = job.failed(new ConversionFailure.EngineCrashed(2), 0, null, job.createdAt());
        ConversionId withPassword = job.options().conversionOf(job.conversion().source(), job.format(), "a hash");
        var locked = new ConversionJob(
                job.v(),
                job.attempt(),
                withPassword,
                job.scope(),
                job.sourceFormat(),
                job.format(),
                job.options(),
                job.timeoutSeconds(),
                job.refresh(),
                "sealed words",
                job.createdAt(),
                job.requestId());
        byte[] stored = MessageCodec.encode(StoredDeadLetter.of(locked, failure, 3));

        assertThat(new String(stored, StandardCharsets.UTF_8)).doesNotContain("sealed words");
        assertThat(MessageCodec.decodeDeadLetter(stored).hadPassword()).isTrue();
        assertThat(MessageCodec.decodeDeadLetter(stored).deliveries()).isEqualTo(3);
    }

    @Test
    void readsADeadLetterFromBeforeDeliveriesWereWrittenDown() {
        ConversionJob job = job();
        FailureRecord failure = job.failed(new ConversionFailure.EngineCrashed(2), 0, null, job.createdAt());
        String letter = new String(MessageCodec.encode(StoredDeadLetter.of(job, failure, 3)), StandardCharsets.UTF_8);
        byte[] old = letter.replace(",\"deliveries\":3", "").getBytes(StandardCharsets.UTF_8);

        assertThat(MessageCodec.decodeDeadLetter(old)).isEqualTo(StoredDeadLetter.of(job, failure, 0));
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
