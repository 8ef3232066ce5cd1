package io.docmill.worker.libreoffice;

import io.docmill.worker.engine.EngineUnavailableException;
import io.docmill.worker.libreoffice.LibreOfficeSettings.SandboxChoice;
import io.docmill.worker.sandbox.BubblewrapSandbox;
import io.docmill.worker.sandbox.LandlockSandbox;
import io.docmill.worker.sandbox.NoSandbox;
import io.docmill.worker.sandbox.ProcessLauncher;
import io.docmill.worker.sandbox.Sandbox;
import io.docmill.worker.sandbox.SandboxProbe;
import io.docmill.worker.sandbox.SandboxPrograms;
import io.docmill.worker.sandbox.SandboxRules;
import io.docmill.worker.sandbox.SandboxUnavailableException;
import io.docmill.worker.sandbox.SeccompFilters;
import io.docmill.worker.sandbox.SlotUsers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sandbox that is used, and why not a stronger one.
 *
 * @param sandbox proven on this machine, unless none is wanted
 * @param rules what holds in it; empty if none is wanted
 * @param passedOver stronger ones, each with the reason why it can't be used here
 */
record SandboxSelection(Sandbox sandbox, Optional<SandboxRules> rules, List<String> passedOver) {

    private static final Logger log = LoggerFactory.getLogger(SandboxSelection.class);

    private static final String BUBBLEWRAP_NEEDS =
            "Bubblewrap needs the Debian package bubblewrap, and either root with"
                    + " CAP_SYS_ADMIN or user namespaces: sysctl user.max_user_namespaces above 0,"
                    + " kernel.unprivileged_userns_clone=1 and kernel.apparmor_restrict_unprivileged_userns=0 where they exist, and"
                    + " no seccomp profile of a container that refuses them.";

    private static final String LANDLOCK_NEEDS =
            "Landlock needs setpriv of util-linux 2.41 or newer (Debian 13) on the PATH, a"
                    + " kernel of 5.19 or newer that has it switched on (CONFIG_SECURITY_LANDLOCK, and landlock in the boot parameter"
                    + " lsm= where there is one), and a worker that is no root user or has CAP_SETUID, CAP_SETGID and CAP_CHOWN.";

    SandboxSelection {
        passedOver = List.copyOf(passedOver);
    }

    /**
     * Chooses the strongest sandbox that is allowed by the settings and holds here.
     *
     * @throws EngineUnavailableException if none does; the message says for each what is missing
     */
    static SandboxSelection choose(LibreOfficeSettings settings, ProcessLauncher launcher) throws IOException {
        var programs = SandboxPrograms.find();
        return switch (settings.sandbox()) {
            case NONE -> {
                log.warn("LibreOffice runs without a sandbox, as configured:"
                        + " documents can reach the network and the files of this process");
                yield new SandboxSelection(
                        new NoSandbox(programs, settings.resourceLimits()), Optional.empty(), List.of());
            }
            case BUBBLEWRAP, LANDLOCK, AUTO -> prove(settings, launcher, programs, rules(settings));
        };
    }

    private static SandboxRules rules(LibreOfficeSettings settings) throws IOException {
        Path home = settings.officeHome();
        return new SandboxRules(
                settings.resourceLimits(),
                filters(Files.createDirectories(settings.workDirectory().resolve("filters"))),
                SlotUsers.from(settings.firstSlotUser()),
                home.startsWith("/usr") ? List.of() : List.of(home));
    }

    private static SeccompFilters filters(Path directory) throws IOException {
        try {
            return SeccompFilters.write(directory);
        } catch (SandboxUnavailableException e) {
            throw refusal(List.of(String.valueOf(e.getMessage())));
        }
    }

    private static SandboxSelection prove(
            LibreOfficeSettings settings, ProcessLauncher launcher, SandboxPrograms programs, SandboxRules rules) {
        var probe = new SandboxProbe(launcher);
        var refused = new ArrayList<String>();
        for (Sandbox sandbox : candidates(settings.sandbox(), programs, rules)) {
            try {
                probe.verify(sandbox, settings.workDirectory().resolve("slots/probe"));
                var selection = new SandboxSelection(sandbox, Optional.of(rules), refused);
                log.info("Documents are kept in by the sandbox {}", selection.description());
                return selection;
            } catch (SandboxUnavailableException e) {
                refused.add(sandbox.name() + ": " + e.getMessage());
            }
        }
        throw refusal(refused);
    }

    /** The strongest first. */
    private static List<Sandbox> candidates(SandboxChoice choice, SandboxPrograms programs, SandboxRules rules) {
        var namespaces = new BubblewrapSandbox(programs, rules);
        var landlock = new LandlockSandbox(programs, rules);
        return switch (choice) {
            case AUTO -> List.of(namespaces, landlock);
            case BUBBLEWRAP -> List.of(namespaces);
            case LANDLOCK -> List.of(landlock);
            case NONE -> List.of();
        };
    }

    private static EngineUnavailableException refusal(List<String> reasons) {
        return new EngineUnavailableException("No sandbox can be used here. " + String.join(". ", reasons) + ". "
                + BUBBLEWRAP_NEEDS + " " + LANDLOCK_NEEDS + " Without any sandbox the worker runs only when"
                + " DOCMILL_WORKER_SANDBOX is 'none'.");
    }

    /** The name of the sandbox, and in brackets what stronger ones lack. */
    String description() {
        return passedOver.isEmpty()
                ? sandbox.name()
                : sandbox.name() + " (not " + String.join("; not ", passedOver) + ")";
    }
}
