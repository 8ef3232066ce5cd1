package io.docmill.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxIT {

    private static final Path PRLIMIT = Path.of("/usr/bin/prlimit");

    private final Sandbox bubblewrap =
            new BubblewrapSandbox(Path.of("/usr/bin/bwrap"), PRLIMIT, ResourceLimits.DEFAULT, List.of());
    private final ProcessLauncher launcher = new ProcessLauncher();

    @TempDir
    private Path directory;

    @AfterEach
    void closeLauncher() {
        launcher.close();
    }

    private String run(Sandbox sandbox, SlotDirectory slot, String script) throws IOException, InterruptedException {
        var command = List.of("/bin/bash", "-c", script);
        launcher.start(slot, sandbox.command(slot, Map.of("SHOWN", "yes"), command))
                .waitFor();
        return Files.readString(slot.log());
    }

    @Test
    void bubblewrapHolds() {
        new SandboxProbe(launcher).verify(bubblewrap, directory.resolve("probe"));
        assertThat(directory.resolve("probe")).doesNotExist();
    }

    @Test
    void whatDoesNotHoldIsFoundOut() {
        // Given
        var none = new NoSandbox(Path.of("/usr/bin/env"), PRLIMIT, ResourceLimits.DEFAULT);
        // Then
        assertThatExceptionOfType(SandboxUnavailableException.class)
                .isThrownBy(() -> new SandboxProbe(launcher).verify(none, directory.resolve("probe")))
                .withMessageContaining("network=open");
    }

    @Test
    void whatDoesNotStartIsNotTakenForAWall() {
        // Given
        var broken = new BubblewrapSandbox(Path.of("/usr/bin/false"), PRLIMIT, ResourceLimits.DEFAULT, List.of());
        // Then
        assertThatExceptionOfType(SandboxUnavailableException.class)
                .isThrownBy(() -> new SandboxProbe(launcher).verify(broken, directory.resolve("probe")))
                .withMessageContaining("did not run");
    }

    @Test
    void programsInsideSeeTheirDirectoryAndNothingElse() throws IOException, InterruptedException {
        // Given
        var slot = SlotDirectory.create(directory.resolve("slot"));
        Files.writeString(slot.document().resolve("mine"), "mine");
        // When
        String seen = run(
                bubblewrap,
                slot,
                "cat /slot/document/mine; echo; env | sort; ls /; ls /proc | grep -c '^[0-9]'; cat /etc/passwd;"
                        + " mv /slot/document /slot/other; ls /slot");
        // Then
        assertThat(seen.lines())
                .contains("mine", "SHOWN=yes", "slot", "document")
                .doesNotContain("root", "opt", "srv", "other")
                .noneMatch(line -> line.startsWith("JAVA_HOME") || line.startsWith("root:"));
    }

    @Test
    void killingLeavesNoProcess() throws IOException {
        // Given
        var slot = SlotDirectory.create(directory.resolve("slot"));
        var process = launcher.start(
                slot, bubblewrap.command(slot, Map.of(), List.of("/bin/bash", "-c", "sleep 1234567 & sleep 1234567")));
        await().until(() -> commands("1234567").size() >= 2);
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
