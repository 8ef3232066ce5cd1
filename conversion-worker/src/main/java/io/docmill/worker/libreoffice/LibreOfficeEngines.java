package io.docmill.worker.libreoffice;

import io.docmill.worker.engine.EngineObserver;
import io.docmill.worker.engine.EngineUnavailableException;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the engine that the settings ask for. */
public final class LibreOfficeEngines {

    private static final Logger log = LoggerFactory.getLogger(LibreOfficeEngines.class);

    private LibreOfficeEngines() {}

    /**
     * Starts it; {@link LibreOfficeEngine#awaitReady()} tells when it takes documents.
     *
     * @param observer is told what becomes of the processes
     * @throws EngineUnavailableException if something is missing; the message says what to install or to configure
     */
    public static LibreOfficeEngine start(LibreOfficeSettings settings, EngineObserver observer) {
        return switch (settings.engine()) {
            case FORK -> ForkServerEngine.start(settings, observer);
            case JODCONVERTER -> JodConverterEngine.start(settings, observer);
            case AUTO -> startBest(settings, observer);
        };
    }

    private static LibreOfficeEngine startBest(LibreOfficeSettings settings, EngineObserver observer) {
        var workplace = OfficeWorkplace.open(settings, ProfileTemplate.hardenedSettings());
        try {
            return ForkServerEngine.in(workplace, settings, observer, UnaryOperator.identity());
        } catch (EngineUnavailableException e) {
            log.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log("Documents share LibreOffices, driven by JODConverter: there can be none for each of them");
            log.debug("Why the fork server can't be used", e);
            return JodConverterEngine.in(workplace, settings, observer, String.valueOf(e.getMessage()));
        } catch (RuntimeException e) {
            workplace.close();
            throw e;
        }
    }
}
