package io.docmill.system;

import io.docmill.testing.services.ClusterProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Two gateways and two workers for all tests that ask for a {@link Cluster}: started for the first, ended after the last. Each
 * test finds it whole. Shows what each process logged during a test that fails.
 */
final class SharedCluster implements ParameterResolver, BeforeEachCallback, AfterTestExecutionCallback {
    private static final Namespace NAMESPACE = Namespace.create(SharedCluster.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Cluster.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return running(context).cluster;
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        Started started = running(context);
        started.cluster.mend();
        started.cluster.processes().forEach(process -> started.logStarts.put(process, process.logLength()));
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isEmpty()) {
            return;
        }
        Started started = running(context);
        started.logStarts.forEach((process, start) -> System.err.printf(
                "%nWhat %s logged during %s:%n%s%n", process.name(), context.getDisplayName(), process.logFrom(start)));
    }

    private static Started running(ExtensionContext context) {
        return context.getRoot().getStore(NAMESPACE).computeIfAbsent(Started.class, _ -> new Started(), Started.class);
    }

    /** Closed by JUnit at the end of the suite, because it is in the root's store. */
    private static final class Started implements AutoCloseable {
        private final Map<ClusterProcess, Long> logStarts = new HashMap<>();
        private final Path directory;
        private final Cluster cluster;

        private Started() {
            try {
                directory = Files.createTempDirectory("docmill-");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            cluster = Cluster.start(directory, 2, 2);
        }

        @Override
        public void close() {
            cluster.close();
            RunningDocmill.delete(directory);
        }
    }
}
