package io.docmill.worker.libreoffice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.docmill.model.document.DocumentFormat;
import io.docmill.worker.engine.ConversionLimits;
import io.docmill.worker.engine.ConversionRun;
import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.engine.EngineUnavailableException;
import io.docmill.worker.plan.ConversionPlanner;
import io.docmill.worker.plan.PlanOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** What one document does to its LibreOffice, and what the others notice of it: nothing. */
@ParameterizedClass
@MethodSource(TestedEngine.ALL)
class EngineFaultIT {

    private static final int SLOTS = 2;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path directory;

    private static Path slow;
    private static Path quick;

    private final ConversionPlanner planner = new ConversionPlanner();
    private LibreOfficeEngine engine;

    private final TestedEngine tested;

    EngineFaultIT(TestedEngine tested) {
        this.tested = tested;
    }

    @BeforeAll
    static void makeDocuments() throws IOException {
        var samples = new SampleDocuments(directory);
        slow = samples.slowXlsx();
        quick = samples.xlsx();
    }

    @BeforeEach
    void startEngine() throws InterruptedException {
        engine = tested.start(directory.resolve("work"), SLOTS);
    }

    @AfterEach
    void nothingIsLeftOfIt() {
        engine.close();
        assertThat(EngineBench.offices()).isEmpty();
        assertThat(directory.resolve("work/slots")).isEmptyDirectory();
    }

    private ConversionRun start(Path document, String output, ConversionLimits limits) {
        return engine.start(
                planner.plan(
                        document,
                        DocumentFormat.XLSX,
                        directory.resolve(output),
                        DocumentFormat.PDF,
                        PlanOptions.DEFAULT),
                limits);
    }

    private ConversionRun startSlow(ConversionLimits limits) {
        var run = start(slow, "slow.pdf", limits);
        await().atMost(PATIENCE).until(() -> engine.status().busy() == 1);
        return run;
    }

    private void assertNextOnesConvert() throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            assertThat(start(quick, "next.pdf", ConversionLimits.DEFAULT).await())
                    .isInstanceOf(EngineOutcome.Converted.class);
        }
        assertThat(directory.resolve("slow.pdf")).doesNotExist();
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(engine.status().spareReady()).isTrue();
            assertThat(EngineBench.offices()).hasSize(tested.officesAtRest(SLOTS));
            try (Stream<Path> slots = Files.list(directory.resolve("work/slots"))) {
                assertThat(slots).hasSize(tested.directories(SLOTS));
            }
        });
    }

    private void awaitOthersThan(List<ProcessHandle> before) {
        await().atMost(PATIENCE)
                .until(() -> EngineBench.offices().size() == tested.officesAtRest(SLOTS)
                        && EngineBench.offices().stream().noneMatch(before::contains)
                        && engine.status().spareReady());
    }

    @Test
    void aHangEndsAtItsTimeLimitAndDisturbsNoOther() throws InterruptedException {
        // Given
        var limit = Duration.ofSeconds(2);
        var hanging = startSlow(ConversionLimits.DEFAULT.withTime(limit));
        var beside = start(quick, "beside.pdf", ConversionLimits.DEFAULT);
        // When
        var outcome = hanging.await();
        // Then
        assertThat(outcome).isInstanceOfSatisfying(EngineOutcome.TimedOut.class, timedOut -> {
            assertThat(timedOut.limit()).isEqualTo(limit);
            assertThat(timedOut.usage().processor()).isPositive();
        });
        assertThat(beside.await()).isInstanceOf(EngineOutcome.Converted.class);
        assertNextOnesConvert();
    }

    @Test
    void memoryPastTheLimitEndsTheRun() throws InterruptedException {
        // When
        var outcome =
                start(slow, "slow.pdf", new ConversionLimits(PATIENCE, 1 << 20)).await();
        // Then
        assertThat(outcome).isInstanceOf(EngineOutcome.MemoryExceeded.class);
        assertNextOnesConvert();
    }

    @Test
    void aKilledRunEndsAsKilled() throws InterruptedException {
        // Given
        var run = startSlow(ConversionLimits.DEFAULT);
        // When
        run.kill();
        // Then
        assertThat(run.await()).isInstanceOf(EngineOutcome.Killed.class);
        assertNextOnesConvert();
    }

    @Test
    void aRunThatStillWaitsForASlotCanBeKilled() throws InterruptedException {
        // Given
        var first = startSlow(ConversionLimits.DEFAULT);
        var second = start(slow, "slow2.pdf", ConversionLimits.DEFAULT);
        await().atMost(PATIENCE).until(() -> engine.status().busy() == 2);
        var waiting = start(quick, "waiting.pdf", ConversionLimits.DEFAULT);
        // When
        waiting.kill();
        // Then
        assertThat(waiting.await()).isInstanceOf(EngineOutcome.Killed.class);
        assertThat(directory.resolve("waiting.pdf")).doesNotExist();
        first.kill();
        second.kill();
        assertThat(first.await()).isInstanceOf(EngineOutcome.Killed.class);
        assertThat(second.await()).isInstanceOf(EngineOutcome.Killed.class);
    }

    @Test
    void aCrashEndsAsCrashed() throws InterruptedException, IOException {
        // Given
        var run = startSlow(ConversionLimits.DEFAULT);
        // When
        var offices = EngineBench.offices();
        for (ProcessHandle office : offices) {
            EngineBench.signal("SEGV", office);
        }
        // Then
        assertThat(run.await()).isInstanceOf(EngineOutcome.Crashed.class);
        // A document that is given to an idle one which is about to die crashes too, and is another story.
        awaitOthersThan(offices);
        assertNextOnesConvert();
    }

    @Test
    void anIdleProcessThatDiesIsReplaced() throws InterruptedException {
        // Given
        await().atMost(PATIENCE).until(() -> engine.status().spareReady());
        var before = EngineBench.offices();
        // When
        before.forEach(ProcessHandle::destroyForcibly);
        awaitOthersThan(before);
        // Then
        assertNextOnesConvert();
    }

    @Test
    void closingTheEngineKillsItsRuns() throws InterruptedException {
        // Given
        var run = startSlow(ConversionLimits.DEFAULT);
        // When
        engine.close();
        // Then
        assertThat(run.await()).isInstanceOf(EngineOutcome.Killed.class);
    }

    @Test
    void aWorkDirectoryHasOneEngine() {
        assertThatExceptionOfType(EngineUnavailableException.class)
                .isThrownBy(() -> tested.start(directory.resolve("work"), 1))
                .withMessageContaining("Another engine");
    }
}
