package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.testing.documents.TestDocuments;
import io.docmill.testing.services.ClusterProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The table of metrics in the operations guide tells what running processes measure: all of it, and nothing else. */
@ExtendWith(SharedCluster.class)
class MetricsST {
    private static final Path GUIDE = Path.of("..", "docs", "operations.md");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `((?:docmill|http)_[a-z_]+)` \\| (gateway|worker|both) ");
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE ((?:docmill|http)_[a-z_]+) ");

    private static Set<String> told(String of) throws IOException {
        return ROW.matcher(Files.readString(GUIDE))
                .results()
                .filter(row -> List.of(of, "both").contains(row.group(2)))
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The greatest of the last minutes belongs to the metric of that name. */
    private static Set<String> measured(ClusterProcess process) {
        Set<String> names = TYPE.matcher(process.metrics())
                .results()
                .map((MatchResult type) -> type.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        names.removeIf(name -> name.endsWith("_max"));
        return names;
    }

    @Test
    void theGuideTellsEveryMetric(Cluster cluster) throws IOException {
        // Given
        ClusterCaller caller = ClusterCaller.of(cluster);
        ClusterProcess gateway = cluster.gateways().getFirst();
        // When
        for (ClusterProcess worker : cluster.workers()) {
            while (Cluster.libreOfficeRuns(worker) == 0) {
                caller.succeeded(caller.converting(gateway, caller.upload(TestDocuments.docx("A document."))));
            }
        }
        // Then
        assertThat(told("gateway")).isNotEmpty().isEqualTo(measured(gateway));
        for (ClusterProcess worker : cluster.workers()) {
            assertThat(told("worker")).isNotEmpty().isEqualTo(measured(worker));
        }
    }

    @Test
    void countsRequestsByOperationAndConversionsByWhereTheyWereAnswered(Cluster cluster) {
        // Given
        ClusterCaller caller = ClusterCaller.of(cluster);
        ClusterProcess gateway = cluster.gateways().getLast();
        String file = caller.upload(TestDocuments.docx("A document that is asked for twice."));
        double requests = gateway.metric("http_server_requests_seconds_count", "operation=\"convertFile\"");
        double converted = gateway.metric("docmill_conversion_answers_total", "from=\"worker\"");
        double cached = gateway.metric("docmill_conversion_answers_total", "from=\"redis\"");
        // When
        caller.succeeded(caller.converting(gateway, file));
        caller.succeeded(caller.converting(gateway, file));
        // Then
        assertThat(gateway.metric("http_server_requests_seconds_count", "operation=\"convertFile\""))
                .isEqualTo(requests + 2);
        assertThat(gateway.metric("docmill_conversion_answers_total", "from=\"worker\""))
                .isEqualTo(converted + 1);
        assertThat(gateway.metric("docmill_conversion_answers_total", "from=\"redis\""))
                .isEqualTo(cached + 1);
    }
}
