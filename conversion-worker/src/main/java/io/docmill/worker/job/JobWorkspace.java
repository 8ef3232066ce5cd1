package io.docmill.worker.job;

import io.docmill.model.job.ConversionJob;
import io.docmill.platform.files.PrivateDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A directory for one job, which goes with all that is in it when it is closed. */
final class JobWorkspace implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(JobWorkspace.class);

    private final Path directory;
    private final Path source;
    private final Path output;

    private JobWorkspace(Path directory, ConversionJob job) {
        this.directory = directory;
        source = directory.resolve("source." + job.sourceFormat().extension());
        output = directory.resolve("artifact." + job.format().extension());
    }

    /**
     * Makes a directory for a job.
     *
     * @throws WorkspaceUnavailableException if it can't be made: the disk is full, or not ours
     */
    static JobWorkspace open(Path root, ConversionJob job) {
        try {
            PrivateDirectory.claim(root);
            return new JobWorkspace(Files.createTempDirectory(root, job.attempt() + "-"), job);
        } catch (IOException e) {
            throw new WorkspaceUnavailableException(
                    "no directory for a job can be made in %s: %s".formatted(root, e), e);
        }
    }

    /** Deletes what a worker that was killed left behind. */
    static void clear(Path root) {
        delete(root);
    }

    /** Where the document goes. */
    Path source() {
        return source;
    }

    /** How large the document is that was fetched, in bytes. */
    long sourceSize() {
        return source.toFile().length();
    }

    /** Where the document goes once it is decrypted, if it is. */
    Path decrypted() {
        return directory.resolve("decrypted");
    }

    /** Makes room: what is there of the document was not all of it. */
    void clearSource() {
        delete(source);
    }

    /** Where the result goes. */
    Path output() {
        return output;
    }

    @Override
    public void close() {
        delete(directory);
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(directory)) {
            List<Path> deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
            for (Path path : deepestFirst) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            log.warn("{} holds documents and can't be deleted. Delete it by hand.", directory, e);
        }
    }
}
