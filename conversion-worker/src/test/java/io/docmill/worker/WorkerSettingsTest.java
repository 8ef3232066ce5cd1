package io.docmill.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.docmill.platform.config.InvalidSettingsException;
import io.docmill.platform.config.Settings;
import io.docmill.worker.engine.EngineUnavailableException;
import io.docmill.worker.libreoffice.ForkServerSettings.Isolation;
import io.docmill.worker.libreoffice.LibreOfficeSettings.EngineChoice;
import io.docmill.worker.libreoffice.LibreOfficeSettings.SandboxChoice;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerSettingsTest {
    private static final Map<String, String> NEEDED = Map.of(
            "DOCMILL_SERVICE_KEY", "Nv1h9nq0bPz3mY2fF6rVwX8yZ0aB4cD6eF8gH0iJ2kM=",
            "DOCMILL_STORAGE_ENDPOINT", "http://minio:9000",
            "DOCMILL_STORAGE_ACCESS_KEY", "docmill",
            "DOCMILL_STORAGE_SECRET_KEY", "storage secret",
            "DOCMILL_KAFKA_BOOTSTRAP_SERVERS", "kafka:9092",
            "DOCMILL_REDIS_ADDRESS", "redis://redis:6379");

    @Test
    void needsOnlyTheNeighboursAndTheKey() {
        // When
        WorkerSettings settings = Settings.fromEnvironment(WorkerSettings.class, NEEDED);
        // Then
        WorkerSettings.Worker worker = settings.worker();
        assertThat(worker.slots()).isEqualTo(2);
        assertThat(worker.reservedSlots()).isEmpty();
        assertThat(worker.workDirectory()).isEqualTo(Path.of("/tmp/docmill-worker"));
        assertThat(worker.officeHome()).isEqualTo(Path.of("/usr/lib/libreoffice"));
        assertThat(worker.sandbox()).isEqualTo(SandboxChoice.AUTO);
        assertThat(worker.memoryLimit().bytes()).isEqualTo(2L << 30);
        assertThat(worker.documentsPerProcess()).isEqualTo(500);
        assertThat(worker.drainTime()).isEqualTo(Duration.ofSeconds(25));
    }

    @Test
    void readsEverySetting() {
        // Given
        Map<String, String> environment = new HashMap<>(NEEDED);
        environment.putAll(Map.of(
                "DOCMILL_WORKER_SLOTS", "8",
                "DOCMILL_WORKER_RESERVED_SLOTS", "3",
                "DOCMILL_WORKER_WORK_DIRECTORY", "/dev/shm/docmill",
                "DOCMILL_WORKER_OFFICE_HOME", "/opt/libreoffice",
                "DOCMILL_WORKER_SANDBOX", "none",
                "DOCMILL_WORKER_MEMORY_LIMIT", "1GB",
                "DOCMILL_WORKER_DOCUMENTS_PER_PROCESS", "50",
                "DOCMILL_WORKER_DRAIN_TIME", "5m"));
        environment.putAll(Map.of(
                "DOCMILL_WORKER_ENGINE", "fork",
                "DOCMILL_WORKER_FORK_SERVER", "/opt/fork-server",
                "DOCMILL_WORKER_FORK_SERVER_DOCUMENTS", "100",
                "DOCMILL_WORKER_FORK_SERVER_AGE", "10m",
                "DOCMILL_WORKER_ISOLATION", "scope",
                "DOCMILL_WORKER_SCOPE_DOCUMENTS", "7",
                "DOCMILL_WORKER_SCOPE_TIME", "3s"));
        // When
        WorkerSettings.Worker worker =
                Settings.fromEnvironment(WorkerSettings.class, environment).worker();
        // Then
        assertThat(worker.slots()).isEqualTo(8);
        assertThat(worker.reservedSlots()).hasValue(3);
        assertThat(worker.workDirectory()).isEqualTo(Path.of("/dev/shm/docmill"));
        assertThat(worker.officeHome()).isEqualTo(Path.of("/opt/libreoffice"));
        assertThat(worker.sandbox()).isEqualTo(SandboxChoice.NONE);
        assertThat(worker.memoryLimit().bytes()).isEqualTo(1_000_000_000);
        assertThat(worker.documentsPerProcess()).isEqualTo(50);
        assertThat(worker.drainTime()).isEqualTo(Duration.ofMinutes(5));
        assertThat(worker.engine()).isEqualTo(EngineChoice.FORK);
        assertThat(worker.forkServer()).isEqualTo(Path.of("/opt/fork-server"));
        assertThat(worker.forkServerDocuments()).isEqualTo(100);
        assertThat(worker.forkServerAge()).isEqualTo(Duration.ofMinutes(10));
        assertThat(worker.isolation()).isEqualTo(Isolation.SCOPE);
        assertThat(worker.scopeDocuments()).isEqualTo(7);
        assertThat(worker.scopeTime()).isEqualTo(Duration.ofSeconds(3));
    }

    @Test
    void tellsAllContradictionsAtOnceAndNoSecret() {
        // Given
        Map<String, String> environment = new HashMap<>(NEEDED);
        environment.put("DOCMILL_SERVICE_KEY", "short secret");
        environment.put("DOCMILL_WORKER_RESERVED_SLOTS", "2");
        environment.put("DOCMILL_TRACING_SAMPLE", "2");
        WorkerSettings settings = Settings.fromEnvironment(WorkerSettings.class, environment);
        // When, Then
        assertThatThrownBy(() -> WorkerApplication.start(settings, new SimpleMeterRegistry()))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("DOCMILL_SERVICE_KEY")
                .hasMessageContaining("DOCMILL_WORKER_RESERVED_SLOTS")
                .hasMessageContaining("DOCMILL_TRACING_SAMPLE")
                .hasMessageNotContaining("short secret");
    }

    @Test
    void tellsEachMissingSetting() {
        // When, Then
        assertThatThrownBy(() -> Settings.fromEnvironment(WorkerSettings.class, Map.of()))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContainingAll(NEEDED.keySet().toArray(String[]::new));
    }

    @Test
    void failsAtOnceWithoutAnEngineThoughKafkaIsAwayToo() {
        // Given
        WorkerSettings settings = Settings.fromEnvironment(WorkerSettings.class, NEEDED);
        // When
        try (WorkerApplication worker = WorkerApplication.start(settings, new SimpleMeterRegistry(), _ -> {
            throw new EngineUnavailableException("LibreOffice is missing");
        })) {
            // Then
            assertThatThrownBy(worker::awaitReady)
                    .isInstanceOf(EngineUnavailableException.class)
                    .hasMessage("LibreOffice is missing");
            assertThat(worker.report().ready()).isFalse();
        }
    }
}
