package io.docmill.worker.libreoffice;

import io.docmill.worker.forkserver.ForkServer;
import io.docmill.worker.forkserver.ForkServerDirectory;
import io.docmill.worker.forkserver.ForkServerProbe;
import io.docmill.worker.sandbox.DocumentConfinement;
import io.docmill.worker.sandbox.SandboxRules;
import io.docmill.worker.sandbox.SandboxUnavailableException;
import io.docmill.worker.sandbox.SlotDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts fork servers and makes directories for their children. Thread-safe. */
final class ForkServers implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(ForkServers.class);

    private final OfficeWorkplace workplace;
    private final Path program;
    private final int ahead;
    private final UnaryOperator<DocumentConfinement> walls;
    private final AtomicInteger numbers = new AtomicInteger();
    private final Set<ForkServer> live = ConcurrentHashMap.newKeySet();
    private volatile boolean namespaces = true;
    private volatile boolean hasStarted;

    /** @param walls takes some of the walls away, for tests that look at one of them alone */
    ForkServers(OfficeWorkplace workplace, LibreOfficeSettings settings, UnaryOperator<DocumentConfinement> walls) {
        this.workplace = workplace;
        this.program = settings.forkServer().program();
        this.ahead = settings.slots();
        this.walls = walls;
    }

    /** Makes a directory for children. */
    SlotDirectory createSlot() throws IOException {
        Path root = nextDirectory();
        Optional<SandboxRules> rules = workplace.selection().rules();
        return rules.isPresent()
                ? rules.get().createSlot(root)
                : workplace.sandbox().createSlot(root);
    }

    private Path nextDirectory() {
        return workplace.slotRoot().resolve("fork-" + numbers.incrementAndGet());
    }

    /**
     * Starts a server and tries whether its children are kept in and convert.
     *
     * @throws IOException if it does not start
     * @throws SandboxUnavailableException if its children are not kept in
     */
    ForkServer start() throws IOException, InterruptedException {
        if (!namespaces || hasStarted) {
            return start(namespaces);
        }
        try {
            return start(true);
        } catch (SandboxUnavailableException e) {
            log.info("Children can't have namespaces of their own here: {}", e.getMessage());
            namespaces = false;
            return start(false);
        }
    }

    private ForkServer start(boolean withNamespaces) throws IOException, InterruptedException {
        var directory = ForkServerDirectory.create(nextDirectory());
        try {
            workplace.template().copyTo(directory.profile());
            var confinement = walls.apply(confinement(directory, withNamespaces));
            Path documents = Files.createDirectory(directory.scratch().resolve("warm-up"));
            var setup = new ForkServer.Setup(
                    program, workplace.office().home(), confinement, ahead, WarmUp.conversions(documents));
            var server = ForkServer.start(setup, directory, workplace.launcher());
            SlotDirectory.removeTree(documents);
            live.add(server);
            try {
                if (confinement.isComplete()) {
                    prove(server);
                }
                hasStarted = true;
                return server;
            } catch (IOException | RuntimeException e) {
                server.close();
                live.remove(server);
                throw e;
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            directory.remove();
            throw e;
        }
    }

    private DocumentConfinement confinement(ForkServerDirectory directory, boolean withNamespaces) {
        return workplace
                .selection()
                .rules()
                .map(rules ->
                        DocumentConfinement.shared(rules, directory.profile(), withNamespaces && rules.hasUsers()))
                .orElseGet(() -> DocumentConfinement.none(workplace.limits()));
    }

    private void prove(ForkServer server) throws IOException {
        var slot = createSlot();
        var neighbour = createSlot();
        try {
            ForkServerProbe.verify(server, slot, neighbour);
        } finally {
            slot.remove();
            neighbour.remove();
        }
    }

    /** What keeps children in, for people. */
    String walls() {
        return workplace
                .selection()
                .rules()
                .map(rules -> "fork server (landlock, seccomp" + (rules.hasUsers() ? ", users" : "")
                        + (rules.hasUsers() && namespaces ? ", namespaces" : "") + ")")
                .orElse("none");
    }

    /** Removes what one that has ended has left. */
    void remove(ForkServer ended) {
        live.remove(ended);
        try {
            ended.directory().remove();
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("directory", ended.directory().root())
                    .setCause(e)
                    .log(
                            "Files of an ended fork server could not be removed; the next start of the worker removes them");
        }
    }

    /** Ends all servers. */
    @Override
    public void close() {
        for (ForkServer server : live) {
            server.close();
            remove(server);
        }
    }

    /** Whether there is a program at all. */
    static boolean isInstalled(Path program) {
        return Files.isExecutable(program);
    }
}
