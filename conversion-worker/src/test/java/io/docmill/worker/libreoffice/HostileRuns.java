package io.docmill.worker.libreoffice;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.docmill.model.document.DocumentFormat;
import io.docmill.testing.documents.Canary;
import io.docmill.testing.documents.HostileDocument;
import io.docmill.testing.documents.HostileDocument.Kind;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import io.docmill.worker.engine.ConversionLimits;
import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.engine.EngineOutcome.Converted;
import io.docmill.worker.plan.ConversionPlan;
import io.docmill.worker.plan.ConversionPlanner;
import io.docmill.worker.plan.PlanOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.text.PDFTextStripper;

/** Runs hostile documents through an engine, two at a time, with good ones between them, and looks at what they got. */
final class HostileRuns {

    /** What one document may take here: short, so that a test of many bombs ends. */
    static final ConversionLimits LIMITS = new ConversionLimits(Duration.ofSeconds(6), 700L << 20);

    private static final String GOOD_TEXT = "an ordinary report";
    private static final int GOOD_ONE_AFTER = 8;
    private static final int MOST_RUNS = 4;

    /** What is to be made of a document: for each result the ways to it, tried one after another until one is written. */
    @FunctionalInterface
    interface Plans {
        List<List<ConversionPlan>> of(Path input, DocumentFormat format, Path output);
    }

    private final LibreOfficeEngine engine;
    private final Canary canary;
    private final Plans plans;
    private final Path directory;
    private final Map<String, String> leaks = new ConcurrentSkipListMap<>();
    private final Map<String, EngineOutcome> outcomes = new ConcurrentSkipListMap<>();
    private final List<EngineOutcome> good = new ArrayList<>();

    HostileRuns(LibreOfficeEngine engine, Canary canary, Plans plans, Path directory) {
        this.engine = engine;
        this.canary = canary;
        this.plans = plans;
        this.directory = directory;
    }

    /** Runs these documents; returns when the last one has ended. */
    void run(List<HostileDocument> documents) throws InterruptedException, ExecutionException {
        var good = TestDocuments.richDocx("A good one", GOOD_TEXT).writeTo(directory.resolve("good.docx"));
        try (var threads = Executors.newFixedThreadPool(engine.slots())) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < documents.size(); i++) {
                var document = documents.get(i);
                running.add(threads.submit(() -> run(document)));
                if (i % GOOD_ONE_AFTER == 0) {
                    int number = i;
                    running.add(threads.submit(() -> runGoodOne(good, number)));
                }
            }
            for (var run : running) {
                run.get();
            }
        }
    }

    private Void run(HostileDocument hostile) throws InterruptedException, IOException {
        TestDocument document = hostile.document();
        Path input = document.writeTo(directory.resolve(hostile.technique()));
        var format = DocumentFormat.valueOf(hostile.format().toUpperCase(Locale.ROOT));
        Path output = directory.resolve(hostile.technique() + ".out");
        for (var ways : plans.of(input, format, output)) {
            var outcome = firstWritten(ways);
            outcomes.merge(hostile.technique(), outcome, HostileRuns::longer);
            if (outcome instanceof Converted && hostile.kind() != Kind.BOMB) {
                look(hostile.technique(), text(output));
            }
        }
        Files.delete(input);
        return null;
    }

    private EngineOutcome firstWritten(List<ConversionPlan> ways) throws InterruptedException {
        EngineOutcome outcome = run(ways.getFirst());
        for (var way : ways.subList(1, ways.size())) {
            if (outcome instanceof EngineOutcome.StoreRefused) {
                outcome = run(way);
            }
        }
        return outcome;
    }

    /** As a crash may come before a document gets what it is after, it is tried again; so does the worker. */
    private EngineOutcome run(ConversionPlan plan) throws InterruptedException {
        EngineOutcome outcome = engine.start(plan, LIMITS).await();
        for (int runs = 1; runs < MOST_RUNS && outcome instanceof EngineOutcome.Crashed; runs++) {
            outcome = engine.start(plan, LIMITS).await();
        }
        return outcome;
    }

    /** Of several runs of a document the longest is told about, since limits are what is asked about. */
    private static EngineOutcome longer(EngineOutcome one, EngineOutcome other) {
        return other.usage().wall().compareTo(one.usage().wall()) > 0 ? other : one;
    }

    private void look(String technique, String text) {
        if (text.contains(Canary.SECRET)) {
            leaks.merge(technique, "file", HostileRuns::both);
        }
        if (text.contains(Canary.MACRO_MARK)) {
            leaks.merge(technique, "macro", HostileRuns::both);
        }
    }

    private static String both(String one, String other) {
        return one.contains(other) ? one : one + "," + other;
    }

    private static String text(Path output) throws IOException {
        byte[] bytes = Files.readAllBytes(output);
        if (bytes.length < 5 || bytes[0] != '%' || bytes[1] != 'P') {
            return new String(bytes, UTF_8);
        }
        try (var pdf = Loader.loadPDF(bytes)) {
            // Letters may be set apart, or lines broken, in what is laid out anew.
            return new PDFTextStripper().getText(pdf).replaceAll("\\s", "");
        }
    }

    private Void runGoodOne(Path input, int number) throws InterruptedException, IOException {
        Path output = directory.resolve("good-" + number);
        var plan = new ConversionPlanner()
                .plan(input, DocumentFormat.DOCX, output, DocumentFormat.PDF, PlanOptions.DEFAULT);
        var outcome =
                engine.start(plan, LIMITS.withTime(Duration.ofSeconds(30))).await();
        if (outcome instanceof Converted && !text(output).contains(GOOD_TEXT.replace(" ", ""))) {
            throw new AssertionError("A good document came out without its text");
        }
        synchronized (good) {
            good.add(outcome);
        }
        return null;
    }

    /** How each good document ended. */
    List<EngineOutcome> goodOnes() {
        return good;
    }

    /** How each technique's document ended. */
    Map<String, EngineOutcome> outcomes() {
        return outcomes;
    }

    /** What each technique got, of {@code network}, {@code file} and {@code macro}; who got nothing is not there. */
    Map<String, String> leaks() {
        var all = new TreeMap<>(leaks);
        canary.written().forEach(technique -> all.merge(technique, "macro", HostileRuns::both));
        canary.reached().forEach(technique -> all.merge(technique, "network", HostileRuns::both));
        // What the server sent looks like what a file says.
        all.replaceAll((technique, leak) -> leak.equals("file,network") ? "network" : leak);
        return all;
    }
}
