package io.docmill.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerMainIT {

    @Test
    void endsWithStatusOneWhenItsManagementPortIsTaken(@TempDir Path directory) throws Exception {
        // Given
        Path log = directory.resolve("log");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Process worker = start(log, taken.getLocalPort());
            try {
                // When
                boolean ended = worker.waitFor(60, TimeUnit.SECONDS);
                // Then
                assertThat(ended).isTrue();
                assertThat(worker.exitValue()).isEqualTo(1);
                assertThat(log).content().contains("The worker can't start", String.valueOf(taken.getLocalPort()));
            } finally {
                worker.destroyForcibly();
            }
        }
    }

    private static Process start(Path log, int managementPort) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        WorkerMain.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(Files.createFile(log).toFile());
        // Neighbours that nobody asks: the port is opened first.
        builder.environment()
                .putAll(Map.of(
                        "DOCMILL_SERVICE_KEY", "A".repeat(43) + "=",
                        "DOCMILL_STORAGE_ENDPOINT", "http://127.0.0.1:1",
                        "DOCMILL_STORAGE_ACCESS_KEY", "access",
                        "DOCMILL_STORAGE_SECRET_KEY", "secret",
                        "DOCMILL_KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1",
                        "DOCMILL_REDIS_ADDRESS", "redis://127.0.0.1:1",
                        "DOCMILL_MANAGEMENT_HOST", "127.0.0.1",
                        "DOCMILL_MANAGEMENT_PORT", String.valueOf(managementPort)));
        return builder.start();
    }
}
