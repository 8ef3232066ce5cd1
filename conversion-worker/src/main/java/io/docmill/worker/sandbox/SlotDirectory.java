package io.docmill.worker.sandbox;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The files of one slot: all that its sandbox may see and write, and its log, which it may not see.
 *
 * @param root absolute
 * @param user what the slot's programs run as; the user of this process if empty
 */
public record SlotDirectory(Path root, Optional<SlotUser> user) {

    /** {@link #sockets()} as seen from {@link #files()}: short, since a Unix socket's path may have 107 bytes. */
    public static final String SOCKETS_FROM_FILES = "../sockets";

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> GROUP_MAY_PASS = PosixFilePermissions.fromString("rwx--x---");
    private static final Set<PosixFilePermission> OTHERS_MAY_READ = PosixFilePermissions.fromString("rwxr-xr-x");

    private static final Set<PosixFilePermission> OWNER_WRITES = PosixFilePermissions.fromString("rw-r--r--");

    /** Those of the slots, of the engine and of the worker. */
    private static final int DIRECTORIES_ABOVE = 3;

    private static final long LONG_LOG_BYTES = 1 << 20;

    public SlotDirectory {
        root = root.toAbsolutePath();
    }

    /**
     * Makes the directory and all in it. A user of the slot's own owns what its programs write; that they can't replace the
     * directories themselves, by links that this process would follow, is because those belong to this process.
     */
    static SlotDirectory create(Path root, Optional<SlotUser> user) throws IOException {
        var slot = new SlotDirectory(root, user);
        Files.createDirectories(slot.root);
        Files.setPosixFilePermissions(slot.root, user.isPresent() ? GROUP_MAY_PASS : OWNER_ONLY);
        if (user.isPresent()) {
            Files.setAttribute(slot.root, "unix:gid", user.get().id());
        }
        for (Path directory : List.of(slot.files(), slot.document(), slot.profile())) {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, OTHERS_MAY_READ);
        }
        for (Path directory : List.of(slot.scratch(), slot.home(), slot.sockets())) {
            Files.createDirectories(directory);
            slot.hand(directory, OWNER_ONLY);
        }
        return slot;
    }

    /**
     * As {@link #create}, for programs that are in no mount namespace of their own: a slot's user then has to go the whole way
     * from the root.
     */
    static SlotDirectory createReachable(Path root, Optional<SlotUser> user) throws IOException {
        var slot = create(root, user);
        if (user.isPresent()) {
            slot.admit(user.get());
        }
        return slot;
    }

    /**
     * Lets the group of all slots, and nobody else, pass through the directories above. Only those are changed that are root's and
     * closed to others, and never root's home.
     */
    private void admit(SlotUser owner) throws IOException {
        Path topmost = Path.of(System.getProperty("user.home", "/"));
        Path directory = root.getParent();
        for (int above = 0; above < DIRECTORIES_ABOVE && directory != null && !directory.equals(topmost); above++) {
            var permissions = Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS);
            boolean closed = !permissions.contains(PosixFilePermission.OTHERS_EXECUTE)
                    && Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS)
                            .equals(0);
            if (closed && permissions.add(PosixFilePermission.GROUP_EXECUTE)) {
                Files.setAttribute(directory, "unix:gid", owner.group(), LinkOption.NOFOLLOW_LINKS);
                Files.setPosixFilePermissions(directory, permissions);
            }
            directory = directory.getParent();
        }
    }

    /**
     * Takes in a copy of a document, in a directory of its own below {@link #document()} that the slot's programs can write.
     * They get it last, so that they can't lead this process astray while it copies.
     *
     * @param directory the name of the directory; no other document of the slot had it
     * @param name the name of the copy
     * @return the copy
     */
    public Path takeIn(Path input, String directory, String name) throws IOException {
        Path own = Files.createDirectory(document().resolve(directory));
        Path copy = own.resolve(name);
        Files.copy(input, copy);
        Files.setPosixFilePermissions(copy, OWNER_WRITES);
        hand(own, OWNER_ONLY);
        return copy;
    }

    /**
     * Makes a directory that the slot's programs can write, below one of theirs.
     *
     * @throws FileAlreadyExistsException if something of the name is there
     */
    public Path makeDirectory(Path directory) throws IOException {
        Files.createDirectory(directory);
        hand(directory, OWNER_ONLY);
        return directory;
    }

    private void hand(Path directory, Set<PosixFilePermission> permissions) throws IOException {
        Files.setPosixFilePermissions(directory, permissions);
        if (user.isPresent()) {
            Files.setAttribute(directory, "unix:gid", user.get().id(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(directory, "unix:uid", user.get().id(), LinkOption.NOFOLLOW_LINKS);
        }
    }

    /** Has the slot's programs read a file or directory that this process has made, and what is in it, but not write it. */
    public static void publish(Path file) throws IOException {
        try (var tree = Files.walk(file)) {
            for (Path each : tree.toList()) {
                Files.setAttribute(each, "unix:uid", (int) new UnixSystem().getUid(), LinkOption.NOFOLLOW_LINKS);
                Files.setPosixFilePermissions(each, Files.isDirectory(each) ? OTHERS_MAY_READ : OWNER_WRITES);
            }
        }
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

    /** The profile of LibreOffice, which its programs can read and not write. */
    public Path profile() {
        return files().resolve("profile");
    }

    /** Where LibreOffice puts its sockets; {@code /tmp} in a sandbox that can show it so. */
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
     * Removes what one document left, wherever the slot's programs can write, so that the next one cannot meet it. Directories
     * right below {@link #scratch()} stay, empty: LibreOffice makes one there when it starts, and refuses documents without
     * it. So do its sockets.
     */
    public void empty() throws IOException {
        removeContent(document(), Keep.NOTHING);
        removeContent(scratch(), Keep.DIRECTORIES);
        removeContent(home(), Keep.NOTHING);
        removeContent(sockets(), Keep.SOCKETS);
    }

    /** What stays right below a directory that is emptied. */
    private enum Keep {
        NOTHING,
        DIRECTORIES,
        SOCKETS
    }

    /** How long the log is, in bytes; 0 as long as nothing was printed. */
    public long logLength() throws IOException {
        return Files.exists(log()) ? Files.size(log()) : 0;
    }

    /** Empties a log that grew long, so that what one document had printed is not counted against the next one. */
    public void shortenLog() throws IOException {
        if (logLength() > LONG_LOG_BYTES) {
            // Whoever writes to it appends, so that no hole is left.
            Files.write(log(), new byte[0]);
        }
    }

    /** Removes the whole directory. */
    public void remove() throws IOException {
        removeTree(root);
    }

    /** Removes a directory with all in it, if it exists; links are removed, never followed. Two may do so at the same time. */
    public static void removeTree(Path root) throws IOException {
        try {
            removeContent(root, Keep.NOTHING);
        } catch (NoSuchFileException e) {
            // It was not there, or is not any more.
        }
        Files.deleteIfExists(root);
    }

    /**
     * Removes by handles of directories instead of paths: a program that still runs inside could swap a directory for a link
     * between two looks at a path.
     */
    private static void removeContent(Path directory, Keep keep) throws IOException {
        try (var entries = Files.newDirectoryStream(directory)) {
            if (!(entries instanceof SecureDirectoryStream<Path> secure)) {
                throw new IOException("Directories cannot be removed safely on this file system: " + directory);
            }
            removeContent(secure, keep);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private static void removeContent(SecureDirectoryStream<Path> directory, Keep keep) throws IOException {
        for (Path entry : directory) {
            try {
                remove(directory, entry.getFileName(), keep);
            } catch (NoSuchFileException e) {
                // Whoever made it removed it first.
            }
        }
    }

    private static void remove(SecureDirectoryStream<Path> directory, Path name, Keep keep) throws IOException {
        var view = directory.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
        var attributes = view.readAttributes();
        if (!attributes.isDirectory()) {
            // Sockets are neither files nor links.
            if (keep != Keep.SOCKETS || !attributes.isOther()) {
                directory.deleteFile(name);
            }
            return;
        }
        try (var below = directory.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
            removeContent(below, Keep.NOTHING);
        }
        if (keep != Keep.DIRECTORIES) {
            directory.deleteDirectory(name);
        }
    }
}
