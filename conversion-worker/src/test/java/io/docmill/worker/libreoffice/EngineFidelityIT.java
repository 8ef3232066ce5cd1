package io.docmill.worker.libreoffice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.docmill.model.conversion.ConversionTable;
import io.docmill.model.document.DocumentFormat;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import io.docmill.worker.engine.ConversionLimits;
import io.docmill.worker.engine.EngineOutcome;
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
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.graphics.image.PDImageXObject;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both engines make the same of each document, in every format: pages, text, images, parts. */
class EngineFidelityIT {

    private static final Path CORPUS = Path.of("../../shared/corpus");

    private static final ConversionLimits LIMITS = ConversionLimits.DEFAULT.withTime(Duration.ofSeconds(90));

    /**
     * A fresh LibreOffice, started by its own command, writes what the forked one writes. The one that lives on adds properties
     * (the style of notes' signs, the absolute width of a table) that it has since an earlier document.
     */
    private static final Set<String> LEFT_BY_EARLIER_DOCUMENTS =
            Set.of("Bug54849.docx to odt: styles.xml", "report.docx to odt: content.xml");

    private static final Pattern TAG = Pattern.compile("<([\\w:]+) ([^<>]*)>");
    private static final Pattern ATTRIBUTE = Pattern.compile("[\\w:.-]+=\"[^\"]*\"|/");

    @TempDir
    private Path directory;

    private final ConversionPlanner planner = new ConversionPlanner();

    @Test
    void ownDocuments() throws Exception {
        assertEqual(List.of(
                TestDocuments.docx("A page of text."),
                TestDocuments.docxOfPages(5),
                TestDocuments.richDocx("A report", "with a table and a picture"),
                TestDocuments.doc(),
                TestDocuments.richXlsx("A sheet", "with figures"),
                TestDocuments.richXls("An older sheet", "with figures"),
                TestDocuments.richPptx("A deck", "of slides"),
                TestDocuments.richPpt("An older deck", "of slides")));
    }

    @Test
    void realDocuments() throws Exception {
        assumeTrue(Files.isDirectory(CORPUS), "no corpus beside the project");
        var documents = new ArrayList<TestDocument>();
        for (String part : List.of("ok", "broken")) {
            try (Stream<Path> files = Files.list(CORPUS.resolve(part))) {
                for (Path file :
                        files.filter(EngineFidelityIT::isTried).sorted().toList()) {
                    documents.add(TestDocument.of(file.getFileName().toString(), Files.readAllBytes(file)));
                }
            }
        }
        assertEqual(documents);
    }

    /** One runs into its limit by design, one takes 12 s for each of its formats. */
    private static boolean isTried(Path file) {
        String name = file.getFileName().toString();
        return !name.equals("poc-shared-strings.xlsx") && !name.equals("keyframes.pptx");
    }

    /** Twice by one engine, to know what is never the same twice, such as times and random names; then by the other. */
    private void assertEqual(List<TestDocument> documents) throws Exception {
        assumeTrue(TestedEngine.all().count() == 2, "one engine alone is tested");
        Map<String, String> first;
        Map<String, String> second;
        try (var engine = TestedEngine.JODCONVERTER.start(directory.resolve("work"), 1)) {
            first = convert(engine, documents);
            second = convert(engine, documents);
        }
        Map<String, String> forked;
        try (var engine = TestedEngine.FORK.start(directory.resolve("work"), 1)) {
            forked = convert(engine, documents);
        }
        var names = new TreeSet<>(first.keySet());
        names.addAll(forked.keySet());
        var different = names.stream()
                .filter(name -> Objects.equals(first.get(name), second.get(name)))
                .filter(name -> !Objects.equals(first.get(name), forked.get(name)))
                .toList();
        for (String name : different) {
            write(name + ".first", first);
            write(name + ".forked", forked);
        }
        System.out.printf(
                "MEASURED %d parts of %d documents compared, %d never the same twice, %d differ%n",
                names.size(),
                documents.size(),
                names.stream()
                        .filter(name -> !Objects.equals(first.get(name), second.get(name)))
                        .count(),
                different.size());
        assertThat(different).isSubsetOf(LEFT_BY_EARLIER_DOCUMENTS);
    }

