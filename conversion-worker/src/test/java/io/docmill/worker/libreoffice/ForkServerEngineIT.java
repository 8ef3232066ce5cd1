package io.docmill.worker.libreoffice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.docmill.worker.engine.ConversionEngine;
import io.docmill.worker.engine.ConversionLimits;
import io.docmill.worker.engine.EngineObserver;
import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.engine.EngineStatus.EngineKind;
import io.docmill.worker.engine.EngineUnavailableException;
import io.docmill.worker.engine.ProcessEnd;
import io.docmill.worker.engine.Tenant;
import io.docmill.worker.job.EngineMetrics;
import io.docmill.worker.libreoffice.LibreOfficeSettings.EngineChoice;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What only the engine has that forks a LibreOffice for every document: the server behind it, and what becomes of that. */
@ParameterizedClass(allowZeroInvocations = true)
@MethodSource("tested")
class ForkServerEngineIT {

    private static final Tenant ONE = new Tenant("one");
    private static final Tenant OTHER = new Tenant("other");

    @TempDir
    private static Path directory;

    private static Path slow;
    private static Path quick;
    private static Path sheet;

    /** JUnit gives a class that is parametrised its parameters. */
    ForkServerEngineIT(TestedEngine engine) {}

    static Stream<TestedEngine> tested() {
        return TestedEngine.all().filter(engine -> engine == TestedEngine.FORK);
    }

    @BeforeAll
    static void makeDocuments() throws IOException {
        var samples = new SampleDocuments(directory);
        slow = samples.slowXlsx();
        quick = samples.docx();
        sheet = samples.xlsx();
    }

    private static LibreOfficeSettings settings(int slots, UnaryOperator<ForkServerSettings> change) {
        var settings = TestedEngine.FORK.settings(directory.resolve("work"), slots);
        return settings.withForkServer(change.apply(settings.forkServer()));
    }

    private static EngineBench bench(int slots, UnaryOperator<ForkServerSettings> change) throws InterruptedException {
        return new EngineBench(directory, settings(slots, change));
    }

    private static long server() {
        var servers = EngineBench.forkServers();
        assertThat(servers).hasSize(1);
        return servers.getFirst().pid();
    }

    @Test
    void aServerIsReplacedAfterItsShareWhileDocumentsGoOn() throws InterruptedException {
        try (var bench = bench(2, settings -> settings.after(3))) {
            // Given
            long first = server();
            var running = bench.start(slow, ConversionLimits.DEFAULT.withTime(Duration.ofSeconds(5)));
            // When
            for (int i = 0; i < 4; i++) {
                assertThat(bench.convert(quick)).isInstanceOf(EngineOutcome.Converted.class);
            }
            await().atMost(EngineBench.PATIENCE)
                    .until(() -> EngineBench.forkServers().size() > 1);
            // Then: the old one stays for the document that it has
            assertThat(running.await()).isInstanceOf(EngineOutcome.TimedOut.class);
            await().atMost(EngineBench.PATIENCE)
                    .until(() -> EngineBench.forkServers().stream().noneMatch(one -> one.pid() == first));
            assertThat(bench.convert(quick)).isInstanceOf(EngineOutcome.Converted.class);
            assertThat(bench.ends()).contains(ProcessEnd.WORN_DOCUMENTS).doesNotContain(ProcessEnd.SERVER_LOST);
            await().atMost(EngineBench.PATIENCE)
                    .untilAsserted(() -> assertThat(EngineBench.forkServers()).hasSize(1));
        }
    }

    @Test
    void aServerIsReplacedWhenItIsOld() throws InterruptedException {
        UnaryOperator<ForkServerSettings> young = settings -> new ForkServerSettings(
                settings.program(),
                settings.documents(),
                Duration.ofMillis(1),
                settings.isolation(),
                settings.scopeDocuments(),
                settings.scopeTime());
        try (var bench = bench(1, young)) {
            // When
            assertThat(bench.convert(quick)).isInstanceOf(EngineOutcome.Converted.class);
            // Then
            assertThat(bench.ends()).contains(ProcessEnd.WORN_AGE);
            assertThat(bench.convert(quick)).isInstanceOf(EngineOutcome.Converted.class);
        }
    }

    @Test
    void theDocumentsOfAServerThatIsLostAreConvertedByTheNextOne() throws InterruptedException {
        try (var bench = bench(2, UnaryOperator.identity())) {
            // Given
            var limits = ConversionLimits.DEFAULT;
            var run = bench.start(slow, limits);
            bench.officeWith("xlsx");
            // When
            long began = System.nanoTime();
            EngineBench.signal("KILL", EngineBench.forkServers().getFirst());
            var next = bench.convert(quick);
            // Then
            System.out.printf(
                    "MEASURED fork server killed: the next document is converted after %d ms%n",
                    (System.nanoTime() - began) / 1_000_000);
            assertThat(next).isInstanceOf(EngineOutcome.Converted.class);
            bench.officeWith("xlsx");
            run.kill();
            assertThat(run.await()).isInstanceOf(EngineOutcome.Killed.class);
            assertThat(bench.ends()).contains(ProcessEnd.SERVER_LOST);
        }
    }

    @Test
    void aDocumentThatLosesTwoServersIsACrash() throws InterruptedException {
        try (var bench = bench(1, UnaryOperator.identity())) {
            // Given
            var run = bench.start(slow, ConversionLimits.DEFAULT);
            // When
            for (int i = 0; i < 2; i++) {
                bench.officeWith("xlsx");
                EngineBench.signal("KILL", EngineBench.forkServers().getFirst());
                await().atMost(EngineBench.PATIENCE)
                        .until(() -> EngineBench.offices().isEmpty());
            }
            // Then
            assertThat(run.await()).isInstanceOf(EngineOutcome.Crashed.class);
            assertThat(bench.convert(quick)).isInstanceOf(EngineOutcome.Converted.class);
        }
    }

