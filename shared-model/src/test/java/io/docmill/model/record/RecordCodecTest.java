package io.docmill.model.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RecordCodecTest {
    private static final Instant NOW = Instant.parse("2026-11-23T21:00:00Z");

    private static FileRecord file(String name) {
        return new FileRecord(1, name, DocumentFormat.DOCX, 48211, "ab".repeat(32), false, NOW);
    }

    private static FailureRecord failure(ConversionFailure cause, int consecutive) {
        return new FailureRecord(
                1,
                AttemptId.after(null),
                DocumentFormat.PDF,
                ConversionOptions.DEFAULT,
                cause,
                consecutive,
                NOW,
                null,
                NOW,
                FailureRecord.rememberedUntil(cause, consecutive, NOW));
    }

    @Test
    void readsWhatItWrote() {
        var record = file("Q3 report ä 日本 🎉.docx");

        String header = RecordCodec.encode(record);

        assertThat(header).matches("[A-Za-z0-9_-]+");
        assertThat(RecordCodec.decode(header, FileRecord.class)).isEqualTo(record);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void readsEveryFailureItWrote(ConversionFailure failure) {
        var record = failure(failure, 1);

        assertThat(RecordCodec.decode(RecordCodec.encode(record), FailureRecord.class))
                .isEqualTo(record);
    }

    static Stream<ConversionFailure> failures() {
        return Stream.of(
                new ConversionFailure.TooComplex(ConversionFailure.TooComplex.Limit.TIME, 60),
                new ConversionFailure.Suspicious(),
                new ConversionFailure.OtherFormat(DocumentFormat.XLSX, DocumentFormat.ODT));
    }

    @Test
    void readsWhatIsDueThatItWrote() {
        SourceId source = SourceId.create(SourceId.Kind.RUN);
        var conversion = ConversionOptions.DEFAULT.conversionOf(source, DocumentFormat.PDF, null);
        var delete = new DueRecord(1, new DueWork.RepeatDelete(ScopeId.create(), source, NOW));
        var expiry = new DueRecord(1, new DueWork.ExpireSource(ScopeId.create(), conversion, NOW));

        assertThat(RecordCodec.decode(RecordCodec.encode(delete), DueRecord.class))
                .isEqualTo(delete);
        assertThat(RecordCodec.decode(RecordCodec.encode(expiry), DueRecord.class))
                .isEqualTo(expiry);
    }

    @Test
    void fitsTheLongestNameIntoAHeader() {
        assertThat(RecordCodec.encode(file("\"".repeat(255)))).hasSizeLessThan(2048);
    }

    @Test
    void fitsTheLongestRunIntoAHeader() {
        var run = new RunRecord(1, "k".repeat(50), "\uD83C\uDF89".repeat(100), "\"".repeat(255), NOW);

        assertThat(RecordCodec.decode(RecordCodec.encode(run), RunRecord.class)).isEqualTo(run);
    }

    @Test
    void fitsEveryMessageThatAFailureOfARunHoldsIntoAHeader() {
        String longest = "\"".repeat(RunFailureRecord.MOST_MESSAGE_BYTES / 2);

        assertThat(RunFailureRecord.holds(longest)).isTrue();
        assertThat(RunFailureRecord.holds(longest + "x")).isFalse();
        assertThat(RecordCodec.encode(new RunFailureRecord(1, longest, NOW))).hasSizeLessThan(2048);
    }

    @Test
    void refusesARunOfAKindThatIsNone() {
        assertThatThrownBy(() -> new RunRecord(1, "Word", null, null, NOW))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Word");
    }

    @Test
    void refusesARecordOfANewerVersion() {
        String newer =
                Base64.getUrlEncoder().encodeToString("{\"v\":2,\"name\":\"x\"}".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> RecordCodec.decode(newer, FileRecord.class))
                .isInstanceOf(UnreadableRecordException.class)
                .hasMessageContaining("newer Docmill");
    }

    @Test
    void remembersAFailureTwiceAsLongEachTimeUpToSixHours() {
        var corrupt = new ConversionFailure.Corrupt();

        assertThat(FailureRecord.rememberedUntil(corrupt, 1, NOW)).isEqualTo(NOW.plus(Duration.ofMinutes(10)));
        assertThat(FailureRecord.rememberedUntil(corrupt, 2, NOW)).isEqualTo(NOW.plus(Duration.ofMinutes(20)));
        assertThat(FailureRecord.rememberedUntil(corrupt, 9, NOW)).isEqualTo(NOW.plus(Duration.ofHours(6)));
        assertThat(FailureRecord.rememberedUntil(new ConversionFailure.Interrupted(), 1, NOW))
                .isNull();
    }

    @Test
    void triesAgainWithALargerTimeLimitWhatWasTooComplex() {
        var record = failure(new ConversionFailure.TooComplex(ConversionFailure.TooComplex.Limit.TIME, 60), 1);

        assertThat(record.answers(Duration.ofSeconds(60), NOW)).isTrue();
        assertThat(record.answers(Duration.ofSeconds(61), NOW)).isFalse();
        assertThat(record.answers(Duration.ofSeconds(60), NOW.plus(Duration.ofMinutes(10))))
                .isFalse();
    }
}
