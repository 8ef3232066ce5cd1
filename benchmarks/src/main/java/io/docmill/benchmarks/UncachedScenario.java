package io.docmill.benchmarks;

import io.docmill.benchmarks.MeasuredSystem.Caller;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.services.ClusterProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Documents to PDF, by one caller and one slot and by two of each, beside LibreOffice driven directly. */
final class UncachedScenario implements Scenario {
    private static final String QUEUE = "queue";
    private static final List<String> PARTS = List.of(QUEUE, "fetch", "convert", "load", "export", "store", "reply");

    /** A JVM that has converted less is busy with itself. */
    private static final int WARM_UP_PAGES = 1_500;

    @Override
    public String name() {
        return "uncached";
    }

    @Override
    public void run(Path directory, int repetitions, Report report) throws Exception {
        for (int slots : List.of(1, 2)) {
            Path place = Files.createDirectory(directory.resolve("n" + slots));
            try (MeasuredSystem system = MeasuredSystem.start(place, slots);
                    DirectEngine direct = DirectEngine.start(place, slots)) {
                measure(system, direct, slots, repetitions, report);
            }
        }
    }

    private void measure(MeasuredSystem system, DirectEngine direct, int slots, int repetitions, Report report)
            throws Exception {
        Caller caller = system.newCaller();
        List<Conversion> directly = new ArrayList<>();
        List<Conversion> byDocmill = new ArrayList<>();
        for (TestDocument document : Documents.all()) {
            if (direct.toPdf(document)) {
                directly.add(() -> direct.toPdf(document));
                byDocmill.add(conversion(system, caller, document));
            }
        }
        Conversion page = conversion(system, caller, Documents.small());
        Conversion.pass(Collections.nCopies(WARM_UP_PAGES, page), slots);
        Conversion.pass(Collections.nCopies(WARM_UP_PAGES, () -> direct.toPdf(Documents.small())), slots);
        Conversion.pass(byDocmill, slots);
        for (int i = 0; i < repetitions; i++) {
            double directOnes = i % 2 == 0 ? Conversion.pass(directly, slots) : 0;
            double[] before = parts(system.worker());
            double ours = Conversion.pass(byDocmill, slots);
            double[] after = parts(system.worker());
            if (i % 2 == 1) {
                directOnes = Conversion.pass(directly, slots);
            }
            String by = " by %d".formatted(slots);
            report.add(name(), "LibreOffice driven directly" + by, "documents/s", directOnes);
            report.add(name(), "Docmill" + by, "documents/s", ours);
            report.add(name(), "Docmill to direct" + by, "", ours / directOnes, slots == 1 ? "≥ 0.95" : "≥ 0.85");
            for (int part = 0; part < PARTS.size(); part++) {
                report.add(
                        name(),
                        "of a job" + by + ": " + PARTS.get(part),
                        "ms",
                        1000 * (after[part] - before[part]) / byDocmill.size());
            }
        }
        if (slots == 1) {
            small(system, caller, direct, repetitions, report);
        }
    }

    private static Conversion conversion(MeasuredSystem system, Caller caller, TestDocument document) {
        String file = Calls.upload(system.gatewayPort(), caller.key(), document);
        return () -> Calls.send(Calls.toPdf(system.gatewayPort(), caller.key(), file, "&refresh=true&timeout=300"));
    }

    private void small(MeasuredSystem system, Caller caller, DirectEngine direct, int repetitions, Report report)
            throws Exception {
        TestDocument document = Documents.small();
        Conversion byDocmill = conversion(system, caller, document);
        for (int i = 0; i < repetitions; i++) {
            double directly = Conversion.medianMillis(() -> direct.toPdf(document));
            double ours = Conversion.medianMillis(byDocmill);
            report.add(name(), "a page, p50: directly", "ms", directly);
            report.add(name(), "a page, p50: Docmill", "ms", ours);
            report.add(name(), "a page, p50: Docmill over direct", "ms", ours - directly, "≤ 30");
        }
    }

    /** The seconds that jobs of the worker have spent in each part. */
    private static double[] parts(ClusterProcess worker) {
        return PARTS.stream().mapToDouble(part -> part(worker, part)).toArray();
    }

    private static double part(ClusterProcess worker, String part) {
        return switch (part) {
            case QUEUE -> worker.metric("docmill_queue_wait_seconds_sum");
            case "load", "export" ->
                worker.metric("docmill_conversion_stage_time_seconds_sum", "stage=\"%s\"".formatted(part));
            default -> worker.metric("docmill_job_time_seconds_sum", "part=\"%s\"".formatted(part));
        };
    }
}
