package io.docmill.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bad input on the wire. After each of these the spool is empty and the next request works. */
class FormIT {
    private static final int LIMIT = 100_000;
    private static final String FILE_HEAD = """
            --b
            Content-Disposition: form-data; name="file"; filename="a.docx"
            Content-Type: application/octet-stream

            """;
    private static final String END = """

            --b--
            """;

    private static NeighbourProcesses neighbours;
    private static ScriptedWorker worker;
    private static RunningGateway gateway;

    @BeforeAll
    static void start(@TempDir Path directory) {
        neighbours = NeighbourProcesses.start(directory);
        gateway = RunningGateway.start(
                neighbours,
                directory.resolve("spool"),
                Map.of("docmill.gateway.max-upload", "100KB", "docmill.gateway.spool-quota", "250KB"));
        worker = new ScriptedWorker(neighbours.settings(Map.of()));
    }

    @AfterAll
    static void stop() {
        worker.close();
        gateway.close();
        neighbours.close();
    }

    @AfterEach
    void theSpoolIsEmptyAndTheNextRequestWorks() {
        await().untilAsserted(() -> assertThat(gateway.spooled()).isEmpty());
        assertThat(gateway.upload(document()).status()).isEqualTo(201);
        await().untilAsserted(() -> assertThat(gateway.spooled()).isEmpty());
    }

    private static TestDocument document() {
        return TestDocuments.docx("A document of the forms' tests.");
    }

    private static RawConnection connect() throws IOException {
        return new RawConnection(gateway.port());
    }

    private static String head(String path, String headers) {
        return "POST %s HTTP/1.1\nHost: docmill\nX-API-Key: %s\n%s\n\n".formatted(path, gateway.userKey(), headers);
    }

    /** Uploads a body whose line ends are not yet those of HTTP. */
    private static Answer upload(String body) throws IOException {
        byte[] bytes = body.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        return upload("multipart/form-data; boundary=b", bytes);
    }

    private static Answer upload(String contentType, byte[] body) throws IOException {
        try (RawConnection connection = connect()) {
            return connection
                    .send(head("/v1/files", "Content-Type: %s\nContent-Length: %d".formatted(contentType, body.length)))
                    .send(body)
                    .answer();
        }
    }

    private static Answer convertForm(String body) throws IOException {
        String file = gateway.uploaded(document());
        return form("/v1/files/" + file + "/convert", "application/x-www-form-urlencoded", body);
    }

    private static Answer form(String path, String contentType, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        try (RawConnection connection = connect()) {
            return connection
                    .send(head(path, "Content-Type: %s\nContent-Length: %d".formatted(contentType, bytes.length)))
                    .send(bytes)
                    .answer();
        }
    }

    private static void assertInvalid(Answer answer, String... named) {
        assertThat(answer.status()).describedAs(answer.toString()).isEqualTo(400);
        assertThat(answer.json().getString("error")).isEqualTo("invalid_request");
        assertThat(answer.json().getString("message")).isNotBlank();
        for (String name : named) {
            assertThat(answer.json().getString("message")).contains(name);
        }
        assertThat(answer.json().getString("request_id")).isEqualTo(answer.header("X-Request-Id"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "--b",
                "--b\n",
                "--b\nContent-Disposition: form-data; name=\"file\"; filename=\"a.docx\"",
                FILE_HEAD,
                FILE_HEAD + "PK",
                FILE_HEAD + "PK\n--b",
                FILE_HEAD + "PK\n--b-",
                FILE_HEAD + "PK--b--\n"
            })
    void refusesAFormThatEndsEarly(String body) throws IOException {
        // When
        Answer answer = upload(body);
        // Then
        assertInvalid(answer);
    }

    @Test
    void refusesAFormOfAnotherBoundary() throws IOException {
        // When
        Answer answer = upload((FILE_HEAD + "PK" + END).replace("--b", "--c"));
        // Then
        assertInvalid(answer);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"\""})
    void refusesAFormWithoutABoundary(String contentType) throws IOException {
        // When
        Answer answer = upload(contentType, FILE_HEAD.getBytes(StandardCharsets.UTF_8));
        // Then
        assertInvalid(answer, "boundary");
    }

