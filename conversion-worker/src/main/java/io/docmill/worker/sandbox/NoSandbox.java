package io.docmill.worker.sandbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Limits and a clean environment, but no walls: a document may reach the network and every file that this process may read.
 * For machines that run nothing else and take no documents of strangers.
 */
public final class NoSandbox implements Sandbox {

    /** The name in the configuration. */
    public static final String NAME = "none";

    private final SandboxPrograms programs;
    private final ResourceLimits limits;

    public NoSandbox(SandboxPrograms programs, ResourceLimits limits) {
        this.programs = programs;
        this.limits = limits;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public SlotDirectory createSlot(Path root) throws IOException {
        return SlotDirectory.create(root, Optional.empty());
    }

    @Override
    public List<String> command(SlotDirectory slot, Map<String, String> environment, List<String> command) {
        var line = new ArrayList<>(limits.command(programs.prlimit().toString(), false));
        line.add(programs.environment().toString());
        line.add("--ignore-environment");
        environment.forEach((name, value) -> line.add(name + "=" + value));
        line.addAll(command);
        return line;
    }

    @Override
    public Path inside(SlotDirectory slot, Path file) {
        return file.toAbsolutePath();
    }

    @Override
    public Path sockets(SlotDirectory slot) {
        return Path.of("/tmp");
    }
}
