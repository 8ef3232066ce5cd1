package io.docmill.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each sandbox with real programs in it. As root and as another user it takes different ways, so it is worth to run as both. */
class SandboxIT {

    private static final String NAMES = "io.docmill.worker.sandbox.TestedSandboxes#names";

    private final ProcessLauncher launcher = new ProcessLauncher();

    @TempDir
    private Path directory;

    @AfterEach
    void closeLauncher() {
        launcher.close();
    }

    private Sandbox sandbox(String name) throws IOException {
        return TestedSandboxes.of(name, directory);
    }

    private String run(Sandbox sandbox, SlotDirectory slot, String... command)
            throws IOException, InterruptedException {
        launcher.start(slot, sandbox.command(slot, Map.of("SHOWN", "yes"), List.of(command)))
                .waitFor();
        String said = Files.readString(slot.log());
        Files.delete(slot.log());
        return said;
    }

    private String bash(Sandbox sandbox, SlotDirectory slot, String script) throws IOException, InterruptedException {
        return run(sandbox, slot, "/bin/bash", "-c", script);
    }

    private String perl(Sandbox sandbox, SlotDirectory slot, String script) throws IOException, InterruptedException {
        return run(sandbox, slot, "/usr/bin/perl", "-e", script);
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void holds(String name) throws IOException {
        // When
        new SandboxProbe(launcher).verify(sandbox(name), directory.resolve("probe"));
        // Then
        assertThat(directory.resolve("probe")).doesNotExist();
    }

    @Test
    void whatDoesNotHoldIsFoundOut() throws IOException {
        // Given
        var none = sandbox(NoSandbox.NAME);
        // Then
        assertThatExceptionOfType(SandboxUnavailableException.class)
                .isThrownBy(() -> new SandboxProbe(launcher).verify(none, directory.resolve("probe")))
                .withMessageContainingAll(
                        "network=open",
                        "udp=open",
                        "file=open",
                        "outside=open",
                        "neighbour=open",
                        "environment=open",
                        "privileges=open",
                        "signal=open");
    }

    @Test
    void whatDoesNotStartIsNotTakenForAWall() throws IOException {
        // Given
        var rules =
                new SandboxRules(ResourceLimits.DEFAULT, SeccompFilters.write(directory), SlotUsers.none(), List.of());
        var broken = List.of(
                new BubblewrapSandbox(TestedSandboxes.broken(), rules),
                new LandlockSandbox(TestedSandboxes.broken(), rules));
        for (Sandbox sandbox : broken) {
            // Then
            assertThatExceptionOfType(SandboxUnavailableException.class)
                    .isThrownBy(() -> new SandboxProbe(launcher).verify(sandbox, directory.resolve("probe")))
                    .withMessageContaining("did not run");
        }
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void programsInsideSeeTheirDirectoryAndNothingElse(String name) throws IOException, InterruptedException {
        // Given
        var sandbox = sandbox(name);
        var slot = sandbox.createSlot(directory.resolve("slot"));
        var input = Files.writeString(directory.resolve("input"), "mine\n");
        var document = sandbox.inside(slot, slot.takeIn(input, "1", "document"));
        // When
        String seen = bash(sandbox, slot, """
                read -r line <%1$s; echo "$line"
                echo "shown $SHOWN ${JAVA_HOME-no java}"
                echo made >%1$s.new && read -r line <%1$s.new; echo "$line"
                for path in /etc/passwd /root /home /proc/1/environ /proc/self/environ /sys/kernel %2$s; do
                  [[ -r $path ]] && read -r line <"$path" && echo "leak $path"
                done
                echo x >%3$s && echo "leak root"
                """.formatted(
                        document, directory.resolve("input"), slot.root().resolve("x")));
        // Then
        assertThat(seen.lines())
                .contains("mine", "shown yes no java", "made")
                .noneMatch(line -> line.startsWith("leak") && !line.endsWith("/proc/self/environ"));
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void theProfileCanBeReadAndNotWritten(String name) throws IOException, InterruptedException {
        // Given
        var sandbox = sandbox(name);
        var slot = sandbox.createSlot(directory.resolve("slot"));
        var settings = slot.profile().resolve("settings");
        Files.writeString(settings, "hardened\n");
        SlotDirectory.publish(settings);
        // When
        String seen = perl(
                sandbox, slot, """
                my $f = "%1$s"; open(F, "<", $f); print <F>; close F;
                print "written\\n" if open(F, ">>", $f);
                print "mode\\n" if chmod(0777, $f);
                print "removed\\n" if unlink($f);
                print "added\\n" if open(F, ">", "$f.new");
                print "renamed\\n" if rename("%2$s", "%2$s.old");
                """.formatted(sandbox.inside(slot, settings), sandbox.inside(slot, slot.profile())));
        // Then
        assertThat(seen.lines()).containsExactly("hardened");
        assertThat(settings).hasContent("hardened");
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void socketsAndFilesOfAnotherSlotAreOutOfReach(String name) throws IOException, InterruptedException {
        // Given
        var sandbox = sandbox(name);
        var slot = sandbox.createSlot(directory.resolve("a"));
        var other = sandbox.createSlot(directory.resolve("b"));
        var path = other.sockets().resolve("pipe");
        Files.writeString(other.document().resolve("document"), "theirs\n");
        try (var listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            listener.bind(UnixDomainSocketAddress.of(path));
            // When
            String seen =
                    perl(sandbox, slot, """
                    socket(S, 1, 1, 0) or print "no socket\\n";
                    print "connected\\n" if connect(S, pack("Sa*", 1, "%1$s\\0"));
                    print "read\\n" if open(F, "<", "%2$s");
                    print "mode\\n" if chmod(0777, "%1$s", "%2$s");
                    print "times\\n" if utime(1, 1, "%2$s");
                    print "removed\\n" if unlink("%1$s");
                    print "end\\n";
                    """.formatted(path, other.document().resolve("document")));
            // Then
            assertThat(seen.lines()).containsExactly("end");
        }
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void systemCallsAreRefusedWithErrorsThatProgramsKnow(String name) throws IOException, InterruptedException {
        // Given
        var sandbox = sandbox(name);
        var slot = sandbox.createSlot(directory.resolve("slot"));
        var machine = Machine.current().orElseThrow();
        // When
        String seen = perl(sandbox, slot, """
                sub attempt { my ($name, @call) = @_; $! = 0; my $r = syscall($call[0], @call[1..$#call]); print "$name ", $r < 0 ? $!+0 : "open", "\\n"; }
                attempt("inet", %1$d, 2, 1, 0);
                attempt("netlink", %1$d, 16, 3, 0);
                attempt("packet", %1$d, 17, 3, 0);
                attempt("vsock", %1$d, 40, 1, 0);
                attempt("datagram", %1$d, 1, 2, 0);
                attempt("stream", %1$d, 1, 1, 0);
                attempt("ptrace", %2$d, 0, 0, 0, 0);
                attempt("io_uring", %3$d, 1, 0);
                attempt("userfaultfd", %4$d, 0);
                attempt("keyctl", %5$d, 0, 0, 0);
                attempt("unshare", %6$d, 0);
                attempt("clone3", %7$d, 0, 0);
                attempt("newer", 4000, 0);
                attempt("personality", %8$d, 0x0040000);
                attempt("ask", %8$d, 0xffffffff);
                attempt("type into terminal", %9$d, 0, 0x5412, 0);
                """.formatted(
                        SystemCall.SOCKET.number(machine),
                        SystemCall.PTRACE.number(machine),
                        SystemCall.IO_URING_SETUP.number(machine),
                        SystemCall.USERFAULTFD.number(machine),
                        SystemCall.KEYCTL.number(machine),
                        SystemCall.UNSHARE.number(machine),
                        SystemCall.CLONE3.number(machine),
                        SystemCall.PERSONALITY.number(machine),
                        SystemCall.IOCTL.number(machine)));
        // Then
        assertThat(seen.lines())
                .containsExactly(
                        "inet 97",
                        "netlink 97",
                        "packet 97",
                        "vsock 97",
                        "datagram 1",
                        "stream open",
                        "ptrace 1",
                        "io_uring 1",
                        "userfaultfd 1",
                        "keyctl 1",
                        "unshare 1",
                        "clone3 38",
                        "newer 38",
                        "personality 1",
                        "ask open",
                        "type into terminal 1");
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void aWorkerThatIsRootRunsEachSlotAsAnotherUser(String name) throws IOException, InterruptedException {
        // Given
        boolean root = new UnixSystem().getUid() == 0;
        var sandbox = sandbox(name);
        var one = sandbox.createSlot(directory.resolve("one"));
        var two = sandbox.createSlot(directory.resolve("two"));
        // When
        long first = Long.parseLong(bash(sandbox, one, "echo $EUID").strip());
        long second = Long.parseLong(bash(sandbox, two, "echo $EUID").strip());
        // Then
        if (root) {
            assertThat(first).isGreaterThan(SlotUsers.DEFAULT_FIRST).isNotEqualTo(second);
        } else {
            assertThat(first).isEqualTo(new UnixSystem().getUid()).isEqualTo(second);
        }
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void limitsHoldInside(String name) throws IOException, InterruptedException {
        // Given
        var sandbox = sandbox(name);
        var slot = sandbox.createSlot(directory.resolve("slot"));
        // When
        String seen = bash(sandbox, slot, "ulimit -t; ulimit -n; ulimit -c; ulimit -v; ulimit -u");
        // Then
        var limits = seen.lines().toList();
        assertThat(limits).startsWith("600", "1024", "0", Long.toString((4L << 30) / 1_024));
        if (slot.user().isPresent() || name.equals(BubblewrapSandbox.NAME)) {
            assertThat(limits.getLast()).isEqualTo("256");
        }
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void memoryAndProcessorTimeAreMeasured(String name) throws IOException {
        // Given
        var sandbox = sandbox(name);
        var slot = sandbox.createSlot(directory.resolve("slot"));
        var script = "my $n = 50_000_000; my $x = 'x' x $n; undef $x; while (1) {}";
        var process = launcher.start(slot, sandbox.command(slot, Map.of(), List.of("/usr/bin/perl", "-e", script)));
        try {
            await().until(() -> process.memory().peakResidentBytes() > 50_000_000
                    && process.processorTime().toMillis() > 100
                    && process.memory().residentBytes() < 40_000_000);
            // When
            process.forgetPeak();
            // Then
            assertThat(process.memory().peakResidentBytes()).isBetween(1L, 40_000_000L);
        } finally {
            process.kill();
        }
    }

    @ParameterizedTest
    @MethodSource(NAMES)
    void killingLeavesNoProcess(String name) throws IOException {
        // Given: in the sandbox without namespaces no program can start another
        boolean alone = name.equals(LandlockSandbox.NAME);
        var sandbox = sandbox(name);
        var slot = sandbox.createSlot(directory.resolve("slot"));
        var script = alone ? "exec sleep 1234567" : "sleep 1234567 & exec sleep 1234567";
        var process = launcher.start(slot, sandbox.command(slot, Map.of(), List.of("/bin/bash", "-c", script)));
        await().until(() -> commands("1234567").size() == (alone ? 1 : 2));
        // When
        process.kill();
        // Then
        assertThat(process.isAlive()).isFalse();
        assertThat(commands("1234567")).isEmpty();
    }

    private static List<String> commands(String argument) {
        return ProcessHandle.allProcesses()
                .flatMap(process -> process.info().commandLine().stream())
                .filter(line -> line.startsWith("/usr/bin/sleep") || line.startsWith("sleep"))
                .filter(line -> line.contains(argument))
                .toList();
    }
}
