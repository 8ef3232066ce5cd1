package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.testing.contract.ContractCheck;
import io.docmill.testing.documents.TestDocuments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The guide to the API is run as it stands: what a reader copies from it works. */
@ExtendWith(SharedDocmill.class)
class ApiGuideST {
    private static final Path GUIDE = Path.of("../docs/api.md");
    private static final Pattern CALL = Pattern.compile("(?m)^### `([A-Z]+ \\S+)`$");
    private static final Pattern SHELL = Pattern.compile("(?ms)^```sh\\n(.*?)^```$");
    private static final Duration LIMIT = Duration.ofMinutes(2);

    @TempDir
    private Path directory;

    @Test
    void guideHasEveryCallOfTheContract() throws IOException {
        // Given
        List<String> told = CALL.matcher(Files.readString(GUIDE))
                .results()
                .map(call -> call.group(1))
                .toList();
        // Then
        assertThat(told)
                .containsExactlyInAnyOrderElementsOf(
                        ContractCheck.of(ContractCheck.CONTRACT).contract().operations().stream()
                                .map(operation -> operation.getHttpMethod().name() + " " + operation.getOpenAPIPath())
                                .toList());
    }

    @Test
    void everyExampleWorks(RunningDocmill docmill, DocmillClient client) throws IOException, InterruptedException {
        // Given
        String guide = Files.readString(GUIDE);
        String examples = SHELL.matcher(guide).results().map(ApiGuideST::traced).collect(Collectors.joining("\n"));
        assertThat(examples).contains("curl");
        TestDocuments.docx("A report.").named("report.docx").writeInto(directory);
        Path script = Files.writeString(directory.resolve("guide.sh"), "set -euo pipefail\n" + examples);
        ProcessBuilder shell = new ProcessBuilder("bash", script.toString())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        shell.environment().put("url", docmill.url().toString());
        shell.environment().put("key", String.valueOf(client.key()));
        shell.environment()
                .put("operator_key", String.valueOf(docmill.operator().key()));
        // When
        Process running = shell.start();
        boolean ended = running.waitFor(LIMIT);
        running.destroyForcibly();
        // Then
        assertThat(ended && running.exitValue() == 0)
                .as(Files.readString(directory.resolve("output")))
                .isTrue();
        assertThat(directory.resolve("report.pdf"))
                .content(StandardCharsets.ISO_8859_1)
                .startsWith("%PDF");
        assertThat(directory.resolve("report.txt")).content().contains("A report.");
        assertThat(directory.resolve("copy.docx")).hasSameBinaryContentAs(directory.resolve("report.docx"));
    }

    /** So that the output says which example failed. */
    private static String traced(MatchResult example) {
        return "echo '--- " + example.group(1).lines().findFirst().orElse("").replace("'", "") + "'\n"
                + example.group(1);
    }
}
