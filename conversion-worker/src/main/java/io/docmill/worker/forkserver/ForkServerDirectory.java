package io.docmill.worker.forkserver;

import io.docmill.worker.sandbox.SlotDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/**
 * The files of one fork server. Children may read the profile, and nothing else of it.
 *
 * @param root absolute
 */
public record ForkServerDirectory(Path root) {

    private static final String PASSABLE = "rwx--x--x";
    private static final String OWN = "rwx------";

    /** Makes it, with an empty profile. */
    public static ForkServerDirectory create(Path root) throws IOException {
        var directory = new ForkServerDirectory(root.toAbsolutePath());
        make(directory.root, PASSABLE);
        make(directory.profile(), "rwxr-xr-x");
        make(directory.home(), OWN);
        make(directory.scratch(), OWN);
        return directory;
    }

    private static void make(Path directory, String permissions) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(permissions));
    }

    /** The profile of LibreOffice. */
    public Path profile() {
        return root.resolve("profile");
    }

    /** For the documents of the warm-up. */
    public Path scratch() {
        return root.resolve("scratch");
    }

    private Path home() {
        return root.resolve("home");
    }

    Path log() {
        return root.resolve("process.log");
    }

    /** What the server has printed. */
    String said() {
        try {
            return Files.readString(log()).strip();
        } catch (IOException e) {
            return "(its log can't be read: " + e + ")";
        }
    }

    /** The whole environment of the server; nothing of this process's own gets there. */
    Map<String, String> environment() {
        return Map.of(
                "PATH", "/usr/bin:/bin",
                "HOME", home().toString(),
                "TMPDIR", scratch().toString(),
                "LANG", "C.UTF-8",
                "TZ", "UTC",
                "SAL_USE_VCLPLUGIN", "svp",
                // Each symbol is looked up once, here, and not by each child that first needs it.
                "LD_BIND_NOW", "1");
    }

    /** Removes it. */
    public void remove() throws IOException {
        SlotDirectory.removeTree(root);
    }
}
