package io.docmill.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.docmill.model.json.Json;
import io.docmill.platform.management.ProcessMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Alerts, dashboard, runbook and the guide's table of metrics belong together. What of it is PromQL is parsed and tried by
 * promtool (bin/lib/monitoring.sh). With {@code -Ddocmill.docs.write=true} this writes the object that Kubernetes takes; without
 * it, it tells where that differs.
 */
class MonitoringTest {
    private static final Path DASHBOARDS = Path.of("../monitoring/grafana/dashboards");
    private static final Path RUNBOOK = Path.of("../docs/runbook.md");
    private static final Path GUIDE = Path.of("../docs/operations.md");
    private static final Path KUBERNETES = Path.of("../k8s/components/prometheus-operator/alerts.yaml");

    private static final Pattern ROW = Pattern.compile("(?m)^\\| `((?:docmill|http)_[a-z_]+)` \\| .*$");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE ([a-z_]+) ");
    private static final Pattern SECTION = Pattern.compile("(?m)^## (Docmill\\w+)$");

    /** Of Prometheus itself, and one of the JVM's that appears with the first collection of garbage. */
    private static final Set<String> OTHERS = Set.of("up", "ALERTS", "jvm_gc_pause_seconds_sum");

    private final PrometheusRules rules = PrometheusRules.read();

    /** The series that Docmill's metrics have: of one with a distribution its buckets, sum and count. */
    private static Set<String> series() throws IOException {
        Set<String> series = ROW.matcher(Files.readString(GUIDE))
                .results()
                .flatMap((MatchResult row) -> series(row.group(1), row.group().contains("(histogram)")))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(series).hasSizeGreaterThan(30);
        TYPE.matcher(ProcessMetrics.registry().scrape())
                .results()
                .map(type -> type.group(1))
                .forEach(series::add);
        series.addAll(OTHERS);
        return series;
    }

    private static Stream<String> series(String metric, boolean distribution) {
        Stream<String> one = Stream.of(metric, metric + "_sum", metric + "_count");
        return distribution ? Stream.concat(one, Stream.of(metric + "_bucket")) : one;
    }

    private static List<Path> dashboards() throws IOException {
        try (Stream<Path> files = Files.list(DASHBOARDS)) {
            return files.toList();
        }
    }

    private static List<String> expressions(JsonNode dashboard) {
        return dashboard.findValues("expr").stream().map(JsonNode::textValue).toList();
    }

    @Test
    void rulesAskForNothingThatIsNotMeasured() throws IOException {
        // Given
        Set<String> series = series();
        series.addAll(rules.recorded().keySet());
        // Then
        assertThat(rules.expressions())
                .hasSizeGreaterThan(20)
                .allSatisfy(expression ->
                        assertThat(PromQl.metrics(expression)).isNotEmpty().isSubsetOf(series));
    }

    @Test
    void dashboardsAskForNothingThatIsNotMeasured() throws IOException {
        // Given
        Set<String> series = series();
        series.addAll(rules.recorded().keySet());
        // Then
        assertThat(dashboards())
                .isNotEmpty()
                .allSatisfy(file -> assertThat(expressions(Json.mapper().readTree(file.toFile())))
                        .hasSizeGreaterThan(20)
                        .allSatisfy(expression -> assertThat(PromQl.metrics(expression))
                                .isNotEmpty()
                                .isSubsetOf(series)));
    }

    @Test
    void everyPanelOfADashboardIsOneOfItsOwn() throws IOException {
        assertThat(dashboards()).isNotEmpty().allSatisfy(file -> {
            JsonNode dashboard = Json.mapper().readTree(file.toFile());
            assertThat(dashboard.path("uid").textValue()).isNotBlank();
            assertThat(dashboard.path("panels"))
                    .extracting(panel -> panel.path("id").intValue())
                    .isNotEmpty()
                    .doesNotHaveDuplicates()
                    .doesNotContain(0);
            assertThat(dashboard.path("panels"))
                    .extracting(panel -> panel.path("title").textValue())
                    .doesNotHaveDuplicates()
                    .doesNotContainNull();
            assertThat(dashboard.path("panels"))
                    .filteredOn(panel -> !panel.path("type").textValue().equals("row"))
                    .allSatisfy(panel -> assertThat(expressions(panel)).isNotEmpty());
        });
    }

    @Test
    void everyAlertSaysHowUrgentItIsAndWhereToReadOn() {
        assertThat(rules.alerts()).isNotEmpty().allSatisfy((name, alert) -> {
            assertThat(alert.severity()).isIn("page", "ticket", "info");
            assertThat(alert.annotations())
                    .hasEntrySatisfying("summary", text -> assertThat(text).isNotBlank())
                    .hasEntrySatisfying("description", text -> assertThat(text).isNotBlank())
                    .containsEntry("runbook_url", "docs/runbook.md#" + name.toLowerCase(Locale.ROOT));
        });
    }

    @Test
    void everyAlertHasASectionOfTheRunbookAndNothingElseHas() throws IOException {
        assertThat(SECTION.matcher(Files.readString(RUNBOOK)).results().map(section -> section.group(1)))
                .containsExactlyInAnyOrderElementsOf(rules.alerts().keySet());
    }

    @Test
    void everyAlertIsTestedToFireAndNotToFire() {
        // Given
        Set<String> fires = new HashSet<>();
        Set<String> isQuiet = new HashSet<>();
        // When
        for (Map<?, ?> look : PrometheusRules.looks()) {
            String expression = String.valueOf(look.get("expr"));
            rules.alerts().keySet().stream()
                    .filter(name -> expression.contains("\"" + name + "\""))
                    .forEach(look.containsKey("exp_samples") ? fires::add : isQuiet::add);
        }
        // Then
        assertThat(fires).isEqualTo(rules.alerts().keySet());
        assertThat(isQuiet).isEqualTo(rules.alerts().keySet());
    }

    @Test
    void kubernetesHasTheSameRules() throws IOException {
        // Given
        String made = PrometheusRules.forKubernetes();
        if (Boolean.getBoolean("docmill.docs.write")) {
            Files.createDirectories(KUBERNETES.getParent());
            Files.writeString(KUBERNETES, made);
        }
        // Then
        assertThat(KUBERNETES)
                .as("-Ddocmill.docs.write=true writes it from monitoring/alerts.yml")
                .hasContent(made);
    }

    /** What tells metrics from the rest of the language is tested itself: it must pass over nothing. */
    @Test
    void findsTheMetricsOfAnExpression() {
        assertThat(PromQl.metrics("""
                sum by (le, source) (rate(a_bucket{from="b",c!~"d|e"}[5m])) or on (f) group_left (g) h:i:j
                  unless avg_over_time(k[1d:5m] offset 30m) > bool 1.5e3 and 0 * {__name__="l"}[$__rate_interval] / m{n="{o}"}
                """)).containsExactlyInAnyOrder("a_bucket", "h:i:j", "k", "m");
    }
}
