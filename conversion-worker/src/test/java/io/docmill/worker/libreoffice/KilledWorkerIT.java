package io.docmill.worker.libreoffice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.worker.engine.EngineOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole worker dies by SIGKILL in the middle of a document. Prints how long its LibreOffices outlive it. */
class KilledWorkerIT {

    @Test
    void nothingRunsOnAndTheNextStartRemovesItsFiles(@TempDir Path directory) throws IOException, InterruptedException {
        // Given
        var samples = new SampleDocuments(directory);
        Path work = Files.createDirectory(directory.resolve("work"));
        List<ProcessHandle> all;
        long began;
        try (var child = new EngineChild(List.of(), work, 1)) {
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
        assertThat(all).hasSize(6);
        assertThat(work.resolve("engine/slots")).isNotEmptyDirectory();
        try (var bench = new EngineBench(directory, JodConverterSettings.of(work.resolve("engine"), 1))) {
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
