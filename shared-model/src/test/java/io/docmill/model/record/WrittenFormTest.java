package io.docmill.model.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.BooleanNode;
import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionFailure.TooComplex.Limit;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.job.CancelNotice;
import io.docmill.model.job.ControlNotice;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply;
import io.docmill.model.job.MessageCodec;
import io.docmill.model.job.RevocationNotice;
import io.docmill.model.job.StoredDeadLetter;
import io.docmill.model.json.Json;
import io.docmill.model.storage.ObjectKeys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is written today is in files, byte for byte, because it is in buckets and queues too. Their README says what to do when a
 * form changes.
 */
class WrittenFormTest {
    private static final Path FILES = Path.of("src", "test", "resources", "written-form");
    private static final Instant CREATED = Instant.parse("2026-11-23T21:00:00.123Z");
    private static final Instant STARTED = Instant.parse("2026-11-23T21:00:01Z");
    private static final Instant ENDED = Instant.parse("2026-11-23T21:00:02.345678Z");

    private static final ScopeId SCOPE =
            ScopeId.parse("scope_01M8M1QR0HAXGHYZB0RX0W7S3S").orElseThrow();
    private static final SourceId FILE =
            SourceId.parse("file_01M8M1QSKTAR9ARWHR982466YP").orElseThrow();
    private static final SourceId RUN =
            SourceId.parse("run_01M8M1QTX6YGJPJ8FEVNMJXHTZ").orElseThrow();
    private static final AttemptId ATTEMPT =
            AttemptId.parse("01M8M1RA4F28H3K60GWG1R0NNW").orElseThrow();
    private static final ConversionOptions TAGGED =
            new ConversionOptions(new TreeMap<>(Map.of("tagged", BooleanNode.TRUE)));
    private static final ConversionId CONVERSION = TAGGED.conversionOf(FILE, DocumentFormat.PDF, null);

    private static final ArtifactRecord ARTIFACT = new ArtifactRecord(
            1,
            ATTEMPT,
            DocumentFormat.PDF,
            TAGGED,
            "application/pdf",
            "pdf",
            12842,
            3,
            "LibreOffice 25.2.3",
            CREATED,
            STARTED,
            ENDED);

    /**
     * A value in its written form.
     *
     * @param name of the file
     */
    record Sample(String name, Record value) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static FailureRecord failed(ConversionFailure failure) {
        boolean remembered = failure.repeats();
        return new FailureRecord(
                1,
                ATTEMPT,
                DocumentFormat.PDF,
                ConversionOptions.DEFAULT,
                failure,
                remembered ? 2 : 0,
                CREATED,
                remembered ? STARTED : null,
                ENDED,
                remembered ? ENDED.plusSeconds(1200) : null);
    }

    private static ConversionJob job(@Nullable String sealedPassword) {
        return new ConversionJob(
                1,
                ATTEMPT,
                CONVERSION,
                SCOPE,
                DocumentFormat.DOCX,
                DocumentFormat.PDF,
                TAGGED,
                60,
                sealedPassword != null,
                sealedPassword,
                CREATED,
                "a request");
    }

    private static List<ConversionFailure> failures() {
        return List.of(
                new ConversionFailure.SourceMissing(),
                new ConversionFailure.PasswordRequired(),
                new ConversionFailure.WrongPassword(),
                new ConversionFailure.Corrupt(),
                new ConversionFailure.Suspicious(),
                new ConversionFailure.OtherFormat(DocumentFormat.XLSX, DocumentFormat.ODT),
                new ConversionFailure.TooComplex(Limit.TIME, 60),
                new ConversionFailure.EngineCrashed(2),
                new ConversionFailure.WorkersLost(4),
                new ConversionFailure.Interrupted(),
                new ConversionFailure.Canceled());
    }

