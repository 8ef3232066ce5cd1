package io.docmill.worker.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The sandboxes that tests run in: those that the environment variable DOCMILL_TEST_SANDBOXES names, separated by commas, none of
 * which is ever left out; bubblewrap, and Landlock where there is a setpriv for it, where it names none.
 */
public final class TestedSandboxes {

    private static final SandboxPrograms PROGRAMS = SandboxPrograms.find();

    private TestedSandboxes() {}

    public static Stream<String> names() {
        String chosen = System.getenv("DOCMILL_TEST_SANDBOXES");
        if (chosen != null && !chosen.isBlank()) {
            return Stream.of(chosen.split(",", -1));
        }
        return landlockIsThere()
                ? Stream.of(BubblewrapSandbox.NAME, LandlockSandbox.NAME)
                : Stream.of(BubblewrapSandbox.NAME);
    }

    private static boolean landlockIsThere() {
        try {
            var process = new ProcessBuilder(PROGRAMS.landlock().toString(), "--help").start();
            process.getOutputStream().close();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .contains("--landlock-rule");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A sandbox of the name, with filters in the directory. */
    static Sandbox of(String name, Path filters) throws IOException {
        var rules = new SandboxRules(
                ResourceLimits.DEFAULT,
                SeccompFilters.write(filters),
                SlotUsers.from(SlotUsers.DEFAULT_FIRST),
                List.of());
        return switch (name) {
            case BubblewrapSandbox.NAME -> new BubblewrapSandbox(PROGRAMS, rules);
            case LandlockSandbox.NAME -> new LandlockSandbox(PROGRAMS, rules);
            case NoSandbox.NAME -> new NoSandbox(PROGRAMS, ResourceLimits.DEFAULT);
            default -> throw new IllegalArgumentException("DOCMILL_TEST_SANDBOXES: there is no sandbox " + name);
        };
    }

    /** Programs none of which does anything. */
    static SandboxPrograms broken() {
        var no = Path.of("/usr/bin/false");
        return new SandboxPrograms(no, no, no, PROGRAMS.prlimit(), PROGRAMS.environment());
    }

    static List<String> all() {
        var all = new ArrayList<>(names().toList());
        all.add(NoSandbox.NAME);
        return all;
    }
}
