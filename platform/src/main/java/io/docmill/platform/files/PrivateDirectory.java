package io.docmill.platform.files;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Directories that no other user of the machine can enter. Documents lie below them at paths that can be guessed, often in
 * {@code /tmp}, where anyone can make the directory first.
 */
public final class PrivateDirectory {
    private static final Logger log = LoggerFactory.getLogger(PrivateDirectory.class);
    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rwx------");

    private PrivateDirectory() {}

    /**
     * Makes a directory, and the ones above it that are absent, with the mode 0700. One that is there is taken if it belongs to
     * the user of this process; its mode is tightened if it must be.
     *
     * @throws FileSystemException if it is there, but is a link, no directory, or another user's; the message says what to do
     */
    public static void claim(Path directory) throws IOException {
        Path absolute = directory.toAbsolutePath();
        var ownerOnly = PosixFilePermissions.asFileAttribute(OWNER_ONLY);
        Path parent = absolute.getParent();
        if (parent != null) {
            Files.createDirectories(parent, ownerOnly);
        }
        try {
            Files.createDirectory(absolute, ownerOnly);
        } catch (FileAlreadyExistsException e) {
            take(absolute);
        }
    }

    private static void take(Path directory) throws IOException {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            throw refusal(directory, "It is a link or a file. Remove it, or configure another directory.");
        }
        int owner = (Integer) Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        // A uid is unsigned, and wider in one of the two types than in the other.
        if (owner != (int) new UnixSystem().getUid()) {
            throw refusal(
                    directory,
                    "It belongs to another user (uid %s), who could read documents. Remove it, or configure a directory"
                                    .formatted(Integer.toUnsignedString(owner))
                            + " that this user owns or can make, such as a new one inside of it.");
        }
        if (!Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS).equals(OWNER_ONLY)) {
            log.warn("Other users could enter the directory {}; from now on they can't", directory);
            Files.setPosixFilePermissions(directory, OWNER_ONLY);
        }
    }

    private static FileSystemException refusal(Path directory, String reason) {
        return new FileSystemException(directory.toString(), null, reason);
    }
}
