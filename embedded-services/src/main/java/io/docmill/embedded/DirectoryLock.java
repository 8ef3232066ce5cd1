package io.docmill.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Holds a data directory for one server of one process, until it is closed or the process ends, however it ends. */
public final class DirectoryLock implements AutoCloseable {

    /**
     * The directories that this process holds. A process that opens a file it has locked and closes it again loses the lock
     * (fcntl(2)), so a second server must be refused before it touches the lock file.
     */
    private static final Set<Path> heldHere = ConcurrentHashMap.newKeySet();

    private final Path directory;
    private final FileChannel file;

    private DirectoryLock(Path directory, FileChannel file) {
        this.directory = directory;
        this.file = file;
    }

    /**
     * Takes a directory that exists.
     *
     * @param server what will use it, for the message
     * @throws IOException if the lock's file can't be written
     * @throws DirectoryInUseException if another server has it; the message names the process
     */
    public static DirectoryLock take(Path directory, String server) throws IOException {
        Path real = directory.toRealPath();
        if (!heldHere.add(real)) {
            throw new DirectoryInUseException(
                    directory, server, String.valueOf(ProcessHandle.current().pid()));
        }
        try {
            return new DirectoryLock(real, lockAgainstOthers(real, server));
        } catch (IOException | RuntimeException e) {
            heldHere.remove(real);
            throw e;
        }
    }

    private static FileChannel lockAgainstOthers(Path directory, String server) throws IOException {
        Path path = directory.resolve("docmill.lock");
        FileChannel file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (file.tryLock() == null) {
                throw new DirectoryInUseException(
                        directory, server, Files.readString(path).strip());
            }
            file.truncate(0);
            file.write(ByteBuffer.wrap(
                    String.valueOf(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return file;
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Gives the directory up. */
    @Override
    public void close() {
        try {
            // Closing the file gives the lock up.
            file.close();
        } catch (IOException e) {
            throw new IllegalStateException("Can't give up the lock of " + directory, e);
        } finally {
            heldHere.remove(directory);
        }
    }
}
