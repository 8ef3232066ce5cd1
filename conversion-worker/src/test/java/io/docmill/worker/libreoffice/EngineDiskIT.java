package io.docmill.worker.libreoffice;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.engine.ProcessEnd;
import io.docmill.worker.sandbox.ResourceLimits;
import io.docmill.worker.sandbox.SlotQuota;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Documents of which LibreOffice makes more than allowed, or than there is room for. */
@ParameterizedClass
@MethodSource(TestedEngine.ALL)
class EngineDiskIT {

    private static final long MEBIBYTE = 1 << 20;

    @TempDir
    private static Path directory;

    private final TestedEngine tested;

    EngineDiskIT(TestedEngine tested) {
        this.tested = tested;
    }

    private static Path growing;
    private static Path slow;
    private static Path quick;

    @BeforeAll
    static void makeDocuments() throws IOException {
        var samples = new SampleDocuments(directory);
        growing = samples.xlsxThatGrows();
        slow = samples.slowXlsx();
        quick = samples.xlsx();
    }

    private LibreOfficeSettings settings() {
        return tested.settings(directory.resolve("work"), 1);
    }

    @Test
    void bytesPastTheQuotaEndTheRun() throws InterruptedException {
        var quota = new SlotQuota(10 * MEBIBYTE, 10_000);
        try (var bench = new EngineBench(directory, settings().withSlotQuota(quota))) {
            var outcome = bench.convertToCsv(growing);
            print("past the quota", outcome, bench);
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            EngineOutcome.OutputTooLarge.class,
                            tooLarge -> assertThat(tooLarge.limitBytes()).isEqualTo(10 * MEBIBYTE));
            assertThat(bench.ends()).containsExactly(ProcessEnd.OUTPUT);
            assertThat(bench.convert(quick)).isInstanceOf(EngineOutcome.Converted.class);
        }
    }

    @Test
    void moreFilesThanAllowedEndTheRun() throws InterruptedException {
        var quota = new SlotQuota(1 << 30, tested.filesBelowADocument());
        try (var bench = new EngineBench(directory, settings().withSlotQuota(quota))) {
            var outcome = bench.convert(slow);
            print("more files than allowed", outcome, bench);
            assertThat(outcome).isInstanceOf(EngineOutcome.OutputTooLarge.class);
        }
    }

    @Test
    void aFileAtItsLimitIsNoCrash() throws InterruptedException {
        var limits = ResourceLimits.DEFAULT.withFileBytes(8 * MEBIBYTE);
        try (var bench = new EngineBench(directory, settings().withResourceLimits(limits))) {
            var outcome = bench.convertToCsv(growing);
            print("a file at its limit", outcome, bench);
            assertThat(outcome).isInstanceOf(EngineOutcome.OutputTooLarge.class);
            assertThat(bench.convert(quick)).isInstanceOf(EngineOutcome.Converted.class);
        }
    }

    @Test
    void aUsedUpAddressSpaceIsNoCrash() throws InterruptedException {
        var limits = ResourceLimits.DEFAULT.withAddressSpaceBytes(tested.littleAddressSpace());
        try (var bench = new EngineBench(directory, settings().withResourceLimits(limits))) {
            var outcome = bench.convert(slow);
            print("a used-up address space", outcome, bench);
            assertThat(outcome).isInstanceOf(EngineOutcome.MemoryExceeded.class);
            assertThat(bench.ends()).containsExactly(ProcessEnd.MEMORY);
            assertThat(bench.convert(quick)).isInstanceOf(EngineOutcome.Converted.class);
        }
    }

    private static void print(String what, EngineOutcome outcome, EngineBench bench) {
        System.out.printf(
                "MEASURED %s: %s after %d ms, processes ended %s%n",
                what, outcome.getClass().getSimpleName(), outcome.usage().wall().toMillis(), bench.ends());
    }

    @Test
    void aFullDiskIsTheFaultOfNoDocumentUnlessItsSlotAloneWouldFillIt() throws IOException {
        // Given
        Path disk = Files.createDirectory(directory.resolve("disk-" + tested));
        String mount = "mount -t tmpfs -o size=64m docmill-test " + disk + " && exec \"$@\"";
        var wrapper = List.of("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", mount, "sh");
        try (var child = new EngineChild(wrapper, disk, tested, 1)) {
            // When
            var alone = child.ask("csv " + growing);
            child.ask("fill 0");
            var full = child.ask("csv " + quick);
            child.ask("free");
            child.ask("fill 10");
            var tooFull = child.ask("csv " + growing);
            child.ask("free");
            var after = child.ask("csv " + quick);
            // Then
            assertThat(List.of(alone, full, tooFull, after))
                    .containsExactly("OutputTooLarge", "NoRoom", "NoRoom", "Converted");
        }
    }
}
