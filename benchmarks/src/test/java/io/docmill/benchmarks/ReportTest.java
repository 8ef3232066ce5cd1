package io.docmill.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    @TempDir
    private Path directory;

    private static Figure figure(Double... values) {
        return new Figure("scenario", "figure", "ms", "", List.of(values));
    }

    @Test
    void aFigureHasItsMedianAndItsSpread() {
        assertThat(figure(3.0, 1.0, 10.0).median()).isEqualTo(3.0);
        assertThat(figure(4.0, 1.0, 10.0, 2.0).median()).isEqualTo(3.0);
        assertThat(figure(3.0, 1.0, 10.0).min()).isEqualTo(1.0);
        assertThat(figure(3.0, 1.0, 10.0).max()).isEqualTo(10.0);
        assertThatIllegalArgumentException().isThrownBy(ReportTest::figure);
    }

    @Test
    void numbersHaveTheDigitsThatMeanSomething() {
        assertThat(Figure.number(31_718.4)).isEqualTo("31,718");
        assertThat(Figure.number(12.345)).isEqualTo("12.3");
        assertThat(Figure.number(1.2345)).isEqualTo("1.23");
        assertThat(Figure.number(0.33333)).isEqualTo("0.333");
    }

    @Test
    void valuesOfOneFigureComeTogetherInTheTableOfAPage() throws IOException {
        // Given
        Report report = new Report(Map.of("cores", "2"));
        report.add("cached", "p99", "ms", 9, "< 10");
        report.add("cached", "p50", "ms", 1);
        report.add("cached", "p99", "ms", 7, "< 10");
        Path page = Files.writeString(
                directory.resolve("page.md"), "before\n<!-- figures -->\nold\n<!-- end of figures -->\nafter\n");
        // When
        report.writeInto(page);
        // Then
        assertThat(page)
                .content()
                .startsWith("before\n<!-- figures -->\nMachine: cores: 2.")
                .contains("| cached | p99 | ms | 8.00 | 7.00 | 9.00 | 2 | < 10 |")
                .contains("| cached | p50 | ms | 1.00 | 1.00 | 1.00 | 1 |  |")
                .doesNotContain("old")
                .endsWith("<!-- end of figures -->\nafter\n");
    }
}
