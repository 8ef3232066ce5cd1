package io.docmill.testing.services;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A service within this JVM. */
final class LocalService implements TestService {
    private final String name;
    private final Supplier<AutoCloseable> opening;
    private @Nullable AutoCloseable running;

    LocalService(String name, Supplier<AutoCloseable> opening) {
        this.name = name;
        this.opening = opening;
    }

    @Override
    public synchronized void start() {
        if (running != null) {
            throw new IllegalStateException(name + " runs already");
        }
        running = opening.get();
    }

    @Override
    public synchronized void stop() {
        AutoCloseable ending = running;
        running = null;
        if (ending == null) {
            return;
        }
        try {
            ending.close();
        } catch (Exception e) {
            throw new IllegalStateException(name + " did not end in order", e);
        }
    }

    @Override
    public void close() {
        stop();
    }
}
