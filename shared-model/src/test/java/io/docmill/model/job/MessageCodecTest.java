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

class MessageCodecTest {
    private static final Instant NOW = Instant.parse("2026-11-23T21:00:00Z");

    @Test
    void readsTheJobItWrote() {
        var source = SourceId.create(SourceId.Kind.FILE);
        var job = new ConversionJob(
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
}
