package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.job.JobReply;
import io.docmill.model.job.MessageCodec;
import io.docmill.model.record.ApiKeyRecord;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FailureRecord;
import io.docmill.model.record.FileRecord;
import io.docmill.model.record.RecordCodec;
import io.docmill.model.record.RequestRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.model.security.ApiKey;
import io.docmill.model.security.ServiceKey;
import io.docmill.model.storage.ObjectKeys;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Today's code reads what the first version wrote. */
class CompatibilityTest {
    private static final OldInstallation FIRST = OldInstallation.FIRST;
    private static final ServiceKey SERVICE_KEY = ServiceKey.of("a service key for tests, long enough");

    private static <T extends StoredRecord> List<T> records(String keyEnd, Class<T> type) {
        return FIRST.objects().stream()
                .filter(object -> object.key().endsWith(keyEnd))
                .map(object -> RecordCodec.decode(object.record(), type))
                .toList();
    }

    @Test
    void readsSources() {
        assertThat(records("/source", FileRecord.class))
                .extracting(FileRecord::name, FileRecord::format, FileRecord::encrypted)
                .containsExactlyInAnyOrder(
                        tuple("report.docx", DocumentFormat.DOCX, false),
                        tuple("encrypted.docx", DocumentFormat.DOCX, true));
    }

    @Test
    void readsArtifacts() {
        assertThat(records("/artifact", ArtifactRecord.class)).singleElement().satisfies(artifact -> {
            assertThat(artifact.format()).isEqualTo(DocumentFormat.PDF);
            assertThat(artifact.contentType()).isEqualTo("application/pdf");
            assertThat(artifact.pages()).isEqualTo(1);
            assertThat(artifact.startedAt()).isEqualTo(Instant.parse("2026-11-29T16:21:09.320642016Z"));
        });
    }

    @Test
    void readsFailures() {
        assertThat(records("/failure", FailureRecord.class)).singleElement().satisfies(failure -> {
            assertThat(failure.failure()).isEqualTo(new ConversionFailure.WrongPassword());
            assertThat(failure.consecutive()).isEqualTo(1);
            assertThat(failure.rememberedUntil()).isEqualTo(Instant.parse("2026-11-29T16:31:10.655410388Z"));
        });
    }

    @Test
    void readsRequests() {
        assertThat(records("/request", RequestRecord.class))
                .hasSize(4)
                .allSatisfy(request -> assertThat(request.timeoutSeconds()).isEqualTo(60))
                .extracting(RequestRecord::hadPassword)
                .containsExactlyInAnyOrder(true, true, false, false);
    }

    @Test
    void findsAndReadsKeys() {
        ApiKey key = ApiKey.parse(OldInstallation.KEY_OF_FIRST).orElseThrow();
        assertThat(FIRST.objects())
                .filteredOn(object -> object.key().equals(ObjectKeys.apiKey(key.sha256())))
                .singleElement()
                .satisfies(object -> {
                    ApiKeyRecord record = RecordCodec.decode(object.record(), ApiKeyRecord.class);
                    assertThat(record.name()).isEqualTo("An old key");
                    assertThat(record.role()).isEqualTo(ApiKeyRecord.Role.USER);
                    assertThat(record.revokedAt()).isNull();
                });
    }

    @Test
    void readsJobsAndFindsTheirObjects() {
        ConversionJob plain = MessageCodec.decodeJob(FIRST.message("jobs/plain"));
        ConversionJob locked = MessageCodec.decodeJob(FIRST.message("jobs/with-password"));
        ConversionJob tagged = MessageCodec.decodeJob(FIRST.message("jobs/with-option"));

        assertThat(FIRST.objects())
                .extracting(CopiedObject::key)
                .contains(
                        ObjectKeys.source(plain.scope(), plain.conversion().source()),
                        ObjectKeys.request(plain.scope(), plain.conversion()),
                        ObjectKeys.source(locked.scope(), locked.conversion().source()),
                        ObjectKeys.request(locked.scope(), locked.conversion()));
        assertThat(plain.options().conversionOf(plain.conversion().source(), plain.format(), null))
                .isEqualTo(plain.conversion());
        assertThat(tagged.options().conversionOf(tagged.conversion().source(), tagged.format(), null))
                .isEqualTo(tagged.conversion());
    }

    @Test
    void opensSealedPasswordsAndHashesThemAlike() {
        ConversionJob job = MessageCodec.decodeJob(FIRST.message("jobs/with-password"));
        String sealed = Objects.requireNonNull(job.sealedPassword());

        String password =
                SERVICE_KEY.openPassword(sealed, job.attempt().toString()).orElseThrow();
        assertThat(password).isEqualTo("open sesame");
        String hash = SERVICE_KEY.hashPassword(job.conversion().source().toString(), password);
        assertThat(job.options().conversionOf(job.conversion().source(), job.format(), hash))
                .isEqualTo(job.conversion());
    }

    @Test
    void readsReplies() {
        assertThat(MessageCodec.decodeReply(FIRST.message("replies/succeeded")).outcome())
                .isInstanceOf(JobReply.Succeeded.class);
        assertThat(MessageCodec.decodeReply(FIRST.message("replies/with-option"))
                        .outcome())
                .isInstanceOf(JobReply.Succeeded.class);
        assertThat(MessageCodec.decodeReply(FIRST.message("replies/failed")).outcome())
                .isInstanceOfSatisfying(
                        JobReply.Failed.class,
                        failed -> assertThat(failed.failure().failure())
                                .isEqualTo(new ConversionFailure.WrongPassword()));
    }
}
