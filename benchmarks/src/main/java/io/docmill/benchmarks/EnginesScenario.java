package io.docmill.benchmarks;

import io.docmill.testing.documents.TestDocument;
import io.docmill.worker.libreoffice.ForkServerSettings;
import io.docmill.worker.libreoffice.LibreOfficeSettings;
import io.docmill.worker.libreoffice.LibreOfficeSettings.EngineChoice;
import io.docmill.worker.libreoffice.LibreOfficeSettings.SandboxChoice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The engines side by side in one process: LibreOffices that live on with and without a sandbox, a forked one for every document, and
 * a forked one for each scope. To PDF, one and two documents at a time.
 */
final class EnginesScenario implements Scenario {
    private static final String PROGRAM = "DOCMILL_WORKER_FORK_SERVER";
    private static final String DIRECT = "LibreOffice driven directly";
    private static final String FORKED = "a forked one for every document";
    private static final int WARM_UP_PAGES = 200;

    @Override
    public String name() {
        return "engines";
    }

    private static Map<String, UnaryOperator<LibreOfficeSettings>> engines() {
        Map<String, UnaryOperator<LibreOfficeSettings>> engines = new LinkedHashMap<>();
        engines.put(DIRECT, one -> one.withEngine(EngineChoice.JODCONVERTER).withSandbox(SandboxChoice.NONE));
        engines.put("JODConverter in a sandbox", one -> one.withEngine(EngineChoice.JODCONVERTER));
        String program = System.getenv(PROGRAM);
        if (program == null) {
            System.err.println("There is no fork server to measure: set " + PROGRAM);
            return engines;
        }
        ForkServerSettings forkServer = ForkServerSettings.DEFAULT.withProgram(Path.of(program));
        engines.put(FORKED, one -> one.withEngine(EngineChoice.FORK).withForkServer(forkServer));
        engines.put(
                "a forked one for each scope",
                one -> one.withEngine(EngineChoice.FORK)
                        .withForkServer(forkServer.perScope(20, Duration.ofSeconds(10))));
        return engines;
    }

    @Override
    public void run(Path directory, int repetitions, Report report) throws Exception {
        for (int slots : List.of(1, 2)) {
            Map<String, DirectEngine> started = new LinkedHashMap<>();
            try {
                for (var engine : engines().entrySet()) {
                    started.put(
                            engine.getKey(),
                            DirectEngine.start(
                                    directory.resolve("engine-%d-%d".formatted(slots, started.size())),
                                    engine.getValue(),
                                    slots));
                }
                measure(started, slots, repetitions, report);
            } finally {
                started.values().forEach(DirectEngine::close);
            }
        }
    }

    private void measure(Map<String, DirectEngine> engines, int slots, int repetitions, Report report)
            throws Exception {
        List<TestDocument> documents = new ArrayList<>();
        for (TestDocument document : Documents.all()) {
            boolean byAll = true;
            for (DirectEngine engine : engines.values()) {
                byAll &= engine.toPdf(document);
            }
            if (byAll) {
                documents.add(document);
            }
        }
        TestDocument page = Documents.small();
        for (DirectEngine engine : engines.values()) {
            Conversion.pass(Collections.nCopies(WARM_UP_PAGES, () -> engine.toPdf(page)), slots);
        }
        List<Map.Entry<String, DirectEngine>> order = new ArrayList<>(engines.entrySet());
        String by = " by %d".formatted(slots);
        for (int i = 0; i < repetitions; i++) {
            Map<String, Double> rates = new LinkedHashMap<>();
            for (var each : order) {
                String name = each.getKey();
                DirectEngine engine = each.getValue();
                double rate = Conversion.pass(conversions(engine, documents), slots);
                rates.put(name, rate);
                report.add(name(), name + by, "documents/s", rate);
                report.add(
                        name(),
                        name + by + ": pages",
                        "documents/s",
                        Conversion.pass(Collections.nCopies(Conversion.TIMES, () -> engine.toPdf(page)), slots));
                report.add(
                        name(), name + by + ": a page, p50", "ms", Conversion.medianMillis(() -> engine.toPdf(page)));
            }
            double direct = rates.getOrDefault(DIRECT, Double.NaN);
            rates.computeIfPresent(FORKED, (_, forked) -> {
                report.add(name(), "forked to direct" + by, "", forked / direct, "≥ 0.9");
                return forked;
            });
            Collections.rotate(order, 1);
        }
    }

    private static List<Conversion> conversions(DirectEngine engine, List<TestDocument> documents) {
        return documents.stream()
                .<Conversion>map(document -> () -> engine.toPdf(document))
                .toList();
    }
}
