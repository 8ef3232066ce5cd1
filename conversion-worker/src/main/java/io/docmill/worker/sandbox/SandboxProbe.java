package io.docmill.worker.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a sandbox holds on this machine: a program inside tries to connect to this process and to read a file of its.
 * The program also reports what worked, so that one that never ran does not pass for a wall.
 */
public final class SandboxProbe {

    private static final String SCRIPT = """
            if exec 3<>/dev/tcp/127.0.0.1/"$0"; then echo network=open; else echo network=closed; fi 2>/dev/null
            if read -r line <"$1"; then echo file=open; else echo file=closed; fi 2>/dev/null
            if echo x >/slot-probe; then echo root=open; else echo root=closed; fi 2>/dev/null
            echo done
            """;

    private final ProcessLauncher launcher;

    public SandboxProbe(ProcessLauncher launcher) {
        this.launcher = launcher;
    }

    /**
     * Tries the sandbox.
     *
     * @param directory where the probe may put its files; they are removed
     * @throws SandboxUnavailableException if the sandbox does not start, or does not hold
     */
    public void verify(Sandbox sandbox, Path directory) {
        String report;
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            report = report(sandbox, directory, listener.getLocalPort());
        } catch (IOException e) {
            throw unavailable(sandbox, "it could not be started (" + e.getMessage() + ")", e);
        }
        if (!report.contains("done")) {
            throw unavailable(sandbox, "a program in it did not run: " + report.strip(), null);
        }
        for (String leak : List.of("network=open", "file=open", "root=open")) {
            if (report.contains(leak)) {
                throw unavailable(sandbox, "it does not hold: " + leak, null);
            }
        }
    }

    private String report(Sandbox sandbox, Path directory, int port) throws IOException {
        var slot = SlotDirectory.create(directory);
        try {
            var secret = Files.writeString(slot.root().resolve("secret"), "secret\n");
            var script = List.of("/bin/bash", "-c", SCRIPT, Integer.toString(port), secret.toString());
            var process = launcher.start(slot, sandbox.command(slot, Map.of(), script));
            process.waitFor();
            return Files.readString(slot.log());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        } finally {
            slot.remove();
        }
    }

    private static SandboxUnavailableException unavailable(Sandbox sandbox, String reason, @Nullable Throwable cause) {
        return new SandboxUnavailableException(
                "The sandbox " + sandbox.name() + " cannot be used: " + reason
                        + ". It needs the Debian packages bubblewrap and util-linux, and user namespaces"
                        + " (sysctl kernel.unprivileged_userns_clone=1, and no seccomp or AppArmor profile that refuses"
                        + " them) or root. Without any sandbox the engine runs only when it is configured to 'none'.",
                cause);
    }
}
