package io.docmill.embedded;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserDefinedFileAttributeView;

/**
 * The folder of an object store, held by one process at a time: the buckets, the objects that are being written, the lock and the
 * credentials. What is being written has its own folder, so that no bucket ever holds half an object.
 */
final class StoreDirectory implements AutoCloseable {

    /** The most that S3 allows of user metadata, and what {@link #probe} asks the file system to keep. */
    static final int METADATA_LIMIT = 2048;

    private final Path root;
    private final DirectoryLock lock;

    private StoreDirectory(Path root, DirectoryLock lock) {
        this.root = root;
        this.lock = lock;
    }

    /**
     * Takes the folder for this process, and removes what an earlier one left half written.
     *
     * @throws IllegalStateException if another store has it, or its file system can't keep objects
     */
    static StoreDirectory open(Path directory) throws IOException {
        Path root = directory.toAbsolutePath().normalize();
        Files.createDirectories(root);
        DirectoryLock lock = DirectoryLock.take(root, "The object store");
        try {
            StoreDirectory opened = new StoreDirectory(root, lock);
            Files.createDirectories(opened.buckets());
            Files.createDirectories(opened.unfinished());
            opened.sweep();
            opened.probe();
            Durability.sync(root);
            return opened;
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private void sweep() throws IOException {
        try (DirectoryStream<Path> leftovers = Files.newDirectoryStream(unfinished())) {
            for (Path leftover : leftovers) {
                Files.delete(leftover);
            }
        }
    }

    /** Tries what objects rely on: metadata are user extended attributes, and If-None-Match is a hard link. */
    private void probe() throws IOException {
        Path file = Files.createTempFile(
                unfinished(),
                "probe",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Path link = file.resolveSibling(file.getFileName() + "-link");
        try {
            byte[] value = new byte[METADATA_LIMIT];
            var attributes = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
            if (attributes == null || attributes.write("probe", ByteBuffer.wrap(value)) != value.length) {
                throw new IOException("user extended attributes are not kept");
            }
            attributes.size("probe");
            Files.createLink(link, file);
        } catch (IOException | UnsupportedOperationException e) {
            throw new IllegalStateException(
                    "The object store can't use " + root + ": its file system ("
                            + Files.getFileStore(root).type()
                            + ") keeps no user extended attributes or hard links, and objects need both ("
                            + e.getMessage()
                            + "). Choose a data directory on ext4, xfs or btrfs; some network and shared folders and old "
                            + "tmpfs lack them.",
                    e);
        } finally {
            Files.deleteIfExists(link);
            Files.deleteIfExists(file);
        }
    }

    /** One folder per bucket, in it a file per object at the path that its key is. */
    Path buckets() {
        return root.resolve("buckets");
    }

    /** Objects whose upload runs, under random names. */
    Path unfinished() {
        return root.resolve("unfinished");
    }

    Path credentials() {
        return root.resolve("credentials");
    }

    @Override
    public void close() {
        lock.close();
    }
}
