package io.docmill.worker.libreoffice;

import com.sun.star.lib.connections.websocket.websocketConnector;
import io.docmill.worker.engine.Tenant;
import io.docmill.worker.sandbox.ConfinedProcess;
import io.docmill.worker.sandbox.Sandbox;
import io.docmill.worker.sandbox.SlotDirectory;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jodconverter.core.office.OfficeException;
import org.jodconverter.core.task.OfficeTask;
import org.jodconverter.local.office.ExternalOfficeManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One LibreOffice in its sandbox, with the JODConverter manager that drives it. Never restarted: after any fault it is
 * destroyed with all that it has on disk.
 *
 * <p>JODConverter's manager of <em>external</em> processes is used, not its local one, which would start a crashed office again
 * by itself in the same place, keeps the process to itself, and connects to pipes in {@code /tmp} only.
 */
final class OfficeProcess {

    private static final Logger log = LoggerFactory.getLogger(OfficeProcess.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** Short, since the socket is there, and since JODConverter tries so long to connect again to a process that crashed. */
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(1);

    /** For JODConverter to disconnect; a process that does not answer is not waited for any longer. */
    private static final Duration DISCONNECT_PATIENCE = Duration.ofMillis(300);

    private static final long LOOK_EVERY_MILLIS = 20;

    private final int number;
    private final SlotDirectory slot;
    private final ConfinedProcess process;
    private final ExternalOfficeManager manager;
    private int documents;
    private volatile boolean spoilt;

    /** Whose documents it had; null as long as it is fresh. Guarded by the pool. */
    private @Nullable Tenant tenant;

    private OfficeProcess(int number, SlotDirectory slot, ConfinedProcess process, ExternalOfficeManager manager) {
        this.number = number;
        this.slot = slot;
        this.process = process;
        this.manager = manager;
    }

    /**
     * Starts a LibreOffice and returns when it takes documents. On failure nothing is left.
     *
     * @throws OfficeException if it ended, or did not answer in time
     */
    static OfficeProcess start(OfficeWorkplace workplace, int number)
            throws IOException, OfficeException, InterruptedException {
        var root = workplace.slotRoot().resolve(Integer.toString(number));
        try {
            var slot = workplace.sandbox().createSlot(root);
            workplace.template().copyTo(slot.profile());
            // Not this process's id: without a sandbox the socket of an ended one stays in /tmp, where in a container,
            // or
            // in this very process, the next engine may have the same id and would be taken for alive.
            String pipe =
                    "docmill" + Integer.toString(ThreadLocalRandom.current().nextInt(1 << 30), 36) + "x" + number;
            var process = workplace.launcher().start(slot, command(workplace, slot, pipe));
            try {
                var socket = awaitSocket(workplace.sandbox(), slot, pipe, process);
                var manager = connect(socket, slot);
                warmUp(manager, workplace.sandbox(), slot, process);
                process.settle();
                return new OfficeProcess(number, slot, process, manager);
            } catch (IOException | OfficeException | InterruptedException | RuntimeException e) {
                process.kill();
                throw e;
            }
        } catch (IOException | OfficeException | InterruptedException | RuntimeException e) {
            SlotDirectory.removeTree(root);
            throw e;
        }
    }

    private static List<String> command(OfficeWorkplace workplace, SlotDirectory slot, String pipe) {
        var command = new ArrayList<>(List.of(
                workplace.office().program().toString(),
                "--accept=pipe,name=" + pipe + ";urp;",
                "--headless",
                "--invisible",
                "--nocrashreport",
                "--nodefault",
                "--nofirststartwizard",
                "--nolockcheck",
                "--nologo",
                "--norestore"));
        command.addAll(ProfileTemplate.arguments(workplace.sandbox(), slot, slot.profile()));
        var environment = OfficeEnvironment.of(workplace.sandbox(), slot);
        return workplace.sandbox().command(slot, environment, command);
    }

    /** LibreOffice puts its user's id into the socket's name, but only where it can look it up: so it is found by its end. */
    private static Path awaitSocket(Sandbox sandbox, SlotDirectory slot, String pipe, ConfinedProcess process)
            throws IOException, OfficeException, InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        while (System.nanoTime() < deadline) {
            Optional<Path> socket = findSocket(sandbox.sockets(slot), "_" + pipe);
            if (socket.isPresent()) {
                return socket.get();
            }
            if (!process.isAlive()) {
                throw new OfficeException("LibreOffice ended while it started and said: "
                        + Files.readString(slot.log()).strip());
            }
            Thread.sleep(LOOK_EVERY_MILLIS);
        }
        throw new OfficeException("LibreOffice did not start within " + START_LIMIT.toSeconds() + " s");
    }

