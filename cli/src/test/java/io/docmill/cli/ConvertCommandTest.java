package io.docmill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.cli.StubbedDocmill.Answer;
import io.docmill.cli.StubbedDocmill.Asked;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ConvertCommandTest {
    private static final String UPLOADED = "{\"id\": \"file_1\"}";
    private static final String CONVERT = "POST /v1/files/file_1/convert";

    private final StubbedDocmill docmill = new StubbedDocmill();

    @TempDir
    Path directory;

    ConvertCommandTest() throws IOException {}

    @BeforeEach
    void writeSourceAndConvertIt() throws IOException {
        Files.writeString(directory.resolve("Überblick \"Q3\".docx"), "PK document");
        docmill.on("POST /v1/files", Answer.json(201, UPLOADED))
                .on(CONVERT, Answer.json(200, succeeded("application/pdf", 4)))
                .on("GET /artifact?signature=s", Answer.of(200, Map.of(), "%PDF"));
    }

    @AfterEach
    void stopDocmill() {
        docmill.close();
    }

    @Test
    void writesTheResultUnderTheSourcesNameWithTheNewEnding() {
        // When
        CommandRun run = convert("Überblick \"Q3\".docx", "PDF");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("Überblick \"Q3\".pdf\n");
        assertThat(directory.resolve("Überblick \"Q3\".pdf")).hasContent("%PDF");
        assertThat(filesLeft()).hasSize(2);
    }

    @Test
    void uploadsTheDocumentUnderItsNameAndAsksForTheFormat() {
        // When
        convert("Überblick \"Q3\".docx", "pdf", "--timeout", "90");

        // Then
        List<Asked> asked = docmill.asked();
        assertThat(asked).extracting(Asked::request).startsWith("POST /v1/files", CONVERT);
        assertThat(asked.getFirst().contentType()).startsWith("multipart/form-data; boundary=");
        assertThat(asked.getFirst().body())
                .contains("name=\"file\"; filename=\"Überblick %22Q3%22.docx\"", "\r\n\r\nPK document\r\n--");
        assertThat(asked.get(1).contentType()).isEqualTo("application/x-www-form-urlencoded");
        assertThat(asked.get(1).body()).isEqualTo("format=pdf&timeout=90");
    }

    @Test
    void sendsTheKeyToDocmillAndNotToTheStorage() {
        // When
        convert("Überblick \"Q3\".docx", "pdf");

        // Then
        assertThat(docmill.asked()).extracting(Asked::key).containsExactly("sk_live_1", "sk_live_1", null);
    }

    @Test
    void writesToTheStandardOutputAndNothingElse() {
        // When
        CommandRun run = convert("Überblick \"Q3\".docx", "pdf", "-o", "-");

        // Then
        assertThat(run).isEqualTo(new CommandRun(0, "%PDF", ""));
        assertThat(filesLeft()).hasSize(1);
    }

    @Test
    void writesToTheNamedFileOrIntoTheNamedDirectory() throws IOException {
        // Given
        Files.createDirectory(directory.resolve("results"));

        // When
        convert("Überblick \"Q3\".docx", "pdf", "-o", "out.bin");
        convert("Überblick \"Q3\".docx", "pdf", "-o", "results");

        // Then
        assertThat(directory.resolve("out.bin")).hasContent("%PDF");
        assertThat(directory.resolve("results/Überblick \"Q3\".pdf")).hasContent("%PDF");
    }

    @Test
    void namesAnArchiveAsOne() {
        // Given
        docmill.on(CONVERT, Answer.json(200, succeeded("application/zip", 4)));

        // When
        CommandRun run = convert("Überblick \"Q3\".docx", "png");

        // Then
        assertThat(run.out()).isEqualTo("Überblick \"Q3\".zip\n");
    }

    @Test
    void neverReplacesTheSource() {
        // When
        CommandRun run = convert("Überblick \"Q3\".docx", "docx");

        // Then
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(directory.resolve("Überblick \"Q3\".docx")).hasContent("PK document");
        assertThat(docmill.asked()).isEmpty();
    }

    @Test
    void pollsAConversionThatTakesLonger() {
        // Given
        docmill.on(CONVERT, accepted("queued"))
                .on(
                        "GET /v1/conversions/conv_1?attempt=01A",
                        accepted("running"),
                        Answer.json(200, succeeded("application/pdf", 4)));

        // When
        CommandRun run = convert("Überblick \"Q3\".docx", "pdf");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(docmill.asked())
                .extracting(Asked::request)
                .containsSequence(
                        CONVERT, "GET /v1/conversions/conv_1?attempt=01A", "GET /v1/conversions/conv_1?attempt=01A");
    }

    @Test
    void showsARefusalAsOneLineWithTheRequestId() {
        // Given
        docmill.on(CONVERT, Answer.json(400, """
                {"error": "invalid_request", "message": "docx converts to pdf, html, txt and odt,\\nnot to csv.",
                 "request_id": "01REQ", "valid_targets": ["pdf", "html", "txt", "odt"]}"""));

        // When
        CommandRun run = convert("Überblick \"Q3\".docx", "csv");

        // Then
        assertThat(run)
                .isEqualTo(
                        new CommandRun(
                                1,
                                "",
                                "docmill: docx converts to pdf, html, txt and odt, not to csv. (invalid_request, request 01REQ)\n"));
    }

    @Test
    void saysWhenToTryAgain() {
        // Given
        docmill.on(
                "POST /v1/files",
                Answer.of(
                        503,
                        Map.of("Retry-After", "7"),
                        "{\"error\":\"unavailable\",\"message\":\"All are busy.\",\"request_id\":\"01REQ\"}"));

        // When
        CommandRun run = convert("Überblick \"Q3\".docx", "pdf");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("docmill: All are busy. (unavailable, try again in 7 s, request 01REQ)\n");
    }

    @Test
    void showsTheErrorOfAConversionThatFailedWhileItWasPolled() {
        // Given
        docmill.on(CONVERT, accepted("queued"))
                .on("GET /v1/conversions/conv_1?attempt=01A", Answer.of(200, Map.of("X-Request-Id", "01POLL"), """
                                {"status": "failed",
                                 "error": {"error": "upstream_error", "message": "LibreOffice crashed."}}"""));

        // When
        CommandRun run = convert("Überblick \"Q3\".docx", "pdf");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).isEqualTo("docmill: LibreOffice crashed. (upstream_error, request 01POLL)\n");
    }

    @Test
    void saysWhenSomethingElseThanDocmillAnswers() {
        // Given
        docmill.on("POST /v1/files", Answer.of(502, Map.of(), "<html>Bad gateway</html>"));

        // When
        CommandRun run = convert("Überblick \"Q3\".docx", "pdf");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("502", docmill.url().toString());
    }

    @Test
    void keepsTheFormerResultWhenADownloadBreaksOff() throws IOException {
        // Given
        Files.writeString(directory.resolve("Überblick \"Q3\".pdf"), "former");
        docmill.on("GET /artifact?signature=s", Answer.of(200, Map.of(), "%PDF").brokenOff());

        // When
        CommandRun run = convert("Überblick \"Q3\".docx", "pdf");

        // Then
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(directory.resolve("Überblick \"Q3\".pdf")).hasContent("former");
        assertThat(filesLeft()).hasSize(2);
    }

    @Test
    void refusesAResultOfAnotherSizeThanTold() {
        // Given
        docmill.on(CONVERT, Answer.json(200, succeeded("application/pdf", 5)));

        // When
        CommandRun run = convert("Überblick \"Q3\".docx", "pdf");

        // Then
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).contains("4 of 5 bytes");
        assertThat(filesLeft()).hasSize(1);
    }

    @Test
    void findsTheRunningDocmillThroughItsDataDirectory() throws IOException {
        // Given
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.writeString(data.resolve("url"), docmill.url() + "/\n");
        Files.writeString(data.resolve("demo-key"), "sk_live_demo\n");

        // When
        CommandRun run =
                CommandRun.of(directory, Map.of(), "convert", "Überblick \"Q3\".docx", "pdf", "--data", "data");

        // Then
        assertThat(run.exitCode()).isZero();
        assertThat(docmill.asked().getFirst().key()).isEqualTo("sk_live_demo");
    }

    @ParameterizedTest
    @MethodSource("answersOfOtherApplications")
    void sendsNeitherKeyNorDocumentToAnotherApplication(Answer answer) throws IOException {
        // Given
        docmill.on("GET /v1/formats", answer);
        Path data = Files.createDirectory(directory.resolve("data"));
        Files.writeString(data.resolve("url"), docmill.url() + "\n");
        Files.writeString(data.resolve("demo-key"), "sk_live_demo\n");

        // When
        CommandRun run =
                CommandRun.of(directory, Map.of(), "convert", "Überblick \"Q3\".docx", "pdf", "--data", "data");

        // Then
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("no Docmill answers at " + docmill.url());
        assertThat(docmill.asked()).isEmpty();
    }

    private static List<Answer> answersOfOtherApplications() {
        return List.of(
                Answer.of(200, Map.of("X-Request-Id", "01PROBE"), "{}"),
                Answer.of(401, Map.of("X-Request-Id", "01PROBE"), "{\"error\": \"unauthorized\"}"),
                Answer.of(401, Map.of("X-Request-Id", "01PROBE"), "<html>Who are you?</html>"),
                Answer.of(401, Map.of("X-Request-Id", "01PROBE"), ""),
                Answer.json(401, "{\"error\": \"unauthorized\", \"request_id\": \"01PROBE\"}"),
                StubbedDocmill.refusal("01PROBE", "01OTHER"));
    }

    @Test
    void saysWhenNothingAnswers() throws IOException {
        // Given
        String unused = "http://127.0.0.1:" + unusedPort();

        // When
        CommandRun run = CommandRun.of(
                directory, Map.of(), "convert", "Überblick \"Q3\".docx", "pdf", "--url", unused, "--key", "sk_live_1");

        // Then
        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains(unused, "docmill up");
    }

    @Test
    void saysWhenTheFileIsNotThere() {
        // When
        CommandRun run = convert("missing.docx", "pdf");

        // Then
        assertThat(run).isEqualTo(new CommandRun(2, "", "docmill: missing.docx is not there\n"));
    }

    private CommandRun convert(String... arguments) {
        List<String> line = new ArrayList<>(List.of("convert"));
        line.addAll(List.of(arguments));
        line.addAll(List.of("--url", docmill.url().toString()));
        return CommandRun.of(directory, Map.of("DOCMILL_API_KEY", "sk_live_1"), line.toArray(String[]::new));
    }

    /** The URL names the host, though not as the command was told it: another origin, as a storage's is. */
    private String succeeded(String contentType, long size) {
        return """
                {"status": "succeeded", "download_url": "http://localhost:%d/artifact?signature=s",
                 "content_type": "%s", "size": %d}""".formatted(docmill.url().getPort(), contentType, size);
    }

    private static Answer accepted(String status) {
        return Answer.of(
                202,
                Map.of("Location", "/v1/conversions/conv_1?attempt=01A", "Retry-After", "0"),
                "{\"status\": \"%s\"}".formatted(status));
    }

    private List<Path> filesLeft() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
