package io.docmill.worker.forkserver;

import io.docmill.worker.sandbox.SandboxUnavailableException;
import io.docmill.worker.sandbox.SlotDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Proves that a child is kept in on this machine: it tries what no document may do, against the server, files of this process and
 * another slot, and also what it must be able to do, so that a child that does nothing does not pass for one that is kept in.
 */
public final class ForkServerProbe {

    private ForkServerProbe() {}

    /**
     * Tries it.
     *
     * @param slot a slot for it; what is made there is left
     * @param neighbour another slot
     * @throws SandboxUnavailableException if a child can't be confined, or is not kept in; the message says why
     */
    public static void verify(ForkServer server, SlotDirectory slot, SlotDirectory neighbour) throws IOException {
        var secret = server.directory().root().resolve("secret");
        var attempts = attempts(
                Files.writeString(secret, "secret"),
                server,
                slot,
                Files.writeString(neighbour.document().resolve("document"), "secret"));
        var child = server.probe(slot, attempts);
        var answer = child.awaitAnswer();
        Files.delete(secret);
        if (answer.result() != ChildResult.DONE) {
            throw new SandboxUnavailableException(
                    "a child could not be confined: " + answer.result() + " " + answer.detail());
        }
        judge(attempts, child.probeErrors());
    }

    private static List<ProbeAttempt> attempts(Path secret, ForkServer server, SlotDirectory slot, Path neighbour) {
        var attempts = new ArrayList<ProbeAttempt>();
        for (Path path :
                List.of(secret, neighbour, Path.of("/etc/passwd"), Path.of("/proc/" + server.pid() + "/environ"))) {
            attempts.add(ProbeAttempt.forbidden("read", path));
        }
        for (Path path : List.of(
                secret,
                neighbour,
                slot.root().resolve("written"),
                server.directory().profile().resolve("written"),
                Path.of("/tmp/docmill-probe-" + server.pid()))) {
            attempts.add(ProbeAttempt.forbidden("write", path));
        }
        for (Path path : List.of(secret, neighbour)) {
            attempts.add(ProbeAttempt.forbidden("truncate", path));
        }
        attempts.add(ProbeAttempt.forbidden("make_directory", slot.document().resolve("directory")));
        for (Path directory : List.of(slot.document(), slot.scratch())) {
            attempts.add(ProbeAttempt.forbidden("make_link", directory.resolve("link")));
            attempts.add(ProbeAttempt.forbidden("make_fifo", directory.resolve("fifo")));
        }
        for (String what : List.of(
                "signal_by_descriptor",
                "inet_socket",
                "unix_socket",
                "fork",
                "unshare",
                "trace_parent",
                "signal_parent")) {
            attempts.add(ProbeAttempt.forbidden(what));
        }
        attempts.add(ProbeAttempt.allowed("write", slot.scratch().resolve("own")));
        attempts.add(ProbeAttempt.allowed("read", slot.scratch().resolve("own")));
        // The last one: where it goes through there is no child any more to tell.
        attempts.add(ProbeAttempt.forbidden("exec", Path.of("/bin/true")));
        return attempts;
    }

    private static void judge(List<ProbeAttempt> attempts, List<Integer> errors) {
        if (errors.size() != attempts.size()) {
            throw new SandboxUnavailableException(
                    "a confined child told of " + errors.size() + " of " + attempts.size() + " attempts");
        }
        var wrong = IntStream.range(0, attempts.size())
                .filter(i -> attempts.get(i).allowed() != (errors.get(i) == 0))
                .mapToObj(i -> (attempts.get(i).allowed() ? "refused: " : "open: ") + attempts.get(i))
                .toList();
        if (!wrong.isEmpty()) {
            throw new SandboxUnavailableException("a child is not kept in: " + String.join(", ", wrong));
        }
    }
}
