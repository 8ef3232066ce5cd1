package io.docmill.system;

import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A document of a soak.
 *
 * @param document as it is uploaded
 * @param sound whether it must convert; of others any answer will do that tells what is wrong with them
 * @param everyRounds in which rounds it takes part: slow ones would leave no time for others
 * @param timeout its time limit in seconds
 */
record SoakDocument(TestDocument document, boolean sound, int everyRounds, int timeout) {
    private static final Path CORPUS = Path.of("..", "..", "shared", "corpus");
    private static final int TIMEOUT = 20;

    /** Takes twelve seconds. */
    private static final Set<String> SLOW = Set.of("keyframes.pptx");

    /** Runs into every limit there is. */
    private static final Set<String> ENDLESS = Set.of("poc-shared-strings.xlsx");

    /** The corpus beside the project where there is one, else a few documents that the project makes. */
    static List<SoakDocument> all() {
        if (!Files.isDirectory(CORPUS)) {
            return List.of(
                    ordinary(TestDocuments.docx("A document of a soak")),
                    ordinary(TestDocuments.xlsx("A workbook of a soak")),
                    ordinary(TestDocuments.pptx("A presentation of a soak")));
        }
        return Stream.concat(
                        read(CORPUS.resolve("ok")).map(SoakDocument::ordinary),
                        read(CORPUS.resolve("broken")).map(SoakDocument::broken))
                .toList();
    }

    private static SoakDocument ordinary(TestDocument document) {
        return new SoakDocument(document, true, SLOW.contains(document.name()) ? 10 : 1, TIMEOUT);
    }

    private static SoakDocument broken(TestDocument document) {
        return ENDLESS.contains(document.name())
                ? new SoakDocument(document, false, 5, 5)
                : new SoakDocument(document, false, 1, TIMEOUT);
    }

    private static Stream<TestDocument> read(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().map(SoakDocument::document).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static TestDocument document(Path file) {
        try {
            return TestDocument.of(file.getFileName().toString(), Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the time that it takes tells of the service rather than of itself. */
    boolean isQuick() {
        return everyRounds == 1;
    }
}