    @Test
    void aRunThatIsKilledWhileThereIsNoServerEnds() throws InterruptedException {
        try (var bench = bench(1, UnaryOperator.identity())) {
            // Given
            var run = bench.start(slow, ConversionLimits.DEFAULT);
            bench.officeWith("xlsx");
            // When
            EngineBench.signal("KILL", EngineBench.forkServers().getFirst());
            run.kill();
            // Then
            assertThat(run.await()).isInstanceOf(EngineOutcome.Killed.class);
        }
    }

    @Test
    void nothingOfADocumentStays() throws InterruptedException {
        try (var bench = bench(2, UnaryOperator.identity())) {
            // When
            for (int i = 0; i < 4; i++) {
                assertThat(bench.convert(quick)).isInstanceOf(EngineOutcome.Converted.class);
            }
            // Then
            await().atMost(EngineBench.PATIENCE)
                    .untilAsserted(() -> assertThat(filesOfPlaces()).isEmpty());
            assertThat(EngineBench.offices()).hasSize(2);
        }
    }

    /** Below the directories that children can write. */
    private static List<String> filesOfPlaces() {
        try (Stream<Path> tree = Files.walk(directory.resolve("work/slots"))) {
            return tree.filter(Files::isRegularFile)
                    .map(Path::toString)
                    .filter(file -> file.contains("/files/"))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The processes that were forked and have had a document, as they are seen while so many are converted. */
    private static Set<Long> officesOf(EngineBench bench, Tenant tenant, Path document, int documents)
            throws InterruptedException {
        var seen = new HashSet<Long>();
        for (int i = 0; i < documents; i++) {
            var run = bench.start(document, ConversionLimits.DEFAULT, tenant);
            bench.busyOffice(tenant.equals(ONE) ? "docx" : "xlsx").ifPresent(office -> seen.add(office.pid()));
            assertThat(run.await()).isInstanceOf(EngineOutcome.Converted.class);
        }
        return seen;
    }

    @Test
    void documentsOfAScopeShareAProcessUpToItsShareAndThoseOfAnotherNever() throws InterruptedException {
        try (var bench = bench(1, settings -> settings.perScope(4, Duration.ofMinutes(1)))) {
            // When
            var ones = officesOf(bench, ONE, quick, 8);
            var others = officesOf(bench, OTHER, sheet, 4);
            var onesAgain = officesOf(bench, ONE, quick, 4);
            // Then
            assertThat(ones).hasSizeBetween(1, 4);
            assertThat(others).isNotEmpty().doesNotContainAnyElementsOf(ones);
            assertThat(onesAgain).isNotEmpty().doesNotContainAnyElementsOf(others);
        }
    }

    @Test
    void aProcessOfAScopeEndsWhenItsTimeIsOver() throws InterruptedException {
        try (var bench = bench(1, settings -> settings.perScope(100, Duration.ofMillis(500)))) {
            // When
            assertThat(bench.convert(quick)).isInstanceOf(EngineOutcome.Converted.class);
            // Then: what is forked ahead is all that is left
            await().atMost(EngineBench.PATIENCE)
                    .untilAsserted(() -> assertThat(EngineBench.offices()).hasSize(1));
            assertThat(bench.convert(quick)).isInstanceOf(EngineOutcome.Converted.class);
        }
    }

    @Test
    void whereThereIsNoForkServerDocumentsShareLibreOfficesAndItIsTold() throws InterruptedException {
        // Given
        var settings = settings(1, fork -> fork.withProgram(Path.of("/nowhere/fork-server")))
                .withEngine(EngineChoice.AUTO);
        // When
        try (var engine = LibreOfficeEngines.start(settings, EngineObserver.NONE)) {
            engine.awaitReady();
            // Then
            assertThat(engine.status().kind()).isEqualTo(EngineKind.JODCONVERTER);
            assertThat(engine.status().passedOver()).contains("/nowhere/fork-server");
            assertThat(passedOver(engine)).isOne();
        }
        assertThatExceptionOfType(EngineUnavailableException.class)
                .isThrownBy(() -> LibreOfficeEngines.start(settings.withEngine(EngineChoice.FORK), EngineObserver.NONE))
                .withMessageContaining("DOCMILL_WORKER_FORK_SERVER");
    }

    private static double passedOver(ConversionEngine engine) {
        MeterRegistry metrics = new SimpleMeterRegistry();
        new EngineMetrics(metrics).watch(engine);
        return metrics.get("docmill.engine.passed.over").gauge().value();
    }

    @Test
    void aProgramThatIsNoForkServerIsPassedOver() throws InterruptedException {
        // Given
        var settings =
                settings(1, fork -> fork.withProgram(Path.of("/usr/bin/false"))).withEngine(EngineChoice.AUTO);
        // When
        try (var engine = LibreOfficeEngines.start(settings, EngineObserver.NONE)) {
            engine.awaitReady();
            // Then
            assertThat(engine.status().kind()).isEqualTo(EngineKind.JODCONVERTER);
            assertThat(engine.status().passedOver()).contains("ended while it started");
        }
    }

    @Test
    void aForkServerWhoseChildrenAreNotKeptInIsPassedOver() {
        // When
        assertThatExceptionOfType(EngineUnavailableException.class)
                .isThrownBy(() -> ForkServerEngine.start(
                        settings(1, UnaryOperator.identity()),
                        EngineObserver.NONE,
                        ProfileTemplate.hardenedSettings(),
                        HostileDocumentsIT::withTheRootReadable))
                // Then
                .withMessageContaining("open: read /etc/passwd");
    }
}