    static List<Sample> samples() {
        List<Sample> samples = new ArrayList<>(List.of(
                new Sample(
                        "file",
                        new FileRecord(1, "Q3 ä 日本.docx", DocumentFormat.DOCX, 48211, "ab".repeat(32), true, CREATED)),
                new Sample("artifact", ARTIFACT),
                new Sample(
                        "request",
                        new RequestRecord(
                                1, ATTEMPT, DocumentFormat.PDF, TAGGED, DocumentFormat.DOCX, 60, true, false, CREATED)),
                new Sample(
                        "key",
                        new ApiKeyRecord(
                                1,
                                "Anna",
                                ApiKeyRecord.ScopeKind.WORKSPACE,
                                SCOPE,
                                ApiKeyRecord.Role.USER,
                                CREATED,
                                null)),
                new Sample(
                        "key-revoked",
                        new ApiKeyRecord(
                                1,
                                "Anna",
                                ApiKeyRecord.ScopeKind.PERSONAL,
                                SCOPE,
                                ApiKeyRecord.Role.OPERATOR,
                                CREATED,
                                ENDED)),
                new Sample("run", new RunRecord(1, "word", "project-7", "Q3 report", CREATED)),
                new Sample("run-failure", new RunFailureRecord(1, "The template has no section 4.", ENDED)),
                new Sample("due-delete", new DueRecord(1, new DueWork.RepeatDelete(SCOPE, RUN, ENDED))),
                new Sample("due-expiry", new DueRecord(1, new DueWork.ExpireSource(SCOPE, CONVERSION, CREATED))),
                new Sample("job", job(null)),
                new Sample("job-with-password", job("EQu4miYqK-kteDiul22jeckHEL2SjPhcMSxg9pgJy3yHkR2QsUav")),
                new Sample("reply-succeeded", new JobReply(1, CONVERSION, SCOPE, new JobReply.Succeeded(ARTIFACT))),
                new Sample(
                        "reply-failed",
                        new JobReply(
                                1, CONVERSION, SCOPE, new JobReply.Failed(failed(new ConversionFailure.Corrupt())))),
                new Sample("cancel", new CancelNotice(1, CONVERSION, SCOPE, ATTEMPT)),
                new Sample("revocation", new RevocationNotice(1, "ab".repeat(32))),
                new Sample(
                        "dead-letter",
                        StoredDeadLetter.of(job(null), failed(new ConversionFailure.EngineCrashed(2)), 3))));
        failures().forEach(failure -> samples.add(new Sample("failure-" + failure.label(), failed(failure))));
        return samples;
    }

    /** What the codecs make of the bytes. */
    private static Record read(Record kind, byte[] bytes) {
        return switch (kind) {
            case ConversionJob _ -> MessageCodec.decodeJob(bytes);
            case JobReply _ -> MessageCodec.decodeReply(bytes);
            case CancelNotice _, RevocationNotice _ -> (Record) MessageCodec.decodeControl(bytes);
            case StoredDeadLetter _ -> MessageCodec.decodeDeadLetter(bytes);
            default -> Json.read(bytes, kind.getClass());
        };
    }

    @ParameterizedTest
    @MethodSource("samples")
    void isWrittenAndReadAsEver(Sample sample) throws IOException {
        Path file = FILES.resolve(sample.name() + ".json");
        if (Boolean.getBoolean("docmill.written-form.write") && Files.notExists(file)) {
            Files.write(file, MessageCodec.encode(sample.value()));
        }
        byte[] written = Files.readAllBytes(file);

        assertThat(new String(MessageCodec.encode(sample.value()), StandardCharsets.UTF_8))
                .isEqualTo(new String(written, StandardCharsets.UTF_8));
        assertThat(read(sample.value(), written)).isEqualTo(sample.value());
    }

    @Test
    void everyKindHasItsFile() throws IOException {
        List<Sample> samples = samples();
        List<Class<?>> kinds = Stream.of(
                        StoredRecord.class,
                        ControlNotice.class,
                        JobReply.Outcome.class,
                        DueWork.class,
                        ConversionFailure.class)
                .flatMap(family -> Arrays.stream(family.getPermittedSubclasses()))
                .collect(Collectors.toList());

        assertThat(samples.stream().flatMap(sample -> within(sample.value())).map(Object::getClass))
                .containsAll(kinds);
        try (Stream<Path> files = Files.list(FILES)) {
            assertThat(files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".json")))
                    .containsExactlyInAnyOrderElementsOf(samples.stream()
                            .map(sample -> sample.name() + ".json")
                            .toList());
        }
    }

    private static Stream<Object> within(Record value) {
        return switch (value) {
            case DueRecord due -> Stream.of(due, due.work());
            case FailureRecord failed -> Stream.of(failed, failed.failure());
            case JobReply reply -> Stream.of(reply, reply.outcome());
            default -> Stream.of(value);
        };
    }

    @Test
    void liesWhereItEverLay() throws IOException {
        List<String> keys = List.of(
                ObjectKeys.source(SCOPE, FILE),
                ObjectKeys.source(SCOPE, RUN),
                ObjectKeys.run(SCOPE, RUN),
                ObjectKeys.runFailure(SCOPE, RUN),
                ObjectKeys.artifact(SCOPE, CONVERSION),
                ObjectKeys.failure(SCOPE, CONVERSION),
                ObjectKeys.request(SCOPE, CONVERSION),
                ObjectKeys.apiKey("ab".repeat(32)),
                ObjectKeys.deadLetter(ATTEMPT),
                ObjectKeys.dueDelete(ENDED, SCOPE, RUN),
                ObjectKeys.dueExpiry(ENDED, SCOPE, FILE));
        Path file = FILES.resolve("object-keys.txt");
        if (Boolean.getBoolean("docmill.written-form.write") && Files.notExists(file)) {
            Files.write(file, keys);
        }

        assertThat(keys).isEqualTo(Files.readAllLines(file));
    }
}