    private static Optional<Path> findSocket(Path directory, String end) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.filter(entry -> entry.toString().endsWith(end)).findFirst();
        }
    }

    private static ExternalOfficeManager connect(Path socket, SlotDirectory slot) throws OfficeException {
        var manager = ExternalOfficeManager.builder()
                .websocketUrls(websocketConnector.url(UnixDomainSocketAddress.of(socket)))
                .workingDir(slot.root().toFile())
                .connectFailFast(true)
                .connectTimeout(CONNECT_LIMIT.toMillis())
                .connectRetryInterval(LOOK_EVERY_MILLIS)
                .maxTasksPerConnection(0)
                .taskExecutionTimeout(Long.MAX_VALUE)
                .build();
        manager.start();
        return manager;
    }

    private static void warmUp(
            ExternalOfficeManager manager, Sandbox sandbox, SlotDirectory slot, ConfinedProcess process)
            throws IOException, OfficeException {
        var alarm = CompletableFuture.runAsync(
                process::kill, CompletableFuture.delayedExecutor(START_LIMIT.toSeconds(), TimeUnit.SECONDS));
        try {
            WarmUp.run(manager, sandbox, slot);
        } finally {
            alarm.cancel(false);
        }
    }

    int number() {
        return number;
    }

    SlotDirectory slot() {
        return slot;
    }

    ConfinedProcess process() {
        return process;
    }

    /** Documents that it was given so far. */
    int documents() {
        return documents;
    }

    /** Whose documents it had, or null if it is fresh; for the pool alone. */
    @Nullable
    Tenant tenant() {
        return tenant;
    }

    /** From now on it is this tenant's; for the pool alone. */
    void serve(Tenant owner) {
        tenant = owner;
    }

    /** It shall take no other document, although it may look well. */
    void spoil() {
        spoilt = true;
    }

    /** Whether it can take another document. */
    boolean isWell() {
        return !spoilt && process.isAlive() && manager.isRunning();
    }

    /** Runs a task in it. Only the one run that holds this process may call it. */
    void execute(OfficeTask task) throws OfficeException {
        documents++;
        manager.execute(task);
    }

    /** Ends one that is well, and removes its files; returns when both are done. May be called again, and by any thread. */
    void retire() {
        // First, or JODConverter takes the end for a fault and tries to connect again.
        join(stopping());
        end();
    }

    /** Ends it whatever state it is in, and removes its files; returns when both are done. As {@link #retire()} otherwise. */
    void destroy() {
        end();
        stopping();
    }

    private void end() {
        process.kill();
        try {
            slot.remove();
        } catch (IOException e) {
            log.atWarn()
                    .addKeyValue("directory", slot.root())
                    .setCause(e)
                    .log(
                            "Files of an ended LibreOffice could not be removed; the next start of the worker removes them");
        }
    }

    private Thread stopping() {
        return Thread.ofPlatform().daemon().name("office-stop-" + number).start(this::stopManager);
    }

    private static void join(Thread stopping) {
        try {
            stopping.join(DISCONNECT_PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends JODConverter's threads; that waits until it has given up to connect again. */
    private void stopManager() {
        try {
            manager.stop();
        } catch (OfficeException e) {
            log.debug("JODConverter could not stop what is gone", e);
        }
    }
}
