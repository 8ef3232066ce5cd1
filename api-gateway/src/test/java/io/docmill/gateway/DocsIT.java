package io.docmill.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documentation that a gateway serves to whoever asks. */
class DocsIT {
    private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"([^\"]*)\"");
    private static final Pattern OTHER_HOST = Pattern.compile("(?:https?:)?//[a-zA-Z0-9]");

    private static NeighbourProcesses neighbours;
    private static RunningGateway gateway;

    @BeforeAll
    static void start(@TempDir Path directory) {
        neighbours = NeighbourProcesses.start(directory);
        gateway = RunningGateway.start(neighbours, directory.resolve("spool"), Map.of());
    }

    @AfterAll
    static void stop() {
        gateway.close();
        neighbours.close();
    }

    private static Answer fetch(String path) {
        return gateway.send(gateway.request(path));
    }

    @Test
    void pageComesWholeFromTheGateway() {
        // When
        Answer page = fetch("/docs");
        // Then
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.header("Content-Type")).startsWith("text/html");
        List<String> references = REFERENCE
                .matcher(page.text())
                .results()
                .map(MatchResult::group)
                .map(reference -> reference.replaceAll(".*\"(.*)\"", "$1"))
                .toList();
        assertThat(references).hasSizeGreaterThan(4).allSatisfy(reference -> {
            assertThat(reference).startsWith("/").doesNotStartWith("//");
            assertThat(fetch(reference).status()).as(reference).isEqualTo(200);
        });
        assertThat(page.text()
                        + fetch("/docs/docs.js").text()
                        + fetch("/docs/docs.css").text())
                .doesNotContainPattern(OTHER_HOST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/docs", "/docs/docs.js", "/docs/swagger-ui-bundle.js", "/openapi.yaml"})
    void browserMayFetchNothingFromElsewhere(String path) {
        // When
        Answer answer = fetch(path);
        // Then
        assertThat(answer.header("Content-Security-Policy"))
                .contains("default-src 'none'", "connect-src 'self'", "script-src 'self';")
                .doesNotContain("*", "http", "unsafe-eval");
        assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }

    @Test
    void rootLeadsToThePage() {
        // When
        Answer root = fetch("/");
        // Then
        assertThat(root.status()).isEqualTo(302);
        assertThat(root.header("Location")).isEqualTo("/docs");
    }

    @Test
    void otherMethodsAndFilesAreErrorsOfTheOneForm() {
        // When
        Answer posted = gateway.send(gateway.request("/docs").POST(BodyPublishers.noBody()));
        Answer other = fetch("/docs/swagger-ui.js");
        Answer outside = fetch("/docs/..%2f..%2fopenapi.yaml");
        // Then
        assertThat(posted.status()).isEqualTo(405);
        assertThat(posted.header("Allow")).contains("GET");
        assertThat(other.status()).isEqualTo(404);
        assertThat(outside.status()).isEqualTo(404);
        assertThat(other.json().getString("error")).isEqualTo("not_found");
    }
}
