package io.docmill.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code bin/bench}: runs scenarios and tells their figures. */
@Command(name = "bench", mixinStandardHelpOptions = true, description = "Measures Docmill.")
public final class Benchmarks implements Callable<Integer> {
    private static final List<Scenario> SCENARIOS = List.of(
            new CachedScenario(),
            new PipelineScenario(),
            new UncachedScenario(),
            new EnginesScenario(),
            new HangScenario(),
            new BurstScenario(),
            new FootprintScenario());

    @Parameters(
            arity = "0..*",
            paramLabel = "SCENARIO",
            description = "All without one: cached, pipeline, uncached, engines, hang, burst, footprint.")
    private List<String> names = List.of();

    @Option(names = "--repetitions", defaultValue = "5", description = "Of each figure. Default: ${DEFAULT-VALUE}")
    private int repetitions = 5;

    @Option(names = "--write", description = "Write the table into docs/performance.md.")
    private boolean write;

    @Option(
            names = "--json",
            defaultValue = "benchmarks/target/figures.json",
            description = "Where the figures go. Default: ${DEFAULT-VALUE}")
    private Path json = Path.of("benchmarks/target/figures.json");

    /** Ends with 0 when all scenarios ran, whatever their figures are. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Benchmarks()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Report report = new Report(Machine.describe());
        for (Scenario scenario : chosen()) {
            Path directory = Files.createTempDirectory("bench");
            try {
                scenario.run(directory, repetitions, report);
            } finally {
                delete(directory);
            }
            report.writeJson(json);
        }
        System.out.println(report.markdown());
        if (write) {
            report.writeInto(Path.of("docs/performance.md"));
        }
        return 0;
    }

    private List<Scenario> chosen() {
        List<String> unknown = names.stream()
                .filter(name ->
                        SCENARIOS.stream().noneMatch(scenario -> scenario.name().equals(name)))
                .toList();
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("There is no scenario " + String.join(", ", unknown));
        }
        return SCENARIOS.stream()
                .filter(scenario -> names.isEmpty() || names.contains(scenario.name()))
                .toList();
    }

    private static void delete(Path directory) {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
