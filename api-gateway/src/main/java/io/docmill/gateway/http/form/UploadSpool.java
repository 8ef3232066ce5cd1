package io.docmill.gateway.http.form;

import com.github.f4b6a3.ulid.UlidCreator;
import io.docmill.platform.files.PrivateDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder in which uploads lie until they are in object storage, and how full it is. Thread-safe. */
public final class UploadSpool {
    private static final Logger log = LoggerFactory.getLogger(UploadSpool.class);

    private final Path directory;
    private final long quota;
    private final AtomicLong used = new AtomicLong();

    /**
     * Opens the spool and empties it: what lies there was left by a process that died.
     *
     * @param directory of this process and its user alone; made if it does not exist
     * @param quota how much may lie there, in bytes
     * @throws UncheckedIOException if the folder can't be made or emptied
     */
    public UploadSpool(Path directory, long quota) {
        this.directory = directory;
        this.quota = quota;
        try {
            PrivateDirectory.claim(directory);
            for (Path leftover : files()) {
                Files.deleteIfExists(leftover);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The spool directory can't be used: " + e.getMessage(), e);
        }
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** A path for a new file. */
    Path newFile() {
        return directory.resolve(UlidCreator.getMonotonicUlid() + ".upload");
    }

    /** Takes room for some more bytes; false if the quota does not allow it. */
    boolean reserve(long bytes) {
        if (used.addAndGet(bytes) <= quota) {
            return true;
        }
        used.addAndGet(-bytes);
        return false;
    }

    /** Deletes a file, if it is there, and gives its room back. */
    void discard(Path file, long bytes) {
        used.addAndGet(-bytes);
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.error("The uploaded file {} can't be deleted; delete it by hand", file, e);
        }
    }

    /** Deletes a file that is not needed any more. */
    public void release(SpooledFile file) {
        discard(file.path(), file.size());
    }

    /** How many bytes lie in the spool. */
    public long used() {
        return used.get();
    }
}
