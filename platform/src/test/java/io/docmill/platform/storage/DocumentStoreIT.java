package io.docmill.platform.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ConversionId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.StoredDeadLetter;
import io.docmill.model.record.ApiKeyRecord;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.DueWork;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.FileRecord;
import io.docmill.model.record.RequestRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.model.record.UnreadableRecordException;
import io.docmill.model.storage.ObjectKeys;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass
@MethodSource("io.docmill.platform.storage.StoreKind#tested")
class DocumentStoreIT {
    private static final Instant NOW = Instant.parse("2026-11-23T21:00:00.123Z");
    private static final FileRecord FILE =
            new FileRecord(StoredRecord.VERSION, "Отчёт “Q3”.docx", DocumentFormat.DOCX, 7, "ab".repeat(32), true, NOW);

    private static StoreUnderTest server;
    private static ObjectStore objects;
    private static DocumentStore documents;

    private final ScopeId scope = ScopeId.create();
    private final SourceId source = SourceId.create(SourceId.Kind.FILE);
    private final ConversionId conversion = ConversionOptions.DEFAULT.conversionOf(source, DocumentFormat.PDF, null);
    private final AttemptId attempt = AttemptId.after(null);

    @TempDir
    private Path directory;

    /** JUnit gives {@link #start} only what the class itself takes. */
    DocumentStoreIT(StoreKind kind) {}

