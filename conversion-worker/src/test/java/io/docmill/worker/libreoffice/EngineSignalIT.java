package io.docmill.worker.libreoffice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.docmill.worker.engine.ConversionLimits;
import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.engine.ProcessEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What signals do to a LibreOffice or a wrapper around it in the middle of a document, while the other slot converts one good
 * document after the other. Prints how long it took; asserts none of it.
 */
@ParameterizedClass
@MethodSource(TestedEngine.ALL)
class EngineSignalIT {

    private static final Duration LIMIT = Duration.ofSeconds(4);

    @TempDir
    private static Path directory;

    private static Path slow;
    private static Path quick;

    private final TestedEngine engine;
    private EngineBench bench;
    private final AtomicBoolean enough = new AtomicBoolean();
    private final AtomicInteger good = new AtomicInteger();
    private FutureTask<Void> neighbour;

    EngineSignalIT(TestedEngine engine) {
        this.engine = engine;
    }

    @BeforeAll
    static void makeDocuments() throws IOException {
        var samples = new SampleDocuments(directory);
        slow = samples.slowXlsx();
        quick = samples.docx();
    }

    @BeforeEach
    void startEngine() throws InterruptedException {
        bench = new EngineBench(directory, engine.settings(directory.resolve("work"), 2));
        neighbour = new FutureTask<>(this::convertGoodOnes, null);
    }

    @AfterEach
    void close() {
        enough.set(true);
        bench.close();
    }

    private void convertGoodOnes() {
        while (!enough.get()) {
            try {
                assertThat(bench.convert(quick)).isInstanceOf(EngineOutcome.Converted.class);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            good.incrementAndGet();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SEGV", "ABRT", "KILL", "BUS", "TERM"})
    void aSignalIsACrash(String signal) throws Exception {
        measure(signal, "soffice", EngineOutcome.Crashed.class, ProcessEnd.CRASH);
    }

    @Test
    void aStoppedProcessIsKilledAtItsLimit() throws Exception {
        measure("STOP", "soffice", EngineOutcome.TimedOut.class, ProcessEnd.TIME);
    }

    @ParameterizedTest
    @ValueSource(strings = {"inner", "outer"})
    void aWrapperThatIsKilledIsACrash(String target) throws Exception {
        assumeTrue(engine == TestedEngine.JODCONVERTER, "what is forked has no wrapper");
        measure("KILL", target, EngineOutcome.Crashed.class, ProcessEnd.CRASH);
    }

    @ParameterizedTest
    @ValueSource(strings = {"inner", "outer"})
    void aStoppedWrapperIsKilledAtItsLimit(String target) throws Exception {
        assumeTrue(engine == TestedEngine.JODCONVERTER, "what is forked has no wrapper");
        measure("STOP", target, EngineOutcome.TimedOut.class, ProcessEnd.TIME);
    }

    private void measure(String signal, String target, Class<? extends EngineOutcome> expected, ProcessEnd end)
            throws Exception {
        // Given
        var run = bench.start(slow, ConversionLimits.DEFAULT.withTime(LIMIT));
        var office = bench.officeWith("xlsx");
        var group = EngineBench.group(office);
        var slot = bench.slot(office);
        Thread.ofPlatform().start(neighbour);
        await().pollInterval(Duration.ofMillis(5)).atMost(EngineBench.PATIENCE).until(() -> good.get() > 0);
        // When
        var victim = switch (target) {
            case "outer" -> group.getFirst();
            case "inner" -> group.get(group.size() - 2);
            default -> office;
        };
        long began = System.nanoTime();
        EngineBench.signal(signal, victim);
        var outcome = run.await();
        long answered = System.nanoTime();
        boolean ended = group.stream().allMatch(EngineBench::hasEnded);
        var next = bench.convert(quick);
        long nextBegan = System.nanoTime() - next.usage().wall().toNanos();
        await().pollInterval(Duration.ofMillis(5))
                .atMost(EngineBench.PATIENCE)
                .until(() -> group.stream().allMatch(EngineBench::isReaped));
        long gone = System.nanoTime();
        // Then
        System.out.printf(
                "MEASURED %s %s %s (%d processes): outcome after %d ms, all reaped after %d ms (run of %d ms), next began after %d ms%n",
                bench.engine().status().kind().label(),
                signal,
                target,
                group.size(),
                (answered - began) / 1_000_000,
                (gone - began) / 1_000_000,
                outcome.usage().wall().toMillis(),
                (nextBegan - began) / 1_000_000);
        assertThat(ended).isTrue();
        assertThat(outcome).isInstanceOf(expected);
        assertThat(slot).doesNotExist();
        assertThat(next).isInstanceOf(EngineOutcome.Converted.class);
        assertThat(bench.ends()).containsExactly(end);
        assertNoGoodOneFailed();
        bench.awaitSpare();
    }

    private void assertNoGoodOneFailed() throws Exception {
        enough.set(true);
        neighbour.get();
        assertThat(good.get()).isPositive();
    }

    @Test
    void twoFaultsInARowWaitForOneStartAtMost() throws Exception {
        // Given
        var first = bench.start(slow, ConversionLimits.DEFAULT);
        Thread.ofPlatform().start(neighbour);
        EngineBench.signal("KILL", bench.officeWith("xlsx"));
        assertThat(first.await()).isInstanceOf(EngineOutcome.Crashed.class);
        var second = bench.start(slow, ConversionLimits.DEFAULT);
        // When
        var office = bench.officeWith("xlsx");
        long began = System.nanoTime();
        EngineBench.signal("KILL", office);
        assertThat(second.await()).isInstanceOf(EngineOutcome.Crashed.class);
        var next = bench.convert(quick);
        // Then
        long nextBegan = System.nanoTime() - next.usage().wall().toNanos();
        System.out.printf("MEASURED two faults in a row: next began %d ms after%n", (nextBegan - began) / 1_000_000);
        assertThat(next).isInstanceOf(EngineOutcome.Converted.class);
        assertThat(bench.ends()).containsExactly(ProcessEnd.CRASH, ProcessEnd.CRASH);
        assertNoGoodOneFailed();
    }
}
