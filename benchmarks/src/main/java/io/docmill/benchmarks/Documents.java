package io.docmill.benchmarks;

import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What is converted: the files of the directory that {@code BENCH_DOCUMENTS} names, or some of the project's own. */
final class Documents {
    private static final String DIRECTORY = "BENCH_DOCUMENTS";

    private Documents() {}

    static List<TestDocument> all() {
        String directory = System.getenv(DIRECTORY);
        return directory == null ? own() : in(Path.of(directory));
    }

    /** A page of text. */
    static TestDocument small() {
        return TestDocuments.docx("A page of text.");
    }

    private static List<TestDocument> own() {
        return List.of(
                small(),
                TestDocuments.docxOfPages(30),
                TestDocuments.richDocx("A report", "with a table and a picture"),
                TestDocuments.doc(),
                TestDocuments.richXlsx("A sheet", "with figures"),
                TestDocuments.richXls("An older sheet", "with figures"),
                TestDocuments.richPptx("A deck", "of slides"),
                TestDocuments.richPpt("An older deck", "of slides"));
    }

    private static List<TestDocument> in(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile)
                    .sorted()
                    .map(Documents::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TestDocument read(Path file) {
        try {
            return TestDocument.of(String.valueOf(file.getFileName()), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