    @Test
    void takesABoundaryInQuotes() throws IOException {
        // Given
        byte[] document = document().bytes();
        byte[] head = FILE_HEAD.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        byte[] end = "\r\n--b--".getBytes(StandardCharsets.UTF_8);
        byte[] body = new byte[head.length + document.length + end.length];
        System.arraycopy(head, 0, body, 0, head.length);
        System.arraycopy(document, 0, body, head.length, document.length);
        System.arraycopy(end, 0, body, head.length + document.length, end.length);
        // When
        Answer answer = upload("multipart/form-data; charset=utf-8; boundary=\"b\"", body);
        // Then
        assertThat(answer.status()).describedAs(answer.toString()).isEqualTo(201);
    }

    @Test
    void refusesTwoFiles() throws IOException {
        // When
        Answer answer = upload(FILE_HEAD + "first\n" + FILE_HEAD + "second" + END);
        // Then
        assertInvalid(answer, "'file'", "more than once");
    }

    @Test
    void refusesTwoFilesOfWhichTheFirstIsWrittenAlready() throws Exception {
        // Given
        String second = ("\n" + FILE_HEAD + "second" + END).replace("\n", "\r\n");
        String first = (FILE_HEAD + "x".repeat(50_000)).replace("\n", "\r\n");
        try (RawConnection connection = connect()) {
            connection.send(head(
                    "/v1/files",
                    "Content-Type: multipart/form-data; boundary=b\nContent-Length: "
                            + (first.length() + second.length())));
            connection.send(first.getBytes(StandardCharsets.UTF_8));
            await().until(() -> !gateway.spooled().isEmpty());
            // When
            Answer answer =
                    connection.send(second.getBytes(StandardCharsets.UTF_8)).answer();
            // Then
            assertInvalid(answer, "'file'", "more than once");
        }
    }

    @Test
    void refusesAFieldThatIsRepeatedAfterTheFile() throws Exception {
        // Given
        String field = """

                --b
                Content-Disposition: form-data; name="note"

                text""";
        // When
        Answer answer = upload(FILE_HEAD + "x".repeat(50_000) + field + field + END);
        // Then
        assertInvalid(answer, "'note'", "more than once");
    }

    @Test
    void namesFieldsThatAnUploadDoesNotTake() throws IOException {
        // When
        Answer answer = upload(FILE_HEAD + """
                PK
                --b
                Content-Disposition: form-data; name="format"

                pdf""" + END);
        // Then
        assertInvalid(answer, "format", "'file'");
    }

    @Test
    void namesAFilePartThatIsNotCalledFile() throws IOException {
        // When
        Answer answer = upload((FILE_HEAD + "PK" + END).replace("name=\"file\"", "name=\"document\""));
        // Then
        assertInvalid(answer, "'document'", "'file'");
    }

    @Test
    void asksForAFileNameWhereThereIsNone() throws IOException {
        // When
        Answer small = upload((FILE_HEAD + "PK" + END).replace("; filename=\"a.docx\"", ""));
        Answer large = upload((FILE_HEAD + "x".repeat(20_000) + END).replace("; filename=\"a.docx\"", ""));
        // Then
        assertInvalid(small, "file name");
        assertInvalid(large, "file name");
    }

