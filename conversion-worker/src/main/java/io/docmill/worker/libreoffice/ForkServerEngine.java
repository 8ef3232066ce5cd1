package io.docmill.worker.libreoffice;

import io.docmill.worker.engine.EngineObserver;
import io.docmill.worker.engine.EngineStatus.EngineKind;
import io.docmill.worker.engine.EngineUnavailableException;
import io.docmill.worker.sandbox.DocumentConfinement;
import io.docmill.worker.sandbox.SandboxUnavailableException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A LibreOffice of its own for every document: a fork server has all in memory that documents need, and forks a child for each,
 * which is confined before it opens the document and ends after it.
 */
public final class ForkServerEngine extends LibreOfficeEngine {

    private ForkServerEngine(
            LibreOfficeSettings settings, OfficeWorkplace workplace, ForkedOffices offices, String sandbox) {
        super(settings, workplace, offices, EngineKind.FORK_SERVER, "", sandbox);
    }

    /**
     * Checks all that is needed, starts a fork server, and tries it.
     *
     * @param observer is told what becomes of the processes
     * @throws EngineUnavailableException if something is missing, or the fork server can't be used on this machine; the message says
     *     why
     */
    public static ForkServerEngine start(LibreOfficeSettings settings, EngineObserver observer) {
        return start(settings, observer, ProfileTemplate.hardenedSettings(), UnaryOperator.identity());
    }

    /** Starts with another profile and some walls less, for tests that look at one wall alone. */
    static ForkServerEngine start(
            LibreOfficeSettings settings,
            EngineObserver observer,
            byte[] profileSettings,
            UnaryOperator<DocumentConfinement> walls) {
        var workplace = OfficeWorkplace.open(settings, profileSettings);
        try {
            return in(workplace, settings, observer, walls);
        } catch (RuntimeException e) {
            workplace.close();
            throw e;
        }
    }

    /**
     * Starts in a workplace, which ends with the engine; if it does not start the workplace is as it was.
     *
     * @throws EngineUnavailableException if the fork server can't be used here
     */
    static ForkServerEngine in(
            OfficeWorkplace workplace,
            LibreOfficeSettings settings,
            EngineObserver observer,
            UnaryOperator<DocumentConfinement> walls) {
        var program = settings.forkServer().program();
        if (!ForkServers.isInstalled(program)) {
            throw new EngineUnavailableException("There is no fork server: " + program
                    + " is no program. Build it (fork-server/README.md) and set DOCMILL_WORKER_FORK_SERVER.");
        }
        var servers = new ForkServers(workplace, settings, walls);
        try {
            var first = servers.start();
            var offices = new ForkedOffices(servers, settings, first, places(servers, settings.processes()), observer);
            return new ForkServerEngine(settings, workplace, offices, servers.walls());
        } catch (IOException | SandboxUnavailableException e) {
            servers.close();
            throw new EngineUnavailableException("The fork server can't be used here: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            servers.close();
            Thread.currentThread().interrupt();
            throw new EngineUnavailableException("Interrupted while the fork server started", e);
        }
    }

    private static List<ForkSlot> places(ForkServers servers, int number) throws IOException {
        var places = new ArrayList<ForkSlot>();
        for (int i = 1; i <= number; i++) {
            places.add(new ForkSlot(i, servers.createSlot()));
        }
        return places;
    }
}
