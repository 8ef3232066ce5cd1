package io.docmill.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.platform.tracing.TraceAttribute;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The table of attributes in docs/operations.md is what spans can say: all of it, and nothing else. */
class TracesPageTest {
    private static final Path PAGE = Path.of("../docs/operations.md");
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `((?:http|error|messaging|docmill)\\.[a-z_.]+)` \\| ");

    @Test
    void theGuideTellsEveryAttribute() throws IOException {
        // Given
        String page = Files.readString(PAGE);
        // When
        var told = ROW.matcher(page).results().map(row -> row.group(1)).toList();
        // Then
        assertThat(told)
                .containsExactlyInAnyOrderElementsOf(Stream.of(TraceAttribute.values())
                        .map(TraceAttribute::key)
                        .toList());
    }
}
