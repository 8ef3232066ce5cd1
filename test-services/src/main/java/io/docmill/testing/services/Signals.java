package io.docmill.testing.services;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Sends signals to processes, as kill(1) does. */
public final class Signals {
    private Signals() {}

    /**
     * Sends a signal and waits for nothing.
     *
     * @param signal without the prefix, such as {@code TERM}
     * @return false if there is no such process any more
     */
    public static boolean send(String signal, ProcessHandle process) {
        try {
            return new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
