package io.docmill.worker.sandbox;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Proves that a sandbox holds on this machine: a program inside tries what no document may do, against this process, files of its
 * and another slot. The program also reports that it came to its end, so that one that never ran does not pass for a wall.
 */
public final class SandboxProbe {

    /**
     * Only builtins of bash, as no program inside may start another. Each way out that is open is named; the signal comes last,
     * since the number may be another process's inside.
     */
    private static final String SCRIPT = """
            port=$0 secret=$1 outside=$2 neighbour=$3 victim=$4 mark=$5 own=$6
            attempt() {
              { exec 3<>/dev/tcp/127.0.0.1/"$port"; } && echo network=open
              { exec 3<>/dev/udp/127.0.0.1/"$port"; } && echo udp=open
              { exec 3<>/dev/udp/::1/"$port"; } && echo ipv6=open
              read -r line <"$secret" && echo file=open
              echo x >"$outside" && echo outside=open
              echo x >/docmill-probe && echo root=open
              read -r line <"$neighbour" && echo neighbour=open
              echo x >"$neighbour" && echo neighbour=open
              read -r -d '' line <"/proc/$victim/environ"
              [[ $line == *"$mark"* ]] && echo environment=open
              unprivileged=0
              while read -r name value; do
                case $name$value in
                  NoNewPrivs:1 | CapEff:0000000000000000 | Seccomp:2) unprivileged=$((unprivileged + 1)) ;;
                esac
              done </proc/self/status
              [[ $unprivileged == 3 ]] || echo privileges=open
              [[ $EUID != 0 ]] || echo superuser=open
              echo x >"$own" && read -r line <"$own" && echo works
              echo done
              kill -KILL "$victim"
            }
            attempt 2>/dev/null
            """;

    private static final String OPEN = "=open";
    private static final String MARK = "DOCMILL_PROBE";
    private static final long SIGNAL_MILLIS = 100;

    private final ProcessLauncher launcher;

    public SandboxProbe(ProcessLauncher launcher) {
        this.launcher = launcher;
    }

    /**
     * Tries the sandbox.
     *
     * @param directory where the probe may make a slot; another one, whose name is longer, is made beside it. Both are removed
     * @throws SandboxUnavailableException if the sandbox does not start, or does not hold; the message says why
     */
    public void verify(Sandbox sandbox, Path directory) {
        try (var listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            judge(report(sandbox, directory, listener.getLocalPort()));
        } catch (IOException e) {
            throw new SandboxUnavailableException("it could not be started (" + e + ")", e);
        }
    }

    private static void judge(String report) {
        var lines = report.lines().toList();
        var leaks =
                lines.stream().filter(line -> line.endsWith(OPEN)).distinct().toList();
        if (!leaks.isEmpty()) {
            throw new SandboxUnavailableException("it does not hold: " + String.join(", ", leaks));
        }
        if (!lines.contains("done")) {
            throw new SandboxUnavailableException("a program in it did not run: " + oneLine(report));
        }
        if (!lines.contains("works")) {
            throw new SandboxUnavailableException("a program in it could not use its own directory, as if the user that"
                    + " it runs as had no way to the work directory");
        }
    }

    private static String oneLine(String report) {
        return String.join("; ", report.strip().split("\\R"));
    }

    private String report(Sandbox sandbox, Path directory, int port) throws IOException {
        String mark = UUID.randomUUID().toString();
        Path beside = directory.resolveSibling(directory.getFileName() + "-neighbour");
        @Nullable Process victim = null;
        try {
            var slot = sandbox.createSlot(directory);
            var neighbour = sandbox.createSlot(beside);
            var secret = Files.writeString(directory.resolve("secret"), "secret\n");
            victim = victim(mark);
            var arguments = new ArrayList<>(List.of("/bin/bash", "-c", SCRIPT, Integer.toString(port)));
            arguments.add(secret.toString());
            arguments.add(directory.resolve("written").toString());
            arguments.add(Files.writeString(neighbour.document().resolve("document"), "secret\n")
                    .toString());
            arguments.add(Long.toString(victim.pid()));
            arguments.add(mark);
            arguments.add(sandbox.inside(slot, slot.scratch().resolve("own")).toString());
            launcher.start(slot, sandbox.command(slot, Map.of(), arguments)).waitFor();
            boolean killed = victim.waitFor(SIGNAL_MILLIS, TimeUnit.MILLISECONDS);
            return Files.readString(slot.log()) + (killed ? "signal" + OPEN : "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("Interrupted", e);
        } finally {
            if (victim != null) {
                victim.destroyForcibly();
            }
            SlotDirectory.removeTree(directory);
            SlotDirectory.removeTree(beside);
        }
    }

    /** A process like this one: of the same user, with something in its environment that nobody may read. */
    private static Process victim(String mark) throws IOException {
        var builder = new ProcessBuilder("/bin/sleep", "60");
        builder.environment().clear();
        builder.environment().put(MARK, mark);
        return builder.start();
    }
}
