package io.docmill.worker;

import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FileRecord;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.testing.documents.TestDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Sources in a store, and jobs on them. */
public final class TestJobs {
    private final DocumentStore store;
    private final ScopeId scope = ScopeId.create();

    public TestJobs(DocumentStore store) {
        this.store = store;
    }

    /** A first attempt at a PDF of a new docx file. */
    public ConversionJob docxToPdf(TestDocument document) {
        return job(document, false, AttemptId.after(null), null, false);
    }

    /** A first attempt at a PDF of a new docx file that is marked as encrypted. */
    public ConversionJob encryptedDocxToPdf(TestDocument document, AttemptId attempt, @Nullable String sealedPassword) {
        return job(document, true, attempt, sealedPassword, false);
    }

    private ConversionJob job(
            TestDocument document,
            boolean encrypted,
            AttemptId attempt,
            @Nullable String sealedPassword,
            boolean refresh) {
        SourceId source = SourceId.create(SourceId.Kind.FILE);
        putSource(source, document, encrypted);
        return new ConversionJob(
                ConversionJob.VERSION,
                attempt,
                ConversionOptions.DEFAULT.conversionOf(source, DocumentFormat.PDF, sealedPassword),
                scope,
                DocumentFormat.DOCX,
                DocumentFormat.PDF,
                ConversionOptions.DEFAULT,
                60,
                refresh,
                sealedPassword,
                Instant.now(),
                "req_test");
    }

    /** A later attempt at the same conversion. */
    public static ConversionJob again(ConversionJob job, int timeoutSeconds, boolean refresh) {
        return new ConversionJob(
                job.v(),
                AttemptId.after(job.attempt()),
                job.conversion(),
                job.scope(),
                job.sourceFormat(),
                job.format(),
                job.options(),
                timeoutSeconds,
                refresh,
                job.sealedPassword(),
                Instant.now(),
                job.requestId());
    }

    private void putSource(SourceId source, TestDocument document, boolean encrypted) {
        try {
            Path file = document.writeTo(Files.createTempFile("source", ".docx"));
            store.putSource(
                    scope,
                    source,
                    file,
                    new FileRecord(
                            FileRecord.VERSION,
                            document.name(),
                            DocumentFormat.DOCX,
                            document.size(),
                            "0".repeat(64),
                            encrypted,
                            Instant.now()));
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Puts an artifact of an attempt where its conversion's belongs. */
    public ArtifactRecord putArtifact(ConversionJob job) {
        ArtifactRecord record = new ArtifactRecord(
                ArtifactRecord.VERSION,
                job.attempt(),
                job.format(),
                job.options(),
                job.format().mediaType(),
                job.format().extension(),
                5,
                null,
                "someone else",
                job.createdAt(),
                job.createdAt(),
                job.createdAt());
        try {
            Path file = Files.writeString(Files.createTempFile("artifact", ".pdf"), "%PDF-");
            store.putArtifact(job.scope(), job.conversion(), file, record);
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return record;
    }
}
