package io.docmill.gateway;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.ScopeId;
import io.docmill.model.id.SourceId;
import io.docmill.model.job.ConversionJob;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FileRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.platform.storage.DocumentStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;

/** Sources in a store, jobs on them, and what workers would write for those. */
final class StoredJobs {
    private static final Instant CREATED_AT = Instant.parse("2026-11-23T21:00:00Z");

    private final DocumentStore documents;
    private final ScopeId scope = ScopeId.create();

    StoredJobs(DocumentStore documents) {
        this.documents = documents;
    }

    /** A first attempt at a PDF of a file that is not stored. */
    ConversionJob withoutSource() {
        SourceId source = SourceId.create(SourceId.Kind.FILE);
        return new ConversionJob(
                ConversionJob.VERSION,
                AttemptId.after(null),
                ConversionOptions.DEFAULT.conversionOf(source, DocumentFormat.PDF, null),
                scope,
                DocumentFormat.DOCX,
                DocumentFormat.PDF,
                ConversionOptions.DEFAULT,
                60,
                false,
                null,
                CREATED_AT,
                "req_test");
    }

    /** A first attempt at a PDF of a new file. */
    ConversionJob withSource() {
        ConversionJob job = withoutSource();
        withContent(content -> documents.putSource(scope, job.conversion().source(), content, source()));
        return job;
    }

    /** The record of every file here. */
    static FileRecord source() {
        return new FileRecord(
                StoredRecord.VERSION, "a.docx", DocumentFormat.DOCX, 7, "ab".repeat(32), false, CREATED_AT);
    }

    /** Ends an attempt with an artifact. */
    ArtifactRecord succeed(ConversionJob job, Instant completedAt) {
        var artifact = new ArtifactRecord(
                StoredRecord.VERSION,
                job.attempt(),
                job.format(),
                job.options(),
                job.format().mediaType(),
                job.format().extension(),
                7,
                null,
                "scripted",
                CREATED_AT,
                CREATED_AT,
                completedAt);
        withContent(content -> documents.putArtifact(scope, job.conversion(), content, artifact));
        return artifact;
    }

    /** Ends an attempt without one. */
    void fail(ConversionJob job, Instant failedAt) {
        documents.putFailure(
                scope, job.conversion(), job.failed(new ConversionFailure.Corrupt(), 0, CREATED_AT, failedAt));
    }

    private static void withContent(Consumer<Path> use) {
        try {
            Path content = Files.writeString(Files.createTempFile("content", ".bin"), "content");
            use.accept(content);
            Files.delete(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
