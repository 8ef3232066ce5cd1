package io.docmill.embedded;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Moves finished files to the path of their key and takes them away again, so that both outlast a power cut once the method has
 * returned. Folders come and go with the objects in them: a put that loses its folder to a concurrent delete makes it again.
 *
 * <p>Safe for use by several threads.
 */
final class ObjectFolders {

    /** A put needs a second try only when a delete empties its folder in the microseconds between making and using it. */
    private static final int PUBLISH_ATTEMPTS = 1000;

    /** Folders made whose name may not be on the disk yet; whoever puts something below them sees to that. */
    private final Set<Path> unsynced = ConcurrentHashMap.newKeySet();

    /** How a file gets its name. */
    interface Naming {
        void name(Path file, Path target) throws IOException;
    }

    /**
     * Gives {@code file} the name {@code target}.
     *
     * @param naming throws {@link NoSuchFileException} when the folder of the target is not there
     * @throws FileAlreadyExistsException if {@code naming} found the target taken, or a file is where a folder must be
     */
    void publish(Path bucket, Path file, Path target, Naming naming) throws IOException {
        for (int attempt = 1; !isNamed(bucket, file, target, naming); attempt++) {
            if (attempt == PUBLISH_ATTEMPTS || Files.notExists(file) || Files.notExists(bucket)) {
                throw new NoSuchFileException(target.toString());
            }
        }
        syncUpwards(bucket, parent(target));
    }

    /** Returns false when the folder of the target vanished before it was used. */
    private boolean isNamed(Path bucket, Path file, Path target, Naming naming) throws IOException {
        try {
            makeFolders(bucket, parent(target));
            naming.name(file, target);
            return true;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Deletes the object and the folders that it leaves empty; absent is fine. */
    void remove(Path bucket, Path target) throws IOException {
        try {
            if (Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
                return;
            }
            Files.delete(target);
        } catch (NoSuchFileException e) {
            return;
        }
        syncIfPresent(prune(bucket, parent(target)));
    }

    private void makeFolders(Path bucket, Path folder) throws IOException {
        if (folder.equals(bucket) || Files.isDirectory(folder)) {
            return;
        }
        makeFolders(bucket, parent(folder));
        unsynced.add(folder);
        try {
            Files.createDirectory(folder);
        } catch (FileAlreadyExistsException e) {
            if (Files.isRegularFile(folder)) {
                unsynced.remove(folder);
                throw e;
            }
        }
    }

    private void syncUpwards(Path bucket, Path folder) throws IOException {
        syncIfPresent(folder);
        for (Path made = folder; !made.equals(bucket); made = parent(made)) {
            if (unsynced.contains(made)) {
                syncIfPresent(parent(made));
                unsynced.remove(made);
            }
        }
    }

    /** A folder that is gone lost its last object to a delete, which syncs the folder above. */
    private static void syncIfPresent(Path folder) throws IOException {
        try {
            Durability.sync(folder);
        } catch (NoSuchFileException e) {
            return;
        }
    }

    /** Deletes empty folders from {@code folder} upwards and returns the first that stays. */
    private static Path prune(Path bucket, Path folder) throws IOException {
        for (Path empty = folder; !empty.equals(bucket); empty = parent(empty)) {
            try {
                Files.deleteIfExists(empty);
            } catch (DirectoryNotEmptyException e) {
                return empty;
            }
        }
        return bucket;
    }

    private static Path parent(Path path) {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IllegalStateException("Not below a bucket: " + path);
        }
        return parent;
    }
}
