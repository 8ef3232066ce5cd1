package io.docmill.worker.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Namespaces by bubblewrap and a filter for system calls: no network, no processes but its own, no files but the system's
 * programs, fonts and the slot, all else read-only or absent. Everything inside dies with the process outside.
 *
 * <p>A worker that is root gives each slot a user of its own, and then needs no user namespace. Another worker has one made for
 * each slot, in which its own user is the only one.
 */
public final class BubblewrapSandbox implements Sandbox {

    /** The name in the configuration. */
    public static final String NAME = "bubblewrap";

    private static final String INSIDE_USER = Integer.toString(SlotUsers.DEFAULT_FIRST);

    private static final Path SLOT = Path.of("/slot");

    /** bubblewrap takes the filter from an open file; the shell opens it and then becomes bubblewrap. */
    private static final List<String> WITH_FILTER = List.of("/bin/sh", "-c", "exec 9<\"$0\" && exec \"$@\"");

    private static final List<String> FILTER_OPTION = List.of("--seccomp", "9");

    private static final List<String> NAMESPACES =
            List.of("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try");

    /** For setpriv, which gives them up again with the change of user. */
    private static final List<String> TO_CHANGE_USER = List.of("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID");

    private final SandboxPrograms programs;
    private final SandboxRules rules;

    public BubblewrapSandbox(SandboxPrograms programs, SandboxRules rules) {
        this.programs = programs;
        this.rules = rules;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SlotDirectory createSlot(Path root) throws IOException {
        return SlotDirectory.create(root, rules.users().next());
    }

    @Override
    public List<String> command(SlotDirectory slot, Map<String, String> environment, List<String> command) {
        var line = new ArrayList<>(WITH_FILTER);
        line.add(rules.filters().withNamespaces().toString());
        line.add(programs.bubblewrap().toString());
        line.addAll(NAMESPACES);
        line.addAll(List.of("--die-with-parent", "--new-session", "--cap-drop", "ALL"));
        line.addAll(slot.user().isPresent() ? TO_CHANGE_USER : ownUserNamespace());
        line.addAll(FILTER_OPTION);
        line.addAll(List.of("--hostname", "docmill", "--clearenv"));
        environment.forEach((name, value) -> line.addAll(List.of("--setenv", name, value)));
        addSystem(line);
        line.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
        addSlot(line, slot);
        line.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", SLOT.toString(), "--"));
        // Inside, so that the kernel counts processes in the slot's own user namespace.
        line.addAll(rules.limits().command(programs.prlimit().toString(), true));
        slot.user().ifPresent(user -> line.addAll(change(user)));
        line.addAll(command);
        return line;
    }

    /** Root without users for its slots is not root inside. */
    private static List<String> ownUserNamespace() {
        return SlotUsers.isRoot()
                ? List.of("--unshare-user", "--uid", INSIDE_USER, "--gid", INSIDE_USER)
                : List.of("--unshare-user");
    }

    /** Each writable directory is a mount of its own: it cannot be renamed and replaced by a link. */
    private void addSlot(List<String> line, SlotDirectory slot) {
        addMount(line, "--ro-bind", slot, slot.files());
        addMount(line, "--bind", slot, slot.document());
        addMount(line, "--bind", slot, slot.scratch());
        addMount(line, "--bind", slot, slot.home());
        line.addAll(List.of("--bind", slot.sockets().toString(), "/tmp"));
    }

    private void addMount(List<String> line, String kind, SlotDirectory slot, Path directory) {
        line.addAll(List.of(kind, directory.toString(), inside(slot, directory).toString()));
    }

    private void addSystem(List<String> line) {
        directories().forEach(directory -> line.addAll(List.of("--dir", directory.toString())));
        addReadable(line, SystemFiles.PROGRAMS);
        for (Path directory : SystemFiles.OTHER_PROGRAMS) {
            if (Files.isSymbolicLink(directory)) {
                addLink(line, directory);
            } else {
                addReadable(line, directory);
            }
        }
        SystemFiles.CONFIGURATION.forEach(path -> addReadable(line, path));
        rules.readable().forEach(path -> addReadable(line, path));
    }

    /** Those above what is mounted. bubblewrap would make them too, but closed to a slot's user. */
    private SortedSet<Path> directories() {
        var directories = new TreeSet<Path>();
        Stream.concat(SystemFiles.CONFIGURATION.stream(), rules.readable().stream())
                .forEach(path -> {
                    for (Path above = path.getParent();
                            above != null && above.getNameCount() > 0;
                            above = above.getParent()) {
                        directories.add(above);
                    }
                });
        return directories;
    }

    private static void addReadable(List<String> line, Path path) {
        line.addAll(List.of("--ro-bind", path.toString(), path.toString()));
    }

    private static void addLink(List<String> line, Path link) {
        try {
            line.addAll(List.of("--symlink", Files.readSymbolicLink(link).toString(), link.toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> change(SlotUser user) {
        return List.of(
                programs.setpriv().toString(),
                "--reuid=" + user.id(),
                "--regid=" + user.id(),
                "--clear-groups",
                "--inh-caps=-all",
                "--no-new-privs",
                "--");
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
