package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.docmill.testing.documents.TestDocuments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** docker-compose.yml, as {@code docker compose up} starts it. */
class ComposeCT {
    private static final int DOCUMENTS = 200;
    private static final int CALLERS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** A route to 0.0.0.0: the name of an interface and a destination begin a line (proc_net(5)). */
    private static final Pattern WAY_OUT = Pattern.compile("(?m)^\\w+\\t0{8}\\t");

    private static ComposeStack stack;

    @BeforeAll
    static void up() {
        stack = new ComposeStack();
    }

    @AfterAll
    static void down() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void aResultIsDownloadedFromTheStoreByItsPublicAddress() throws IOException {
        // When
        var client = stack.client();
        var conversion = client.converted(client.uploaded(TestDocuments.docx("Through the stack")), "pdf");
        // Then
        assertThat(conversion.downloadUrl().getPort()).isNotEqualTo(client.url().getPort());
        assertThat(ConvertedContent.of("pdf", download(conversion.downloadUrl()))
                        .text())
                .isEqualTo("Through the stack");
    }

    @Test
    void workersReachTheirNeighboursAndNothingElse() {
        assertThat(stack.reaches("conversion-worker", "kafka", 9092)).isTrue();
        assertThat(stack.reaches("conversion-worker", "redis", 6379)).isTrue();
        assertThat(stack.reaches("conversion-worker", "store", 9000)).isTrue();
        assertThat(stack.reaches("conversion-worker", "api-gateway", 8080)).isFalse();
        assertThat(stack.compose("exec", "-T", "conversion-worker", "cat", "/proc/net/route"))
                .doesNotContainPattern(WAY_OUT);
        assertThat(stack.compose("exec", "-T", "api-gateway", "cat", "/proc/net/route"))
                .containsPattern(WAY_OUT);
    }

    @Test
    void prometheusSeesGatewayAndWorkersAndHasTheRules() {
        await("three targets that are up").atMost(PATIENCE).untilAsserted(() -> {
            var up = query("up");
            assertThat(up)
                    .hasSize(3)
                    .allSatisfy(sample ->
                            assertThat(sample.path("value").path(1).asText()).isEqualTo("1"));
        });
        var rules = json(stack.prometheus().resolve("/api/v1/rules"));
        assertThat(rules.path("data").path("groups")).isNotEmpty();
    }

    /** What each caller does who reads the contract: comes back when told to, and asks again where no answer came. */
    @Test
    void killingEachContainerInTurnLosesNoConversion() throws Exception {
        // Given
        var client = stack.client();
        var answers = new ConcurrentHashMap<String, AtomicInteger>();
        var done = new AtomicInteger();
        try (var callers = Executors.newFixedThreadPool(CALLERS)) {
            var conversions = IntStream.range(0, DOCUMENTS)
                    .mapToObj(i -> (Callable<Conversion>) () -> {
                        var conversion = patiently(client, "Document number " + i, answers);
                        done.incrementAndGet();
                        return conversion;
                    })
                    .map(callers::submit)
                    .toList();
            // When
            var containers = stack.containers();
            int killed = 0;
            for (JsonNode container : containers) {
                int before = done.get();
                await("some conversions before the next is killed")
                        .atMost(PATIENCE)
                        .until(() -> done.get() >= Math.min(before + DOCUMENTS / (containers.size() + 2), DOCUMENTS));
                stack.kill(container.path("Name").asText());
                killed++;
                stack.up();
            }
            // Then
            assertThat(killed).isGreaterThanOrEqualTo(6);
            for (Future<Conversion> conversion : conversions) {
                assertThat(download(conversion.get().downloadUrl())).startsWith('%', 'P', 'D', 'F');
            }
        }
        System.out.printf(
                "MEASURED %d conversions while %s: %s%n",
                DOCUMENTS, "each container was killed", new TreeMap<>(answers));
        assertThat(stack.containers())
                .allSatisfy(container ->
                        assertThat(container.path("State").asText()).isEqualTo("running"));
    }

    private static Conversion patiently(DocmillClient client, String text, Map<String, AtomicInteger> answers) {
        var document = TestDocuments.docx(text);
        StoredFile file = await("a file")
                .atMost(PATIENCE)
                .until(
                        () -> {
                            Answer answer = attempt(answers, "upload", () -> client.upload(document));
                            return answer != null && answer.status() == 201 ? StoredFile.of(answer.json()) : null;
                        },
                        Objects::nonNull);
        return await("a conversion")
                .atMost(PATIENCE)
                .until(
                        () -> {
                            Answer answer = attempt(answers, "convert", () -> client.convert(file.id(), "pdf"));
                            return answer != null && answer.status() == 200 ? Conversion.of(answer.json()) : null;
                        },
                        Objects::nonNull);
    }

    private static @Nullable Answer attempt(Map<String, AtomicInteger> answers, String what, Supplier<Answer> call) {
        String result = "no answer";
        try {
            Answer answer = call.get();
            result = String.valueOf(answer.status());
            assertThat(answer.status()).as("%s", answer).isIn(200, 201, 202, 502, 503);
            return answer;
        } catch (UncheckedIOException _) {
            return null;
        } finally {
            answers.computeIfAbsent(what + " " + result, _ -> new AtomicInteger())
                    .incrementAndGet();
        }
    }

    private static byte[] download(URI url) {
        return await("a download")
                .atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> Operators.bytes(url), bytes -> bytes.length > 0);
    }

    private static List<JsonNode> query(String expression) {
        var result = json(stack.prometheus().resolve("/api/v1/query?query=" + expression))
                .path("data")
                .path("result");
        return IntStream.range(0, result.size()).mapToObj(result::get).toList();
    }

    private static JsonNode json(URI url) {
        try {
            return new ObjectMapper().readTree(Operators.get(url));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
