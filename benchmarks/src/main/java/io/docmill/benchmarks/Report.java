package io.docmill.benchmarks;

import io.docmill.model.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The figures of a run, in the order in which they were first told. For one thread. */
final class Report {
    private static final String BEGIN = "<!-- figures -->\n";
    private static final String END = "<!-- end of figures -->\n";

    private final Map<List<String>, List<Double>> values = new LinkedHashMap<>();
    private final Map<List<String>, String> targets = new LinkedHashMap<>();
    private final Map<String, String> machine;

    /** @param machine what the run is on, by what is told of it */
    Report(Map<String, String> machine) {
        this.machine = new LinkedHashMap<>(machine);
    }

    /** Tells one value of a figure, of one repetition. */
    void add(String scenario, String name, String unit, double value) {
        add(scenario, name, unit, value, "");
    }

    /** As above, of a figure that should be what {@code target} says. */
    void add(String scenario, String name, String unit, double value, String target) {
        List<String> key = List.of(scenario, name, unit);
        values.computeIfAbsent(key, _ -> new ArrayList<>()).add(value);
        targets.put(key, target);
        System.out.printf("%-10s %-60s %12s %s%n", scenario, name, Figure.number(value), unit);
    }

    List<Figure> figures() {
        return values.entrySet().stream()
                .map(entry -> new Figure(
                        entry.getKey().get(0),
                        entry.getKey().get(1),
                        entry.getKey().get(2),
                        targets.getOrDefault(entry.getKey(), ""),
                        entry.getValue()))
                .toList();
    }

    String markdown() {
        String heading = machine.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .collect(Collectors.joining("; ", "Machine: ", ".\n\n"));
        String head = """
                | scenario | figure | unit | median | min | max | n | target |
                | --- | --- | --- | ---: | ---: | ---: | ---: | --- |
                """;
        return heading + head + figures().stream().map(Report::row).collect(Collectors.joining());
    }

    private static String row(Figure figure) {
        return "| %s | %s | %s | %s | %s | %s | %d | %s |\n"
                .formatted(
                        figure.scenario(),
                        figure.name(),
                        figure.unit(),
                        Figure.number(figure.median()),
                        Figure.number(figure.min()),
                        Figure.number(figure.max()),
                        figure.values().size(),
                        figure.target());
    }

    /** Writes the figures with all their values. */
    void writeJson(Path file) throws IOException {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("machine", machine);
        content.put("figures", figures());
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, Json.bytes(content));
    }

    /** Replaces the table of a page. */
    void writeInto(Path page) throws IOException {
        String text = Files.readString(page);
        int begin = text.indexOf(BEGIN);
        int end = text.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new IllegalStateException(page + " has no place for figures");
        }
        Files.writeString(page, text.substring(0, begin + BEGIN.length()) + markdown() + text.substring(end));
    }
}
