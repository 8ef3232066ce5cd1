package io.docmill.worker.libreoffice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.worker.engine.EngineOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The whole worker dies by SIGKILL in the middle of a document. Prints how long its LibreOffices outlive it. */
class KilledWorkerIT {

    @ParameterizedTest
    @MethodSource(TestedEngine.ALL)
    void nothingRunsOnAndTheNextStartRemovesItsFiles(TestedEngine engine, @TempDir Path directory)
            throws IOException, InterruptedException {
        // Given: a way for the users of slots
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        var samples = new SampleDocuments(directory);
        Path work = Files.createDirectory(directory.resolve("work"));
        List<ProcessHandle> all;
        long began;
        try (var child = new EngineChild(List.of(), work, engine, 1)) {
            child.tell("pdf " + samples.slowXlsx());
            await().atMost(EngineBench.PATIENCE).until(() -> hasDocument(work.resolve("engine/slots")));
            all = child.handle().descendants().toList();
            // When
            began = System.nanoTime();
            EngineBench.signal("KILL", child.handle());
        }
        await().pollInterval(Duration.ofMillis(5))
                .atMost(EngineBench.PATIENCE)
                .until(() -> all.stream().allMatch(EngineBench::hasEnded));
        System.out.printf(
                "MEASURED worker killed: its %d processes ended after %d ms%n",
                all.size(), (System.nanoTime() - began) / 1_000_000);
        // Then
        // Two LibreOffices with two wrappers each, or a fork server with one child at work and one ahead.
        assertThat(all).hasSize(engine == TestedEngine.FORK ? 3 : 6);
        assertThat(work.resolve("engine/slots")).isNotEmptyDirectory();
        try (var bench = new EngineBench(directory, engine.settings(work.resolve("engine"), 1))) {
            assertThat(hasDocument(work.resolve("engine/slots"))).isFalse();
            assertThat(bench.convert(samples.docx())).isInstanceOf(EngineOutcome.Converted.class);
        }
    }

    private static boolean hasDocument(Path slots) {
        try (Stream<Path> files = Files.walk(slots)) {
            return files.anyMatch(file -> file.endsWith("document.xlsx"));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }
}
