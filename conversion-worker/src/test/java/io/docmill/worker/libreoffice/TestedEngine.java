package io.docmill.worker.libreoffice;

import io.docmill.worker.engine.EngineObserver;
import io.docmill.worker.libreoffice.LibreOfficeSettings.EngineChoice;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The engines that tests run on: those that the environment variable DOCMILL_TEST_ENGINES names, separated by commas, none of which
 * is ever left out; JODConverter, and the fork server where DOCMILL_WORKER_FORK_SERVER says where it is, where it names none.
 */
enum TestedEngine {
    JODCONVERTER,
    FORK;

    /** A method source. */
    static final String ALL = "io.docmill.worker.libreoffice.TestedEngine#all";

    private static final String PROGRAM = "DOCMILL_WORKER_FORK_SERVER";

    static Stream<TestedEngine> all() {
        String chosen = System.getenv("DOCMILL_TEST_ENGINES");
        if (chosen != null && !chosen.isBlank()) {
            return Stream.of(chosen.split(",", -1)).map(name -> valueOf(name.toUpperCase(Locale.ROOT)));
        }
        return System.getenv(PROGRAM) == null ? Stream.of(JODCONVERTER) : Stream.of(values());
    }

    /** The settings of this engine with the defaults. */
    LibreOfficeSettings settings(Path work, int slots) {
        var settings = LibreOfficeSettings.of(work, slots);
        return switch (this) {
            case JODCONVERTER -> settings.withEngine(EngineChoice.JODCONVERTER);
            case FORK ->
                settings.withEngine(EngineChoice.FORK)
                        .withForkServer(settings.forkServer()
                                .withProgram(Path.of(Objects.requireNonNull(System.getenv(PROGRAM), PROGRAM))));
        };
    }

    /** Starts it and waits until it takes documents. */
    LibreOfficeEngine start(Path work, int slots) throws InterruptedException {
        var engine = LibreOfficeEngines.start(settings(work, slots), EngineObserver.NONE);
        engine.awaitReady();
        return engine;
    }

    /** How many LibreOffices there are at rest: with a fork server those that it has forked ahead of need. */
    int officesAtRest(int slots) {
        return switch (this) {
            case JODCONVERTER -> slots + 1;
            case FORK -> slots;
        };
    }

    /** How many files a slot has while it has no document, and some more: a profile is not in that of a forked LibreOffice. */
    int filesBelowADocument() {
        return switch (this) {
            case JODCONVERTER -> 20;
            case FORK -> 12;
        };
    }

    /** Some more address space, in bytes, than a LibreOffice has that is ready. */
    long littleAddressSpace() {
        return switch (this) {
            case JODCONVERTER -> 1_200L << 20;
            case FORK -> 640L << 20;
        };
    }

    /** How many directories there are: one for each slot and the spare, and one for a fork server. */
    int directories(int slots) {
        return switch (this) {
            case JODCONVERTER -> slots + 1;
            case FORK -> slots + 2;
        };
    }
}
