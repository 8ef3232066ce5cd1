package io.docmill.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The rules in monitoring/alerts.yml.
 *
 * @param recorded expressions, by the names that they are recorded under
 * @param alerts by name
 */
record PrometheusRules(Map<String, String> recorded, Map<String, Alert> alerts) {
    private static final Path RULES = Path.of("../monitoring/alerts.yml");
    private static final Path TESTS = Path.of("../monitoring/alerts.test.yml");

    private static final String KUBERNETES_HEAD = """
            # Made from monitoring/alerts.yml by MonitoringTest: change that one. For Prometheus' operator.
            apiVersion: monitoring.coreos.com/v1
            kind: PrometheusRule
            metadata:
              name: docmill
              labels:
                app.kubernetes.io/name: docmill
                app.kubernetes.io/part-of: docmill
            spec:
            """;

    /** An alert as it is written. */
    record Alert(String expression, String severity, Map<String, String> annotations) {}

    static PrometheusRules read() {
        List<Map<?, ?>> rules = maps(load(RULES), "groups")
                .flatMap(group -> maps(group, "rules"))
                .toList();
        return new PrometheusRules(
                named("record", rules, rule -> text(rule, "expr")),
                named(
                        "alert",
                        rules,
                        rule -> new Alert(
                                text(rule, "expr"),
                                text(map(rule, "labels"), "severity"),
                                texts(map(rule, "annotations")))));
    }

    /** What the tests of promtool expect of an expression at a time. */
    static Collection<Map<?, ?>> looks() {
        return maps(load(TESTS), "tests")
                .flatMap(test -> maps(test, "promql_expr_test"))
                .toList();
    }

    /** The same rules as the object that Prometheus' operator takes: its {@code spec} is the file. */
    static String forKubernetes() {
        return lines(RULES).stream()
                .dropWhile(line -> !line.equals("groups:"))
                .map(line -> line.isEmpty() ? "\n" : "  " + line + "\n")
                .collect(Collectors.joining("", KUBERNETES_HEAD, ""));
    }

    Collection<String> expressions() {
        return Stream.concat(
                        recorded.values().stream(), alerts.values().stream().map(Alert::expression))
                .toList();
    }

    private static <T> Map<String, T> named(String kind, List<Map<?, ?>> rules, Function<Map<?, ?>, T> read) {
        return rules.stream()
                .filter(rule -> rule.containsKey(kind))
                .collect(Collectors.toUnmodifiableMap(rule -> text(rule, kind), read));
    }

    private static Map<?, ?> load(Path file) {
        return (Map<?, ?>) new Yaml(new SafeConstructor(new LoaderOptions())).load(String.join("\n", lines(file)));
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Map<?, ?>> maps(Map<?, ?> owner, String field) {
        return ((List<?>) Objects.requireNonNull(owner.get(field), field))
                .stream().map(item -> (Map<?, ?>) item);
    }

    private static Map<?, ?> map(Map<?, ?> owner, String field) {
        return (Map<?, ?>) Objects.requireNonNull(owner.get(field), field);
    }

    private static Map<String, String> texts(Map<?, ?> owner) {
        return owner.keySet().stream()
                .map(String::valueOf)
                .collect(Collectors.toUnmodifiableMap(Function.identity(), field -> text(owner, field)));
    }

    private static String text(Map<?, ?> owner, String field) {
        return (String) Objects.requireNonNull(owner.get(field), field);
    }
}
