package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.testing.documents.HostileDocuments;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.testcontainers.containers.GenericContainer;

/** The images, as docker-compose.yml and k8s/ run them. */
class ImagesCT {
    private static final long MIB = 1 << 20;
    private static final int SLOTS = 2;
    private static final int SPARES = 1;
    private static final long MEMORY_LIMIT = 1024 * MIB;
    /** The rule of docs/containers.md: documents, full directories in memory, fork servers while one replaces another, and Java. */
    private static final long WORKER_MEMORY = (SLOTS + SPARES) * MEMORY_LIMIT
            + ContainerStack.WORK_DIRECTORY_BYTES
            + ContainerStack.TEMPORARY_BYTES
            + 450 * MIB
            + 768 * MIB;

    private static final Executor THREADS = task -> Thread.ofVirtual().start(task);

    @TempDir
    private static Path fonts;

    private static ContainerStack stack;

    @BeforeAll
    static void start() throws IOException {
        // What anyone may read, as a directory of fonts is.
        Files.setPosixFilePermissions(fonts, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.write(fonts.resolve("house.ttf"), new byte[] {0, 1, 0, 0});
        stack = new ContainerStack(
                WORKER_MEMORY,
                Map.of(
                        "DOCMILL_WORKER_SLOTS",
                        String.valueOf(SLOTS),
                        "DOCMILL_WORKER_SPARES",
                        String.valueOf(SPARES),
                        "DOCMILL_WORKER_MEMORY_LIMIT",
                        MEMORY_LIMIT / MIB + "MiB"),
                fonts);
    }

    @AfterAll
    static void end() {
        if (stack != null) {
            stack.close();
        }
    }

    static List<TestDocument> documents() {
        return List.of(
                TestDocuments.richDocx("Quarterly report", "Straße, Łódź"),
                TestDocuments.richXlsx("Quarterly report", "汉字"),
                TestDocuments.richPptx("Quarterly report", "Русский"),
                TestDocuments.doc());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void convertsADocument(TestDocument document) throws IOException {
        // When
        var client = stack.client();
        var conversion = client.converted(client.uploaded(document), "pdf");
        // Then
        var content = ConvertedContent.of(
                "pdf", client.download(conversion.downloadUrl()).bytes());
        assertThat(content.text()).isNotBlank();
    }

    @Test
    void documentsHaveAForkedLibreOfficeBehindLandlockAndSeccomp() {
        // When
        var ready = Operators.get(management("/health/ready"));
        // Then
        assertThat(ready).contains("fork_server", "landlock", "seccomp");
    }

    static List<GenericContainer<?>> containers() {
        return List.of(stack.gateway(), stack.worker());
    }

    @ParameterizedTest(autoCloseArguments = false)
    @MethodSource("containers")
    void runAsNobodyWithoutPrivilegesAndBelowAnInit(GenericContainer<?> container) throws Exception {
        // When
        var status = container.execInContainer("cat", "/proc/1/status").getStdout();
        var write = container.execInContainer("touch", "/opt/docmill/written");
        // Then
        assertThat(status).contains("Name:\ttini", "Uid:\t10001", "CapEff:\t0000000000000000", "NoNewPrivs:\t1");
        assertThat(write.getExitCode()).isNotZero();
        assertThat(write.getStderr()).contains("Read-only file system");
    }

    @Test
    void fontsOfTheOperatorAreInTheLogAndInTheEnginesVersion() {
        // When
        var client = stack.client();
        var answer = client.convert(
                client.uploaded(TestDocuments.docx("By the house's fonts")).id(), "pdf");
        // Then
        assertThat(answer.json().path("engine").asText()).matches("LibreOffice [0-9.]+\\+fonts\\.[0-9a-f]{12}");
        assertThat(stack.worker().getLogs()).contains("Fonts beside the system's", "house.ttf");
    }

    /**
     * On cgroup v2 a kubelet has the kernel end all of a container when one of its processes runs out of memory
     * (memory.oom.group), and on v1 it ends whichever is largest: so the limits of the documents must come first.
     */
    @Test
    void asManyMemoryBombsAsSlotsAtOnceLeaveTheWorkerAlive() {
        // Given
        var client = stack.client();
        var bombs = IntStream.range(0, SLOTS + SPARES)
                .mapToObj(_ -> client.uploaded(HostileDocuments.memoryBomb()).id())
                .toList();
        // When
        var answers = bombs.stream()
                .map(bomb -> CompletableFuture.supplyAsync(() -> client.convert(bomb, "pdf"), THREADS))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        // Then
        assertThat(answers).allSatisfy(answer -> {
            var error = answer.expectError(422, "unprocessable_document");
            assertThat(error.path("reason").asText()).isEqualTo("too_complex");
        });
        assertThat(ended("memory")).isGreaterThanOrEqualTo(bombs.size());
        var state = stack.worker().getCurrentContainerInfo().getState();
        assertThat(state.getOOMKilled()).isFalse();
        assertThat(state.getRunning()).isTrue();
        var _ = client.converted(client.uploaded(TestDocuments.docx("After the bombs")), "pdf");
    }

    /** How many LibreOffices were ended for this cause, by the worker's metrics. */
    private static double ended(String cause) {
        return Operators.get(management("/metrics"))
                .lines()
                .filter(line -> line.startsWith("docmill_engine_processes_ended_total{cause=\"" + cause + "\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static URI management(String path) {
        return ContainerStack.url(stack.worker(), ContainerStack.MANAGEMENT_PORT)
                .resolve(path);
    }
}
