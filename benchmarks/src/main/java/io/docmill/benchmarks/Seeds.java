package io.docmill.benchmarks;

import io.docmill.benchmarks.MeasuredSystem.Caller;
import io.docmill.model.conversion.ConversionOptions;
import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.AttemptId;
import io.docmill.model.id.SourceId;
import io.docmill.model.record.ArtifactRecord;
import io.docmill.model.record.FileRecord;
import io.docmill.model.record.StoredRecord;
import io.docmill.platform.cache.DocumentCache;
import io.docmill.platform.storage.DocumentStore;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** Files and results as a gateway and a worker would have written them. */
final class Seeds {
    private static final int WRITERS = 16;

    private final DocumentStore documents;
    private final DocumentCache cache;
    private final Caller caller;
    private final TestDocument document = TestDocuments.docx("A document of the benchmarks.");
    private final Path file;

    Seeds(DocumentStore documents, DocumentCache cache, Caller caller, Path directory) {
        this.documents = documents;
        this.cache = cache;
        this.caller = caller;
        file = document.writeTo(directory.resolve("seed.docx"));
    }

    /** Writes so many files, as an upload leaves them in store and Redis, and gives their ids. */
    List<String> files(int number) {
        return written(number, false);
    }

    /** Writes so many files, each with its PDF, of which Redis knows nothing. */
    List<String> converted(int number) {
        return written(number, true);
    }

    private List<String> written(int number, boolean converted) {
        try (var writers = Executors.newFixedThreadPool(WRITERS)) {
            List<Future<String>> ids = IntStream.range(0, number)
                    .mapToObj(_ -> writers.submit((Callable<String>) () -> write(converted)))
                    .toList();
            return ids.stream().map(Seeds::result).toList();
        }
    }

    private static String result(Future<String> id) {
        try {
            return id.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException("A seed could not be written", e);
        }
    }

    private String write(boolean converted) {
        SourceId source = SourceId.create(SourceId.Kind.FILE);
        Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        var uploaded = new FileRecord(
                StoredRecord.VERSION,
                document.name(),
                DocumentFormat.DOCX,
                document.size(),
                "e5a046b1f3c0d9e8a7b65c4d3e2f1a0b9c8d7e6f5a4b3c2d1e0f9a8b7c6d5e4f",
                false,
                now);
        documents.putSource(caller.scope(), source, file, uploaded);
        if (converted) {
            var conversion = ConversionOptions.DEFAULT.conversionOf(source, DocumentFormat.PDF, null);
            var record = new ArtifactRecord(
                    StoredRecord.VERSION,
                    AttemptId.after(null),
                    DocumentFormat.PDF,
                    ConversionOptions.DEFAULT,
                    DocumentFormat.PDF.mediaType(),
                    "pdf",
                    document.size(),
                    1,
                    "LibreOffice 25.2.3",
                    now,
                    now,
                    now);
            documents.putArtifact(caller.scope(), conversion, file, record);
        } else {
            cache.create(caller.scope(), source, uploaded).toCompletableFuture().join();
        }
        return source.toString();
    }
}
