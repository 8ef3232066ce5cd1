package io.docmill.worker.libreoffice;

import io.docmill.worker.engine.EngineObserver;
import io.docmill.worker.engine.EngineStatus.EngineKind;
import io.docmill.worker.engine.EngineUnavailableException;

/**
 * LibreOffice processes that live for many documents, each in a sandbox of its own, driven over UNO. One or some more than there are
 * slots are kept: such a spare takes over at once when another is lost or worn out.
 */
public final class JodConverterEngine extends LibreOfficeEngine {

    private JodConverterEngine(
            LibreOfficeSettings settings, OfficeWorkplace workplace, EngineObserver observer, String passedOver) {
        super(
                settings,
                workplace,
                new OfficePool(workplace, settings, observer),
                EngineKind.JODCONVERTER,
                passedOver,
                workplace.selection().description());
    }

    /**
     * Checks all that is needed and begins to start processes; {@link #awaitReady()} tells when they are there.
     *
     * @throws EngineUnavailableException if something is missing; the message says what to install or to configure
     */
    public static JodConverterEngine start(LibreOfficeSettings settings) {
        return start(settings, EngineObserver.NONE);
    }

    /**
     * The same.
     *
     * @param observer is told what becomes of the processes
     */
    public static JodConverterEngine start(LibreOfficeSettings settings, EngineObserver observer) {
        return start(settings, observer, ProfileTemplate.hardenedSettings());
    }

    /** Starts with another profile, for tests that look at one wall alone. */
    static JodConverterEngine start(LibreOfficeSettings settings, EngineObserver observer, byte[] profileSettings) {
        return in(OfficeWorkplace.open(settings, profileSettings), settings, observer, "");
    }

    /**
     * Starts in a workplace, which ends with the engine.
     *
     * @param passedOver why the other engine can't be used here; empty if it is not wanted
     */
    static JodConverterEngine in(
            OfficeWorkplace workplace, LibreOfficeSettings settings, EngineObserver observer, String passedOver) {
        return new JodConverterEngine(settings, workplace, observer, passedOver);
    }
}
