package io.docmill.worker.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Limits and a clean environment, but no walls: a document may reach the network and every file that this process may read.
 * For machines that run nothing else and take no documents of strangers.
 */
public final class NoSandbox implements Sandbox {

    /** The name in the configuration. */
    public static final String NAME = "none";

    private final String environmentProgram;
    private final List<String> limits;

    /**
     * @param env the program {@code env}
     * @param prlimit the program {@code prlimit}
     */
    public NoSandbox(Path env, Path prlimit, ResourceLimits limits) {
        this.environmentProgram = env.toString();
        this.limits = limits.command(prlimit.toString());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<String> command(SlotDirectory slot, Map<String, String> environment, List<String> command) {
        var line = new ArrayList<>(limits);
        line.add(environmentProgram);
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