    private Map<String, String> convert(LibreOfficeEngine engine, List<TestDocument> documents) throws Exception {
        var parts = new TreeMap<String, String>();
        for (TestDocument document : documents) {
            String extension = document.name()
                    .substring(document.name().lastIndexOf('.') + 1)
                    .toLowerCase(Locale.ROOT);
            var source = DocumentFormat.of(extension).orElseThrow();
            Path input = document.writeTo(directory.resolve("input"));
            for (DocumentFormat target : ConversionTable.targets(source)) {
                Path output = directory.resolve("output." + target.extension());
                var plan = planner.plan(input, source, output, target, PlanOptions.DEFAULT);
                var outcome = engine.start(plan, LIMITS).await();
                String name = document.name() + " to " + target.extension();
                parts.put(name, outcome.getClass().getSimpleName());
                if (outcome instanceof EngineOutcome.Converted) {
                    content(output, target).forEach((part, content) -> parts.put(name + ": " + part, content));
                }
            }
        }
        return parts;
    }

    private static Map<String, String> content(Path output, DocumentFormat target) throws IOException {
        return switch (target) {
            case PDF -> pdf(output);
            case DOCX, XLSX, PPTX, ODT, ODP -> zip(output);
            case HTML, TXT, CSV, PNG -> Map.of("all", Files.readString(output, ISO_8859_1));
            case DOC, XLS, PPT -> throw new IllegalArgumentException(target.name());
        };
    }

    private static Map<String, String> pdf(Path file) throws IOException {
        try (PDDocument pdf = Loader.loadPDF(file.toFile())) {
            var images = new StringBuilder();
            for (var page : pdf.getPages()) {
                for (var name : page.getResources().getXObjectNames()) {
                    if (page.getResources().getXObject(name) instanceof PDImageXObject image) {
                        images.append(new String(
                                image.getCOSObject().createRawInputStream().readAllBytes(), ISO_8859_1));
                    }
                }
            }
            return Map.of(
                    "pages",
                    Integer.toString(pdf.getNumberOfPages()),
                    "text",
                    new PDFTextStripper().getText(pdf),
                    "images",
                    images.toString());
        }
    }

    private static Map<String, String> zip(Path file) throws IOException {
        var parts = new TreeMap<String, String>();
        try (var zip = new ZipFile(file.toFile())) {
            for (var entry : zip.stream().toList()) {
                // A picture of the first page as it was painted so far, and objects named by a count of all before
                // them.
                if (!entry.getName().matches("Thumbnails/.*|(ObjectReplacements/)?Obj\\d+")) {
                    String content = new String(zip.getInputStream(entry).readAllBytes(), ISO_8859_1);
                    parts.put(entry.getName(), entry.getName().endsWith(".xml") ? normalised(content) : content);
                }
            }
        }
        return parts;
    }

    /**
     * Without what is known to differ, none of which shows: attributes in the order of addresses in memory; the name of the variable
     * for the profile in the paths of colour tables; how many pages Writer had laid out when it was asked to write, and where
     * they broke.
     */
    private static String normalised(String xml) {
        String text = xml.replace("$(userpath)", "$(user)")
                .replaceAll(" meta:page-count=\"\\d+\"", "")
                .replace(" text:use-soft-page-breaks=\"true\"", "")
                .replace("<text:soft-page-break/>", "")
                .replaceAll("<([\\w:]+)([^<>]*)></\\1>", "<$1$2/>");
        return TAG.matcher(text)
                .replaceAll(tag -> Matcher.quoteReplacement("<" + tag.group(1)
                        + ATTRIBUTE
                                .matcher(tag.group(2))
                                .results()
                                .map(MatchResult::group)
                                .sorted()
                                .collect(Collectors.joining(" "))
                        + ">"));
    }

    /** For whoever wants to see what differs. */
    private static void write(String name, Map<String, String> parts) throws IOException {
        Path file =
                Files.createDirectories(Path.of("target", "engine-fidelity")).resolve(name.replace('/', '_'));
        Files.writeString(file, parts.getOrDefault(name.replaceFirst("\\.[a-z]+$", ""), ""), ISO_8859_1);
    }
}
