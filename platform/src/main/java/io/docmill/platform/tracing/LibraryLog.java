package io.docmill.platform.tracing;

import java.util.Arrays;
import java.util.function.LongSupplier;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.LoggerFactory;

/**
 * Takes what OpenTelemetry logs by {@code java.util.logging}, which writes past our log, as often as it likes: warnings come there
 * once a minute at most, such as of spans that are dropped because more come than can be sent.
 */
final class LibraryLog extends Handler {
    private static final org.slf4j.Logger log = LoggerFactory.getLogger(LibraryLog.class);

    private final WarningPause pause;

    private LibraryLog(LongSupplier nanoTime) {
        pause = new WarningPause(nanoTime);
        setFormatter(new SimpleFormatter());
        setLevel(Level.WARNING);
    }

    /**
     * Has a logger go on here, once.
     *
     * @return the logger, which must be held, itself or by a child: one that nobody holds forgets it
     */
    static Logger take(String name, LongSupplier nanoTime) {
        Logger logger = Logger.getLogger(name);
        if (Arrays.stream(logger.getHandlers()).noneMatch(LibraryLog.class::isInstance)) {
            logger.setUseParentHandlers(false);
            logger.addHandler(new LibraryLog(nanoTime));
        }
        return logger;
    }

    @Override
    public void publish(LogRecord line) {
        if (isLoggable(line) && pause.isOver()) {
            log.warn(
                    "{} (more such lines within a minute are left out)",
                    getFormatter().formatMessage(line));
        }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
}