    @Test
    void saysThatTheFileIsMissing() throws IOException {
        // When
        Answer answer = upload("""
                --b
                Content-Disposition: form-data; name="name"

                report""" + END);
        // Then
        assertInvalid(answer, "'file'", "missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Transfer-Encoding: base64", "Content-Transfer-Encoding: x-uuencode"})
    void refusesAPartInAnEncodingThatHttpDoesNotHave(String header) throws IOException {
        // When
        Answer answer =
                upload((FILE_HEAD + "UEsDBA==" + END).replace("Content-Type: application/octet-stream", header));
        // Then
        assertThat(answer.status()).isIn(400, 422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain; charset=nonsense", "/", ""})
    void refusesAPartOfANonsensicalType(String contentType) throws IOException {
        // When
        Answer answer = upload((FILE_HEAD + "PK" + END).replace("application/octet-stream", contentType));
        // Then
        assertThat(answer.status()).isIn(400, 422);
    }

    /** Netty's decoder throws at this what Vert.x does not expect of it, and the connection ends unanswered. */
    @Test
    void survivesAPartOfACharsetWithoutAName() throws IOException {
        // Given
        String body = (FILE_HEAD + "PK" + END).replace("application/octet-stream", "text/plain; charset=\"");
        try (RawConnection connection = connect()) {
            // When
            connection.send(head(
                    "/v1/files",
                    "Content-Type: multipart/form-data; boundary=b\nContent-Length: "
                            + body.replace("\n", "\r\n").length()));
            connection.send(body);
            // Then
            assertThat(connection.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void refusesAnAnnouncedBodyOverTheLimitUnread() throws IOException {
        // When
        try (RawConnection connection = connect()) {
            Answer answer = connection
                    .send(head(
                            "/v1/files", "Content-Type: multipart/form-data; boundary=b\nContent-Length: 10000000000"))
                    .answer();
            // Then
            assertThat(answer.status()).isEqualTo(413);
            assertThat(answer.json().getString("error")).isEqualTo("payload_too_large");
            assertThat(answer.json().getString("message")).contains("100000 bytes");
            assertThat(answer.header("Connection")).isEqualTo("close");
            assertThat(connection.isClosedByPeer()).isTrue();
        }
    }

    @Test
    void refusesAStreamedBodyOverTheLimitBeforeItsEnd() throws IOException {
        // When
        try (RawConnection connection = connect()) {
            connection.send(
                    head("/v1/files", "Content-Type: multipart/form-data; boundary=b\nTransfer-Encoding: chunked"));
            chunk(connection, FILE_HEAD.replace("\n", "\r\n"));
            for (int sent = 0; sent <= LIMIT + 80_000; sent += 10_000) {
                chunk(connection, "x".repeat(10_000));
            }
            // Then
            assertThat(connection.answer().status()).isEqualTo(413);
        }
    }

    @Test
    void refusesAFileThatIsOneByteOverTheLimit() throws IOException {
        // When
        Answer answer = upload(FILE_HEAD + "x".repeat(LIMIT + 1) + END);
        Answer atTheLimit = upload(FILE_HEAD + "x".repeat(LIMIT) + END);
        // Then
        assertThat(answer.status()).isEqualTo(413);
        assertThat(answer.json().getString("message")).contains("100000 bytes");
        assertThat(atTheLimit.status()).isEqualTo(400);
    }

    private static void chunk(RawConnection connection, String text) throws IOException {
        connection.send((Integer.toHexString(text.length()) + "\r\n" + text + "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void refusesUploadsThatTheSpoolHasNoRoomFor() throws Exception {
        // Given
        String body = (FILE_HEAD + "x".repeat(90_000)).replace("\n", "\r\n");
        String head = head(
                "/v1/files", "Content-Type: multipart/form-data; boundary=b\nContent-Length: " + (body.length() + 10));
        try (RawConnection first = connect();
                RawConnection second = connect();
                RawConnection third = connect()) {
            first.send(head).send(body.getBytes(StandardCharsets.UTF_8));
            second.send(head).send(body.getBytes(StandardCharsets.UTF_8));
            await().until(() -> gateway.spooled().stream()
                            .filter(file -> file.toFile().length() > 80_000)
                            .count()
                    == 2);
            // When
            Answer answer =
                    third.send(head).send(body.getBytes(StandardCharsets.UTF_8)).answer();
            // Then
            assertThat(answer.status()).isEqualTo(503);
            assertThat(answer.json().getString("error")).isEqualTo("unavailable");
            assertThat(answer.header("Retry-After")).isNotBlank();
        }
    }

    @Test
    void keepsNothingOfAnUploadWhoseConnectionBreaks() throws Exception {
        // Given
        try (RawConnection connection = connect()) {
            connection
                    .send(head("/v1/files", "Content-Type: multipart/form-data; boundary=b\nContent-Length: 90000"))
                    .send(FILE_HEAD + "x".repeat(50_000));
            // When
            await().until(() -> !gateway.spooled().isEmpty());
        }
        // Then
        await().untilAsserted(() -> assertThat(gateway.spooled()).isEmpty());
    }

    @Test
    void keepsNothingOfAnUploadWhoseCallerLeavesWhileTheKeyIsLookedUp() throws IOException {
        for (int i = 0; i < 10; i++) {
            // Given
            String unknownToTheCache = gateway.createKey();
            try (RawConnection connection = connect()) {
                // When
                connection.send("""
                        POST /v1/files HTTP/1.1
                        Host: docmill
                        X-API-Key: %s
                        Content-Type: multipart/form-data; boundary=b
                        Content-Length: 90000

                        """.formatted(unknownToTheCache) + FILE_HEAD + "x".repeat(9_000));
            }
        }
        // Then
        await().untilAsserted(() -> assertThat(gateway.spooled()).isEmpty());
    }

    @Test
    void takesMediaTypesInAnyCase() throws IOException {
        // When
        Answer answer = upload(
                "Multipart/Form-Data; boundary=B",
                ("--B\r\nContent-Disposition: form-data; name=\"file\"; "
                                + "filename=\"a.txt\"\r\n\r\nno document\r\n--B--\r\n")
                        .getBytes(StandardCharsets.UTF_8));
        // Then
        assertThat(answer.json().getString("message")).doesNotContain("content type");
        assertThat(answer.status()).isIn(400, 422);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/files/%% HTTP/1.1\nHost: docmill\nX-API-Key: %s\n\n",
                "GET /v1/conversions/x?attempt=%% HTTP/1.1\nHost: docmill\nX-API-Key: %s\n\n",
                "GET /v1/files?cursor=%%zz HTTP/1.1\nHost: docmill\nX-API-Key: %s\n\n",
                "GET /v1/files HTTP/1.1\nX-API-Key: %s\n\n"
            })
    void tellsAMalformedRequestSoInTheFormOfEveryError(String request) throws IOException {
        try (RawConnection connection = connect()) {
            // When
            Answer answer =
                    connection.send(request.formatted(gateway.userKey())).answer();
            // Then
            assertThat(answer.status()).isEqualTo(400);
            assertThat(answer.json().getString("error")).isEqualTo("invalid_request");
            assertThat(answer.json().getString("request_id")).isEqualTo(answer.header("X-Request-Id"));
        }
    }

    @Test
    void keepsNothingOfAnUploadWhoseConnectionBreaksAtItsFirstByte() throws IOException {
        for (int i = 0; i < 20; i++) {
            try (RawConnection connection = connect()) {
                // When
                connection
                        .send(head("/v1/files", "Content-Type: multipart/form-data; boundary=b\nContent-Length: 90000"))
                        .send(FILE_HEAD + "x");
            }
        }
        // Then
        await().untilAsserted(() -> assertThat(gateway.spooled()).isEmpty());
    }

    @Test
    void invitesTheBodyOfWhoWaitsForIt() throws IOException {
        // Given
        byte[] body = (FILE_HEAD + "PK" + END).replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        try (RawConnection connection = connect()) {
            // When
            connection.send(head(
                    "/v1/files",
                    "Expect: 100-continue\nContent-Type: multipart/form-data; boundary=b\nContent-Length: "
                            + body.length));
            // Then
            assertThat(connection.answer().status()).isEqualTo(100);
            assertThat(connection.send(body).answer().status()).isEqualTo(400);
        }
    }

    @Test
    void doesNotInviteABodyThatItWouldRefuse() throws IOException {
        // Given
        String tooLong = head(
                "/v1/files",
                "Expect: 100-continue\nContent-Type: multipart/form-data; boundary=b\nContent-Length: 10000000");
        String strange = tooLong.replace(gateway.userKey(), "sk_live_nobody");
        try (RawConnection first = connect();
                RawConnection second = connect()) {
            // When
            Answer ofTooLong = first.send(tooLong).answer();
            Answer ofStrange = second.send(strange).answer();
            // Then
            assertThat(ofTooLong.status()).isEqualTo(413);
            assertThat(ofStrange.status()).isEqualTo(401);
        }
    }

    @Test
    void keepsTheConnectionAfterAnErrorOfARequestWithoutBody() throws IOException {
        // Given
        String get = "GET /v1/files/file_x HTTP/1.1\nHost: docmill\nX-API-Key: %s\n\n".formatted(gateway.userKey());
        try (RawConnection connection = connect()) {
            // When
            Answer first = connection.send(get).answer();
            Answer second =
                    connection.send(get.replace(gateway.userKey(), "nobody")).answer();
            Answer third = connection.send(get).answer();
            // Then
            assertThat(first.status()).isEqualTo(404);
            assertThat(second.status()).isEqualTo(401);
            assertThat(third.status()).isEqualTo(404);
        }
    }

    @Test
    void keepsTheConnectionAfterAnErrorOfABodyThatWasRead() throws IOException {
        // Given
        String body = "format=pdf";
        String post = head(
                        "/v1/files/file_x/convert",
                        "Content-Type: application/x-www-form-urlencoded\nContent-Length: " + body.length())
                + body;
        try (RawConnection connection = connect()) {
            // When
            Answer first = connection.send(post).answer();
            // Then
            assertThat(first.status()).isEqualTo(404);
        }
    }

    @Test
    void namesWhatIsWrongWithTheFieldsOfAConversion() throws IOException {
        // When
        Answer repeated = convertForm("format=pdf&format=html");
        Answer unknown = convertForm("format=pdf&colour=red");
        Answer missing = convertForm("timeout=10");
        Answer empty = convertForm("");
        Answer control = convertForm("format=p%00df%0d%0aX-Evil%3a+1");
        Answer broken = convertForm("format=%zz");
        Answer tooLong = convertForm("format=pdf&password=" + "x".repeat(10_000));
        Answer long256 = convertForm("format=pdf&password=" + "x".repeat(300));
        // Then
        assertInvalid(repeated, "'format'", "more than once");
        assertInvalid(unknown, "colour");
        assertInvalid(missing, "format");
        assertInvalid(empty, "format");
        assertInvalid(control, "pdf, html, txt, odt");
        assertThat(control.headers().firstValue("X-Evil")).isEmpty();
        assertInvalid(broken);
        assertInvalid(tooLong);
        assertInvalid(long256, "password");
    }

    @Test
    void takesTheFieldsOfAConversionAsMultipart() throws IOException {
        // Given
        String path = "/v1/files/" + gateway.uploaded(document()) + "/convert";
        String body = """
                --b
                Content-Disposition: form-data; name="format"

                pdf
                --b
                Content-Disposition: form-data; name="password"

                123456
                --b--
                """.replace("\n", "\r\n");
        // When
        Answer answer = form(path, "multipart/form-data; boundary=b", body);
        Answer withFile = form(path, "multipart/form-data; boundary=b", (FILE_HEAD + "PK" + END).replace("\n", "\r\n"));
        // Then
        assertThat(answer.status()).describedAs(answer.toString()).isEqualTo(200);
        assertInvalid(withFile, "'file'");
    }

    @Test
    void refusesManyFieldsWithoutHoldingThem() throws IOException {
        // When
        Answer answer = convertForm("format=pdf" + "&a=1".repeat(5_000));
        // Then
        assertThat(answer.status()).isEqualTo(400);
    }
}
