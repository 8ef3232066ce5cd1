package io.docmill.worker.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;

/**
 * The files of one slot: all that its sandbox may see and write, and its log, which it may not see.
 *
 * @param root absolute
 */
public record SlotDirectory(Path root) {

    private static final long LONG_LOG_BYTES = 1 << 20;

    public SlotDirectory {
        root = root.toAbsolutePath();
    }

    /** Makes the directory and all in it. */
    public static SlotDirectory create(Path root) throws IOException {
        var slot = new SlotDirectory(root);
        Files.createDirectories(slot.document());
        Files.createDirectories(slot.scratch());
        Files.createDirectories(slot.home());
        Files.createDirectories(slot.sockets());
        return slot;
    }

    /** What the sandbox sees under its own path. */
    public Path files() {
        return root.resolve("files");
    }

    /** Where the document and what is made of it lie while it is converted. */
    public Path document() {
        return files().resolve("document");
    }

    /** The temporary directory of the programs in the sandbox. */
    public Path scratch() {
        return files().resolve("scratch");
    }

    /** The home directory of the programs in the sandbox. */
    public Path home() {
        return files().resolve("home");
    }

    /** The profile of LibreOffice. */
    public Path profile() {
        return files().resolve("profile");
    }

    /** What the sandbox sees as {@code /tmp}: LibreOffice can put its pipe nowhere else. */
    public Path sockets() {
        return root.resolve("sockets");
    }

    /** What the programs print; outside of what the sandbox sees. */
    public Path log() {
        return root.resolve("process.log");
    }

    /**
     * Counts what lies below, the log too. Stops where the quota is passed, so that a slot full of files costs no more than the
     * quota allows. What is removed meanwhile counts nothing, and so does a file that has no name any more.
     */
    public SlotUsage usage(SlotQuota quota) throws IOException {
        var count = new UsageCount(quota);
        Files.walkFileTree(root, count);
        return count.usage();
    }

    /**
     * Removes what one document left, so that the next one cannot meet it. Directories right below {@link #scratch()} stay,
     * empty: LibreOffice makes one there when it starts, and refuses documents without it.
     */
    public void empty() throws IOException {
        removeContent(document(), false);
        removeContent(scratch(), true);
    }

    /** Empties a log that grew long, so that what one document had printed is not counted against the next one. */
    public void shortenLog() throws IOException {
        if (Files.size(log()) > LONG_LOG_BYTES) {
            // Whoever writes to it appends, so that no hole is left.
            Files.write(log(), new byte[0]);
        }
    }

    /** Removes the whole directory. */
    public void remove() throws IOException {
        removeTree(root);
    }

    /** Removes a directory with all in it, if it exists; links are removed, never followed. */
    public static void removeTree(Path root) throws IOException {
        if (Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            removeContent(root, false);
            Files.delete(root);
        }
    }

    /**
     * Removes by handles of directories instead of paths: a program that still runs inside could swap a directory for a link
     * between two looks at a path.
     */
    private static void removeContent(Path directory, boolean keepDirectories) throws IOException {
        try (var entries = Files.newDirectoryStream(directory)) {
            if (!(entries instanceof SecureDirectoryStream<Path> secure)) {
                throw new IOException("Directories cannot be removed safely on this file system: " + directory);
            }
            removeContent(secure, keepDirectories);
        }
    }

    private static void removeContent(SecureDirectoryStream<Path> directory, boolean keepDirectories)
            throws IOException {
        for (Path entry : directory) {
            try {
                remove(directory, entry.getFileName(), keepDirectories);
            } catch (NoSuchFileException e) {
                // Whoever made it removed it first.
            }
        }
    }

    private static void remove(SecureDirectoryStream<Path> directory, Path name, boolean keepDirectories)
            throws IOException {
        var view = directory.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        if (!view.readAttributes().isDirectory()) {
            directory.deleteFile(name);
            return;
        }
        try (var below = directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            removeContent(below, false);
        }
        if (!keepDirectories) {
            directory.deleteDirectory(name);
        }
    }
}
