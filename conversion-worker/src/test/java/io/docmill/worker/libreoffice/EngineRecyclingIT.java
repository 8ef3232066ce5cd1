package io.docmill.worker.libreoffice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.worker.engine.ConversionLimits;
import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.engine.ProcessEnd;
import io.docmill.worker.engine.Tenant;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a LibreOffice without a fault is replaced, and that no document waits for it. */
class EngineRecyclingIT {

    private static final Tenant ONE = new Tenant("one");
    private static final Tenant OTHER = new Tenant("other");

    @TempDir
    private static Path directory;

    private static Path quick;

    @BeforeAll
    static void makeDocuments() throws IOException {
        quick = new SampleDocuments(directory).docx();
    }

    private static EngineBench bench(int slots, Recycling recycling, int spares) throws InterruptedException {
        return new EngineBench(
                directory,
                TestedEngine.JODCONVERTER
                        .settings(directory.resolve("work"), slots)
                        .withRecycling(recycling, spares));
    }

    private static int process(EngineBench bench, Tenant tenant) throws InterruptedException {
        var outcome = bench.start(quick, ConversionLimits.DEFAULT, tenant).await();
        assertThat(outcome).isInstanceOf(EngineOutcome.Converted.class);
        return outcome.usage().process();
    }

    @Test
    void aProcessPastAMarkIsReplacedAndTheNextDocumentGoesToTheSpare() throws InterruptedException {
        var worn = Recycling.WORN;
        assertReplaced(worn.after(1), ProcessEnd.WORN_DOCUMENTS);
        assertReplaced(new Recycling(worn.documents(), 1 << 20, worn.processorMark(), false), ProcessEnd.WORN_MEMORY);
        assertReplaced(
                new Recycling(worn.documents(), worn.residentMarkBytes(), Duration.ofMillis(1), false),
                ProcessEnd.WORN_PROCESSOR_TIME);
    }

    private static void assertReplaced(Recycling recycling, ProcessEnd end) throws InterruptedException {
        try (var bench = bench(1, recycling, 1)) {
            // When
            process(bench, ONE);
            // Then
            assertThat(bench.ends()).containsExactly(end);
            // The replacement is still being started: the spare takes the next one, and is kept, however worn.
            assertThat(bench.engine().status().ready()).isEqualTo(1);
            int spare = process(bench, ONE);
            assertThat(process(bench, ONE)).isPositive();
            assertThat(spare).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void aProcessOfOneTenantNeverServesAnother() throws InterruptedException {
        try (var bench = bench(1, Recycling.WORN.apart(), 1)) {
            // When
            var ones = new ArrayList<Integer>();
            var others = new ArrayList<Integer>();
            ones.add(process(bench, ONE));
            ones.add(process(bench, ONE));
            others.add(process(bench, OTHER));
            ones.add(process(bench, ONE));
            others.add(process(bench, OTHER));
            // Then
            assertThat(ones.get(0)).isEqualTo(ones.get(1));
            assertThat(ones).doesNotContainAnyElementsOf(others);
            assertThat(bench.ends()).isNotEmpty().containsOnly(ProcessEnd.OTHER_TENANT);
        }
    }

    @Test
    void whoWaitsForATenantsProcessGetsOneAlthoughAllThatAreReadyAreOfOthers() throws InterruptedException {
        try (var bench = bench(2, Recycling.WORN.apart(), 1)) {
            for (int i = 0; i < 6; i++) {
                // When
                var first = bench.start(quick, ConversionLimits.DEFAULT, new Tenant("first " + i));
                var second = bench.start(quick, ConversionLimits.DEFAULT, new Tenant("second " + i));
                // Then
                assertThat(first.await()).isInstanceOf(EngineOutcome.Converted.class);
                assertThat(second.await()).isInstanceOf(EngineOutcome.Converted.class);
            }
            await().atMost(EngineBench.PATIENCE)
                    .until(() -> bench.engine().status().spareReady());
        }
    }

    /** Prints what keeping tenants apart costs; asserts none of it. */
    @Test
    void twoTenantsInTurnAreServedWhateverTheRecycling() throws InterruptedException {
        for (var recycling : List.of(Recycling.WORN, Recycling.WORN.apart())) {
            for (int spares = 1; spares <= 2; spares++) {
                measure(recycling, spares, 2);
            }
        }
    }

    private static void measure(Recycling recycling, int spares, int tenants) throws InterruptedException {
        try (var bench = bench(1, recycling, spares)) {
            int documents = recycling.perTenant() ? 6 : 30;
            long began = System.nanoTime();
            for (int i = 0; i < documents; i++) {
                assertThat(process(bench, new Tenant("tenant " + i % tenants))).isPositive();
            }
            double seconds = (System.nanoTime() - began) / 1e9;
            System.out.printf(
                    "MEASURED apart=%s spares=%d tenants in turn=%d: %.1f documents/s, %d processes replaced%n",
                    recycling.perTenant(),
                    spares,
                    tenants,
                    documents / seconds,
                    bench.ends().size());
        }
    }
}
