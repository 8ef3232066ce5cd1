package io.docmill.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * One running Docmill for the whole suite: started for the first test that asks for one, ended after the last. Gives it,
 * or a client of a new scope, to tests as a parameter, and shows what it logged during a test that fails.
 */
final class SharedDocmill implements ParameterResolver, BeforeEachCallback, TestWatcher {
    private static final Namespace NAMESPACE = Namespace.create(SharedDocmill.class);
    private static final String LOG_START = "log-start";

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == RunningDocmill.class || type == DocmillClient.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        RunningDocmill docmill = running(context);
        return parameter.getParameter().getType() == RunningDocmill.class ? docmill : docmill.clientOfNewScope();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        context.getStore(NAMESPACE).put(LOG_START, running(context).logLength());
    }

    @Override
    public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
        long start = context.getStore(NAMESPACE).getOrDefault(LOG_START, Long.class, 0L);
        System.err.printf(
                "%nWhat Docmill logged during %s:%n%s%n",
                context.getDisplayName(), running(context).logFrom(start));
    }

    private static RunningDocmill running(ExtensionContext context) {
        return context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Started.class, _ -> new Started(), Started.class)
                .docmill;
    }

    /** Closed by JUnit at the end of the suite, because it is in the root's store. */
    private static final class Started implements AutoCloseable {
        private final Path directory;
        private final RunningDocmill docmill;

        private Started() {
            try {
                directory = Files.createTempDirectory("docmill-system-tests-");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            docmill = RunningDocmill.start(directory);
        }

        @Override
        public void close() {
            docmill.close();
            RunningDocmill.delete(directory);
        }
    }
}
