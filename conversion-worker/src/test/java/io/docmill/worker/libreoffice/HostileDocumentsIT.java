package io.docmill.worker.libreoffice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.inspection.DocumentInspector;
import io.docmill.inspection.Inspection;
import io.docmill.model.document.DocumentFormat;
import io.docmill.testing.documents.Canary;
import io.docmill.testing.documents.HostileDocument;
import io.docmill.testing.documents.HostileDocument.Kind;
import io.docmill.testing.documents.HostileDocuments;
import io.docmill.worker.engine.EngineObserver;
import io.docmill.worker.engine.EngineOutcome.Converted;
import io.docmill.worker.libreoffice.HostileRuns.Plans;
import io.docmill.worker.libreoffice.LibreOfficeSettings.SandboxChoice;
import io.docmill.worker.plan.ConversionPlan;
import io.docmill.worker.plan.ConversionPlanner;
import io.docmill.worker.plan.ConversionStep.LibreOfficeStep;
import io.docmill.worker.plan.OfficeProperties;
import io.docmill.worker.plan.OfficeValue;
import io.docmill.worker.plan.PlanOptions;
import io.docmill.worker.sandbox.BubblewrapSandbox;
import io.docmill.worker.sandbox.DocumentConfinement;
import io.docmill.worker.sandbox.LandlockSandbox;
import io.docmill.worker.sandbox.TestedSandboxes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every hostile document against each layer alone, against none, and against those that are always there together. What a
 * layer lets through by itself is recorded in {@code hostile-documents/*.tsv}: where LibreOffice changes, the record does.
 * Inspection is not asked before LibreOffice here, which would hide most of them from it.
 */
class HostileDocumentsIT {

    /** LibreOffice as whoever made the documents would set it up: everything runs, everything is brought up to date. */
    private static final byte[] CARELESS_PROFILE = """
            <?xml version="1.0" encoding="UTF-8"?>
            <oor:items xmlns:oor="http://openoffice.org/2001/registry">
            <item oor:path="/org.openoffice.Setup/Office"><prop oor:name="ooSetupInstCompleted" oor:op="fuse"><value>true</value></prop></item>
            <item oor:path="/org.openoffice.Office.Common/Misc"><prop oor:name="FirstRun" oor:op="fuse"><value>false</value></prop></item>
            <item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse"><value>0</value></prop></item>
            <item oor:path="/org.openoffice.Office.Writer/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>2</value></prop></item>
            <item oor:path="/org.openoffice.Office.Calc/Content/Update"><prop oor:name="Link" oor:op="fuse"><value>0</value></prop></item>
            <item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
            <item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="ODFRecalcMode" oor:op="fuse"><value>0</value></prop></item>
            </oor:items>
            """.getBytes(UTF_8);

    private static final String FORKED = "fork";

    private static final int MOST_ROUNDS = 3;

    /**
     * LibreOffice follows some references to other workbooks in one run and not in the next, and some only once the same process
     * has met them before. What counts is that they can get what they are after. One that was not seen in 25 times is not in the
     * record of what is seen without any layer (xlsx-reference-in-place-by-file); the layers must hold it all the same.
     */
    private static final int TIMES_IN_A_ROW = 8;

    /** Far more than a process takes to end, so that this tells of documents that can't be stopped, and not of a busy machine. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    @TempDir
    private static Path directory;

    private static Canary canary;
    private static List<HostileDocument> documents;

    @BeforeAll
    static void makeDocuments() throws IOException {
        canary = Canary.start(Files.createDirectory(directory.resolve("canary")));
        documents = HostileDocuments.all(canary);
    }

    @AfterAll
    static void closeCanary() {
        canary.close();
    }

    @Test
    void inspectionRefusesWhatItIsKnownToRefuse() throws IOException {
        // Given
        var inspector = new DocumentInspector();
        // When
        var verdicts = new TreeMap<String, String>();
        for (HostileDocument hostile : documents) {
            Path file = hostile.document().writeTo(directory.resolve("inspected"));
            var verdict = inspector.inspect(file, hostile.document().name());
            verdicts.put(
                    hostile.technique(),
                    switch (verdict) {
                        case Inspection.Accepted accepted -> "accepted";
                        case Inspection.Refused refused ->
                            refused.reason().name().toLowerCase(Locale.ROOT);
                    });
        }
        // Then
        assertRecorded("inspection", verdicts);
    }

    @Test
    void withoutAnyLayerDocumentsGetWhatTheyAreAfter() throws Exception {
        // When
        var runs = run(SandboxChoice.NONE, CARELESS_PROFILE, HostileDocumentsIT::careless, withoutBombs());
        var kinds = List.copyOf(runs.leaks().values());
        var seen = new TreeSet<>(seen("none", runs.leaks()));
        for (int round = 0; round < MOST_ROUNDS && !seen.containsAll(recorded("none")); round++) {
            var missing = recordedBut(seen);
            System.out.printf(
                    "MEASURED not seen in round %d: %s%n",
                    round,
                    missing.stream().map(HostileDocument::technique).distinct().toList());
            var rest = run(1, SandboxChoice.NONE, CARELESS_PROFILE, HostileDocumentsIT::careless, missing);
            seen.addAll(seen("none", rest.leaks()));
        }
        // Then
        assertThat(kinds).contains("network", "file", "macro");
        assertThat(seen).containsAll(recorded("none"));
    }

    /** Those that are known to get something with nothing in the way and have not, each some times in a row. */
    private static List<HostileDocument> recordedBut(Set<String> seen) throws IOException {
        var missing = recorded("none").stream()
                .filter(line -> !seen.contains(line))
                .map(line -> line.substring(0, line.indexOf('\t')))
                .toList();
        return documents.stream()
                .filter(hostile -> missing.contains(hostile.technique()))
                .flatMap(hostile -> Collections.nCopies(TIMES_IN_A_ROW, hostile).stream())
                .toList();
    }

    @Test
    void settingsAndPropertiesAloneMissWhatTheyAreKnownToMiss() throws Exception {
        // When
        var runs = run(
                SandboxChoice.NONE,
                ProfileTemplate.hardenedSettings(),
                HostileDocumentsIT::hardenedToPdf,
                withoutBombs());
        // Then
        assertRecorded("settings", runs.leaks());
    }

    @Test
    void settingsAndPropertiesMissMoreWhereLibreOfficeGuessesTheFilter() throws Exception {
        // When
        var runs = run(
                SandboxChoice.NONE,
                ProfileTemplate.hardenedSettings(),
                HostileDocumentsIT::guessed,
                withoutBombs().stream()
                        .filter(hostile -> hostile.kind() != Kind.INCLUSION)
                        .toList());
        // Then
        assertRecorded("settings-guessed", runs.leaks());
    }

    /** The sandboxes of LibreOffices that live on, and the walls around one that is forked. */
    static Stream<String> walls() {
        Stream<String> forked =
                TestedEngine.all().anyMatch(engine -> engine == TestedEngine.FORK) ? Stream.of(FORKED) : Stream.empty();
        return Stream.concat(TestedSandboxes.names(), forked);
    }

    @ParameterizedTest
    @MethodSource("walls")
    void theSandboxAloneMissesWhatItIsKnownToMiss(String sandbox) throws Exception {
        // When
        var runs = runIn(sandbox, CARELESS_PROFILE, HostileDocumentsIT::careless, withoutBombs());
        // Then
        if (sandbox.equals(BubblewrapSandbox.NAME)) {
            assertRecorded("sandbox", runs.leaks());
        } else {
            // The others take more from a macro than bubblewrap does: some of a workbook's don't get to their end.
            assertThat(seen("sandbox-" + sandbox, runs.leaks())).isNotEmpty().isSubsetOf(recorded("sandbox"));
        }
    }

    @ParameterizedTest
    @MethodSource("walls")
    void settingsAndSandboxTogetherMissNothing(String sandbox) throws Exception {
        // Given
        // The limits that end bombs are the engine's, and the same in every sandbox.
        var tried = sandbox.equals(LandlockSandbox.NAME) ? withoutBombs() : documents;
        // When
        var runs = runIn(sandbox, ProfileTemplate.hardenedSettings(), HostileDocumentsIT::hardened, tried);
        // Then
        writeOutcomes(sandbox, runs);
        assertThat(runs.leaks()).isEmpty();
        assertThat(runs.outcomes())
                .hasSameSizeAs(tried)
                .allSatisfy((technique, outcome) -> assertThat(outcome.usage().wall())
                        .isLessThan(HostileRuns.LIMITS.time().plus(GRACE)));
        assertThat(runs.goodOnes())
                .isNotEmpty()
                .allSatisfy(outcome -> assertThat(outcome).isInstanceOf(Converted.class));
    }

    /** One of a forked LibreOffice's walls, without the others and without the settings. */
    static Stream<Arguments> singleWalls() {
        if (TestedEngine.all().noneMatch(engine -> engine == TestedEngine.FORK)) {
            return Stream.empty();
        }
        UnaryOperator<DocumentConfinement> landlock = all -> new DocumentConfinement(
                all.limits(),
                List.of(),
                false,
                OptionalInt.empty(),
                OptionalInt.empty(),
                all.readable(),
                all.files(),
                all.writable(),
                List.of());
        UnaryOperator<DocumentConfinement> seccomp = all -> new DocumentConfinement(
                all.limits(),
                List.of(),
                false,
                OptionalInt.empty(),
                OptionalInt.empty(),
                List.of(),
                List.of(),
                List.of(),
                all.filter());
        return Stream.of(
                Arguments.of("landlock", landlock, Set.of("file")),
                Arguments.of("seccomp", seccomp, Set.of("network")));
    }

    /** A hole in the wall around files. */
    static DocumentConfinement withTheRootReadable(DocumentConfinement all) {
        return new DocumentConfinement(
                all.limits(),
                all.namespaces(),
                all.ownUsers(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                List.of(Path.of("/")),
                all.files(),
                all.writable(),
                all.filter());
    }

    @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
    @MethodSource("singleWalls")
    void eachWallOfAForkedOneAloneHoldsWhatItIsFor(
            String name, UnaryOperator<DocumentConfinement> wall, Set<String> held) throws Exception {
        // When
        var runs = runForked(wall, CARELESS_PROFILE, HostileDocumentsIT::careless, withoutBombs());
        // Then
        var leaks = seen("fork-" + name, runs.leaks());
        System.out.printf("MEASURED %s alone lets through %d documents%n", name, leaks.size());
        assertThat(runs.leaks().values()).doesNotContainAnyElementsOf(held);
    }

    private static List<HostileDocument> withoutBombs() {
        return documents.stream().filter(hostile -> hostile.kind() != Kind.BOMB).toList();
    }

    private static HostileRuns run(SandboxChoice sandbox, byte[] profile, Plans plans, List<HostileDocument> documents)
            throws Exception {
        return run(2, sandbox, profile, plans, documents);
    }

    private static HostileRuns run(
            int slots, SandboxChoice sandbox, byte[] profile, Plans plans, List<HostileDocument> documents)
            throws Exception {
        var settings = LibreOfficeSettings.of(directory.resolve("work"), slots).withSandbox(sandbox);
        return run(() -> JodConverterEngine.start(settings, EngineObserver.NONE, profile), plans, documents);
    }

    private static HostileRuns runIn(String walls, byte[] profile, Plans plans, List<HostileDocument> documents)
            throws Exception {
        return walls.equals(FORKED)
                ? runForked(UnaryOperator.identity(), profile, plans, documents)
                : run(EngineSandboxes.choice(walls), profile, plans, documents);
    }

    private static HostileRuns runForked(
            UnaryOperator<DocumentConfinement> walls, byte[] profile, Plans plans, List<HostileDocument> documents)
            throws Exception {
        var settings = TestedEngine.FORK.settings(directory.resolve("work"), 2);
        return run(() -> ForkServerEngine.start(settings, EngineObserver.NONE, profile, walls), plans, documents);
    }

    private static HostileRuns run(Supplier<LibreOfficeEngine> start, Plans plans, List<HostileDocument> documents)
            throws Exception {
        canary.forget();
        try (var engine = start.get()) {
            engine.awaitReady();
            var runs = new HostileRuns(engine, canary, plans, directory);
            runs.run(documents);
            return runs;
        }
    }

    /** How each ended and after how many milliseconds, for whoever wants to know which limit it was. */
    private static void writeOutcomes(String walls, HostileRuns runs) throws IOException {
        var lines = runs.outcomes().entrySet().stream()
                .map(entry ->
                        entry.getKey() + "\t" + entry.getValue().getClass().getSimpleName() + "\t"
                                + entry.getValue().usage().wall().toMillis())
                .toList();
        Files.write(
                Files.createDirectories(Path.of("target", "hostile-documents")).resolve("outcomes-" + walls + ".tsv"),
                lines);
    }

    /** To every target that a caller may ask for and whose text can be read. */
    private static List<List<ConversionPlan>> hardened(Path input, DocumentFormat format, Path output) {
        return Stream.of(DocumentFormat.PDF, DocumentFormat.HTML, DocumentFormat.TXT, DocumentFormat.CSV)
                .filter(target -> switch (target) {
                    case HTML -> format.family() != DocumentFormat.Family.PRESENTATION;
                    case TXT -> format.family() == DocumentFormat.Family.TEXT;
                    case CSV -> format.family() == DocumentFormat.Family.SPREADSHEET;
                    default -> true;
                })
                .map(target ->
                        List.of(new ConversionPlanner().plan(input, format, output, target, PlanOptions.DEFAULT)))
                .toList();
    }

    private static List<List<ConversionPlan>> hardenedToPdf(Path input, DocumentFormat format, Path output) {
        return hardened(input, format, output).subList(0, 1);
    }

    /** As {@link #hardened} to PDF, but that LibreOffice finds out by itself what the document is. */
    private static List<List<ConversionPlan>> guessed(Path input, DocumentFormat format, Path output) {
        var step = (LibreOfficeStep)
                hardened(input, format, output).getFirst().getFirst().steps().getFirst();
        return unforced(input, format, output, step.load());
    }

    /** Everything runs: 4 is ALWAYS_EXECUTE_NO_WARN, 3 is FULL_UPDATE. What opens hidden gets no event of opening. */
    private static List<List<ConversionPlan>> careless(Path input, DocumentFormat format, Path output) {
        return unforced(
                input,
                format,
                output,
                OfficeProperties.NONE
                        .with("Hidden", false)
                        .with("MacroExecutionMode", new OfficeValue.Small((short) 4))
                        .with("UpdateDocMode", new OfficeValue.Small((short) 3)));
    }

    /** A document that is not what it says may be opened by any part of LibreOffice: each one's export is tried. */
    private static List<List<ConversionPlan>> unforced(
            Path input, DocumentFormat format, Path output, OfficeProperties load) {
        var plans = new ArrayList<ConversionPlan>();
        for (String part : List.of("writer", "writer_web", "calc", "impress", "draw")) {
            var step = new LibreOfficeStep(
                    format, List.of(""), load, DocumentFormat.PDF, part + "_pdf_Export", OfficeProperties.NONE);
            plans.add(new ConversionPlan(input, output, List.of(step)));
        }
        return List.of(plans);
    }

    private static void assertRecorded(String layer, Map<String, String> actual) throws IOException {
        assertThat(seen(layer, actual)).as("what %s lets through", layer).containsExactlyElementsOf(recorded(layer));
    }

    /** As lines of a record, left in {@code target/hostile-documents} to be taken over once they are understood. */
    private static List<String> seen(String layer, Map<String, String> actual) throws IOException {
        var lines = actual.entrySet().stream()
                .map(entry -> entry.getKey() + "\t" + entry.getValue())
                .toList();
        Path directory = Files.createDirectories(Path.of("target", "hostile-documents"));
        Files.write(directory.resolve(layer + ".tsv"), lines);
        return lines;
    }

    private static List<String> recorded(String layer) throws IOException {
        try (var record = HostileDocumentsIT.class.getResourceAsStream("hostile-documents/" + layer + ".tsv")) {
            return new String(Objects.requireNonNull(record, layer).readAllBytes(), UTF_8)
                    .lines()
                    .toList();
        }
    }
}