    @BeforeParameterizedClassInvocation
    static void start(StoreKind kind, @TempDir Path directory) {
        server = kind.start(directory);
        objects = new ObjectStore(server.settings());
        objects.ensureBucket();
        documents = new DocumentStore(objects);
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        objects.close();
        server.close();
    }

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("content"), content);
    }

    private ArtifactRecord artifact() {
        return new ArtifactRecord(
                StoredRecord.VERSION,
                attempt,
                DocumentFormat.PDF,
                ConversionOptions.DEFAULT,
                "application/pdf",
                "pdf",
                5,
                3,
                "LibreOffice",
                NOW,
                NOW,
                NOW);
    }

    private FailureRecord failure(ConversionFailure failure) {
        return new FailureRecord(
                StoredRecord.VERSION,
                attempt,
                DocumentFormat.PDF,
                ConversionOptions.DEFAULT,
                failure,
                2,
                NOW,
                null,
                NOW,
                NOW.plusSeconds(600));
    }

    private RequestRecord request() {
        return new RequestRecord(
                StoredRecord.VERSION,
                attempt,
                DocumentFormat.PDF,
                ConversionOptions.DEFAULT,
                DocumentFormat.DOCX,
                60,
                true,
                true,
                NOW);
    }

    @Test
    void givesBackASourceWithItsRecord() throws IOException {
        // When
        documents.putSource(scope, source, file("content"), FILE);
        // Then
        Path fetched = directory.resolve("fetched");
        assertThat(documents.findSource(scope, source)).contains(FILE);
        assertThat(documents.fetchSource(scope, source, fetched)).isTrue();
        assertThat(fetched).hasContent("content");
    }

    @Test
    void keepsASourceOnce() throws IOException {
        // Given
        var other =
                new FileRecord(StoredRecord.VERSION, "other.docx", DocumentFormat.DOCX, 5, "cd".repeat(32), true, NOW);
        // When
        boolean first = documents.putSourceOnce(scope, source, file("content"), FILE);
        boolean second = documents.putSourceOnce(scope, source, file("other"), other);
        // Then
        Path fetched = directory.resolve("fetched");
        assertThat(first).isTrue();
        assertThat(second).isFalse();
        assertThat(documents.findSource(scope, source)).contains(FILE);
        assertThat(documents.fetchSource(scope, source, fetched)).isTrue();
        assertThat(fetched).hasContent("content");
    }

    @Test
    void keepsEveryRecordOfAConversion() throws IOException {
        // When
        documents.putArtifact(scope, conversion, file("%PDF-"), artifact());
        documents.putFailure(scope, conversion, failure(new ConversionFailure.Corrupt()));
        documents.putRequest(scope, conversion, request());
        // Then
        assertThat(documents.findArtifact(scope, conversion)).contains(artifact());
        assertThat(documents.findFailure(scope, conversion)).contains(failure(new ConversionFailure.Corrupt()));
        assertThat(documents.findRequest(scope, conversion)).contains(request());
    }

    @Test
    void replacesRecordsInOneWrite() {
        // Given
        documents.putFailure(scope, conversion, failure(new ConversionFailure.Corrupt()));
        // When
        documents.putFailure(scope, conversion, failure(new ConversionFailure.EngineCrashed(2)));
        // Then
        assertThat(documents.findFailure(scope, conversion)).contains(failure(new ConversionFailure.EngineCrashed(2)));
    }

    @Test
    void findsNothingInAnotherScope() throws IOException {
        // Given
        documents.putSource(scope, source, file("content"), FILE);
        documents.putArtifact(scope, conversion, file("%PDF-"), artifact());
        // When
        ScopeId other = ScopeId.create();
        // Then
        assertThat(documents.findSource(other, source)).isEmpty();
        assertThat(documents.findArtifact(other, conversion)).isEmpty();
        assertThat(documents.fetchSource(other, source, directory.resolve("fetched")))
                .isFalse();
        assertThat(documents.listSources(other, SourceId.Kind.FILE, null, 10)).isEmpty();
    }

    @Test
    void listsSourcesNewestFirst() throws IOException {
        // Given
        List<SourceId> sources = Stream.generate(() -> SourceId.create(SourceId.Kind.FILE))
                .limit(5)
                .toList();
        for (SourceId each : sources) {
            documents.putSource(scope, each, file("content"), FILE);
        }
        // When
        List<SourceId> first = documents.listSources(scope, SourceId.Kind.FILE, null, 3);
        List<SourceId> rest = documents.listSources(scope, SourceId.Kind.FILE, first.getLast(), 3);
        // Then
        assertThat(Stream.concat(first.stream(), rest.stream())).isEqualTo(sources.reversed());
        assertThat(documents.listSources(scope, SourceId.Kind.RUN, null, 3)).isEmpty();
    }

    @Test
    void deletesASourceWithAllThatWasMadeFromIt() throws IOException {
        // Given
        SourceId neighbour = SourceId.create(SourceId.Kind.FILE);
        documents.putSource(scope, source, file("content"), FILE);
        documents.putSource(scope, neighbour, file("content"), FILE);
        documents.putArtifact(scope, conversion, file("%PDF-"), artifact());
        documents.putFailure(scope, conversion, failure(new ConversionFailure.Canceled()));
        documents.putRequest(scope, conversion, request());
        // When
        documents.deleteSource(scope, source);
        documents.deleteSource(scope, source);
        // Then
        assertThat(objects.keys(ObjectKeys.sourcePrefix(scope, source))).isEmpty();
        assertThat(documents.findSource(scope, source)).isEmpty();
        assertThat(documents.findArtifact(scope, conversion)).isEmpty();
        assertThat(documents.findSource(scope, neighbour)).contains(FILE);
    }

    @Test
    void listsWhatIsDueByTheMinuteInOrderAndNoMore() {
        // Given
        var work = new DueWork.RepeatDelete(scope, source, NOW);
        for (int minute : new int[] {5, 0, 2, 1}) {
            documents.putDue(NOW.plus(Duration.ofMinutes(minute)), work);
        }
        // When
        List<String> due = documents.listDue(NOW.plus(Duration.ofMinutes(3)), 10);
        // Then
        assertThat(due)
                .hasSize(3)
                .isSorted()
                .allSatisfy(key -> assertThat(documents.findDue(key)).contains(work));
        assertThat(documents.listDue(NOW, 10)).isEmpty();
        assertThat(documents.listDue(NOW.plus(Duration.ofMinutes(3)), 2)).isEqualTo(due.subList(0, 2));
        // When
        documents.removeDue(due.getFirst());
        // Then
        assertThat(documents.findDue(due.getFirst())).isEmpty();
        assertThat(documents.listDue(NOW.plus(Duration.ofMinutes(3)), 10)).isEqualTo(due.subList(1, 3));
    }

    @Test
    void deletesWhatIsKeptOfAConversionAlone() throws IOException {
        // Given
        documents.putSource(scope, source, file("content"), FILE);
        documents.putArtifact(scope, conversion, file("%PDF-"), artifact());
        // When
        documents.deleteConversion(scope, conversion);
        documents.deleteConversion(scope, conversion);
        // Then
        assertThat(objects.keys(ObjectKeys.sourcePrefix(scope, source)))
                .containsExactly(ObjectKeys.source(scope, source));
    }

    @Test
    void keepsApiKeysUnderTheirHash() {
        // Given
        var record = new ApiKeyRecord(
                StoredRecord.VERSION,
                "Finance",
                ApiKeyRecord.ScopeKind.WORKSPACE,
                scope,
                ApiKeyRecord.Role.USER,
                NOW,
                null);
        // When
        documents.putApiKey("ab".repeat(32), record);
        // Then
        assertThat(documents.findApiKey("ab".repeat(32))).contains(record);
        assertThat(documents.findApiKey("cd".repeat(32))).isEmpty();
    }

    @Test
    void keepsNoPasswordWithADeadLetter() throws IOException {
        // Given
        var job = new ConversionJob(
                ConversionJob.VERSION,
                attempt,
                conversion,
                scope,
                DocumentFormat.DOCX,
                DocumentFormat.PDF,
                ConversionOptions.DEFAULT,
                60,
                false,
                "a sealed password",
                NOW,
                "request");
        // When
        documents.putDeadLetter(StoredDeadLetter.of(job, failure(new ConversionFailure.EngineCrashed(2)), 3));
        // Then
        assertThat(documents.listDeadLetters(null, 1)).containsExactly(attempt);
        assertThat(documents.listDeadLetters(attempt, 1)).doesNotContain(attempt);
        assertThat(documents.findDeadLetter(attempt).orElseThrow().job()).isEqualTo(job.withoutPassword());
        try (InputStream letter = objects.open(ObjectKeys.deadLetter(attempt)).orElseThrow()) {
            assertThat(new String(letter.readAllBytes(), StandardCharsets.UTF_8))
                    .contains(conversion.toString(), "engine_crashed")
                    .doesNotContain("a sealed password");
        }
    }

    @Test
    void doesNotTakeWhatItDidNotWrite() {
        // Given
        objects.put(ObjectKeys.source(scope, source), new byte[] {1}, "text/plain");
        objects.put(ObjectKeys.artifact(scope, conversion), new byte[] {1}, "text/plain", "not-a-record");
        // Then
        assertThatExceptionOfType(UnreadableRecordException.class)
                .isThrownBy(() -> documents.findSource(scope, source))
                .withMessageContaining("no record");
        assertThatExceptionOfType(UnreadableRecordException.class)
                .isThrownBy(() -> documents.findArtifact(scope, conversion));
    }
}
