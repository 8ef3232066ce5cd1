package io.docmill.worker.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Namespaces by bubblewrap: no network but an unconnected loopback, no processes but its own, no files but the system's
 * programs, fonts and the slot, all else read-only or absent. Everything inside dies with the process outside.
 */
public final class BubblewrapSandbox implements Sandbox {

    /** The name in the configuration. */
    public static final String NAME = "bubblewrap";

    private static final Path SLOT = Path.of("/slot");

    /** On a merged system these are links into /usr, on others directories of their own. */
    private static final List<String> SYSTEM_DIRECTORIES = List.of("/bin", "/sbin", "/lib", "/lib64", "/lib32");

    /** Configuration that programs need and that tells nothing of the machine. */
    private static final List<String> SYSTEM_FILES = List.of(
            "/etc/fonts",
            "/etc/libreoffice",
            "/etc/ld.so.cache",
            "/etc/alternatives",
            "/etc/localtime",
            "/var/cache/fontconfig");

    private final String bubblewrap;
    private final List<String> limits;
    private final List<Path> readable;

    /**
     * @param bubblewrap the program {@code bwrap}
     * @param prlimit the program {@code prlimit}
     * @param readable more directories that programs inside may read, such as an office outside of /usr
     */
    public BubblewrapSandbox(Path bubblewrap, Path prlimit, ResourceLimits limits, List<Path> readable) {
        this.bubblewrap = bubblewrap.toString();
        this.limits = limits.command(prlimit.toString());
        this.readable = List.copyOf(readable);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> command(SlotDirectory slot, Map<String, String> environment, List<String> command) {
        var line = new ArrayList<>(limits);
        line.add(bubblewrap);
        line.addAll(List.of("--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"));
        line.addAll(List.of("--hostname", "docmill", "--clearenv"));
        environment.forEach((name, value) -> line.addAll(List.of("--setenv", name, value)));
        addSystem(line);
        line.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
        line.addAll(List.of("--bind", slot.files().toString(), SLOT.toString()));
        // As a mount of its own it cannot be renamed and replaced by a link, which this process would then follow.
        line.addAll(List.of(
                "--bind",
                slot.document().toString(),
                inside(slot, slot.document()).toString()));
        line.addAll(List.of(
                "--bind",
                slot.scratch().toString(),
                inside(slot, slot.scratch()).toString()));
        line.addAll(List.of("--bind", slot.sockets().toString(), "/tmp"));
        line.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", SLOT.toString(), "--"));
        line.addAll(command);
        return line;
    }

    private void addSystem(List<String> line) {
        line.addAll(List.of("--ro-bind", "/usr", "/usr"));
        for (String directory : SYSTEM_DIRECTORIES) {
            addSystemDirectory(line, Path.of(directory));
        }
        for (String file : SYSTEM_FILES) {
            line.addAll(List.of("--ro-bind-try", file, file));
        }
        for (Path path : readable) {
            line.addAll(List.of("--ro-bind", path.toString(), path.toString()));
        }
    }

    private static void addSystemDirectory(List<String> line, Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        if (!Files.isSymbolicLink(directory)) {
            line.addAll(List.of("--ro-bind", directory.toString(), directory.toString()));
            return;
        }
        try {
            line.addAll(List.of("--symlink", Files.readSymbolicLink(directory).toString(), directory.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Path inside(SlotDirectory slot, Path file) {
        return SLOT.resolve(slot.files().relativize(file.toAbsolutePath()));
    }

    @Override
    public Path sockets(SlotDirectory slot) {
        return slot.sockets();
    }
}
