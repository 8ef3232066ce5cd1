package io.docmill.worker.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Rules for files by the kernel's Landlock and a filter for system calls, both set by util-linux's {@code setpriv} (2.41 or
 * newer): needs no privilege at all, so it holds in containers that have none. The program sees the paths of this process, and
 * that other files are there; it can't open them. What Landlock leaves open to programs of the same user, the filter closes: all
 * sockets but listening ones, signals, modes and attributes of files. No program inside can start another.
 */
public final class LandlockSandbox implements Sandbox {

    /** The name in the configuration. */
    public static final String NAME = "landlock";

    // The kernel's names without LANDLOCK_ACCESS_FS_, as setpriv(1) spells them.
    private static final String RUN = "execute,read-file,read-dir";
    private static final String READ_DIRECTORY = "read-file,read-dir";
    private static final String READ = "read-file";
    private static final String READ_AND_WRITE = "read-file,write-file";

    /** No directories and no links: this process goes through those here. */
    private static final String FILES = "read-file,read-dir,write-file,truncate,remove-file,make-reg,refer";

    private static final String FILES_AND_DIRECTORIES = FILES + ",remove-dir,make-dir";
    private static final String SOCKETS = "read-dir,make-sock,remove-file";

    private final SandboxPrograms programs;
    private final SandboxRules rules;

    public LandlockSandbox(SandboxPrograms programs, SandboxRules rules) {
        this.programs = programs;
        this.rules = rules;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SlotDirectory createSlot(Path root) throws IOException {
        return rules.createSlot(root);
    }

    @Override
    public List<String> command(SlotDirectory slot, Map<String, String> environment, List<String> command) {
        var line = new ArrayList<>(rules.limits()
                .command(programs.prlimit().toString(), slot.user().isPresent()));
        line.add(programs.landlock().toString());
        slot.user().ifPresent(user -> line.addAll(change(user)));
        line.addAll(List.of("--pdeathsig", "kill", "--inh-caps=-all", "--no-new-privs", "--landlock-access", "fs"));
        addSystem(line);
        addRule(line, READ_DIRECTORY, slot.profile());
        addRule(line, FILES, slot.document());
        addRule(line, FILES_AND_DIRECTORIES, slot.scratch());
        addRule(line, FILES_AND_DIRECTORIES, slot.home());
        addRule(line, SOCKETS, slot.sockets());
        line.addAll(
                List.of("--seccomp-filter", rules.filters().withoutNamespaces().toString(), "--"));
        line.add(programs.environment().toString());
        line.add("--ignore-environment");
        environment.forEach((name, value) -> line.add(name + "=" + value));
        line.addAll(command);
        return line;
    }

    private void addSystem(List<String> line) {
        addRule(line, RUN, SystemFiles.PROGRAMS);
        for (Path directory : SystemFiles.OTHER_PROGRAMS) {
            if (!Files.isSymbolicLink(directory)) {
                addRule(line, RUN, directory);
            }
        }
        for (Path path : SystemFiles.CONFIGURATION) {
            addRule(line, Files.isDirectory(path) ? READ_DIRECTORY : READ, path);
        }
        rules.readable().forEach(path -> addRule(line, RUN, path));
        addRule(line, READ_AND_WRITE, Path.of("/dev/null"));
        addRule(line, READ, Path.of("/dev/urandom"));
        // Of all that /proc tells only this, which lets the sandbox be proven.
        addRule(line, READ, Path.of("/proc/self/status"));
    }

    private static void addRule(List<String> line, String access, Path path) {
        line.addAll(List.of("--landlock-rule", "path-beneath:" + access + ":" + path));
    }

    private static List<String> change(SlotUser user) {
        return List.of("--reuid=" + user.id(), "--regid=" + user.id(), "--groups=" + user.group());
    }

    @Override
    public Path inside(SlotDirectory slot, Path file) {
        return file.toAbsolutePath();
    }

    @Override
    public Path sockets(SlotDirectory slot) {
        return slot.sockets();
    }
}
