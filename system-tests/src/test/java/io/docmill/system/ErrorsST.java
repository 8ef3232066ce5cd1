package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.docmill.testing.documents.BrokenDocuments;
import io.docmill.testing.documents.EncryptedDocuments;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(SharedDocmill.class)
class ErrorsST {
    @Test
    void callWithoutAKeyIsUnauthorized(DocmillClient client) {
        client.withoutKey().get("/v1/files").expectError(401, "unauthorized");
        client.withoutKey().upload(TestDocuments.docx("No key.")).expectError(401, "unauthorized");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nonsense", "sk_live_", "sk_live_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    void keyThatIsNoneIsUnauthorized(String key, DocmillClient client) {
        client.withKey(key).get("/v1/files").expectError(401, "unauthorized");
    }

    @Test
    void keyWithAnotherLastCharacterIsUnauthorized(DocmillClient client) {
        // Given
        String key = String.valueOf(client.key());
        String other = key.substring(0, key.length() - 1) + (key.endsWith("0") ? "1" : "0");

        // When
        Answer answer = client.withKey(other).get("/v1/files");

        // Then
        answer.expectError(401, "unauthorized");
    }

    @Test
    void onlyAnOperatorMakesKeys(DocmillClient client) {
        Answer answer = client.postJson("/v1/admin/keys", Map.of("name", "mine", "scope", "personal"));

        assertThat(answer.status()).isBetween(401, 404);
        assertThat(answer.json().has("key")).isFalse();
    }

    @Test
    void fileOfAnotherScopeAnswersAsOneThatDoesNotExist(RunningDocmill docmill, DocmillClient stranger) {
        // Given
        DocmillClient owner = docmill.clientOfNewScope();
        StoredFile file = owner.uploaded(TestDocuments.docx("Mine."));
        List<Answer> whileItExists = asksAboutEverything(stranger, file.id());

        // When
        owner.delete("/v1/files/" + file.id());
        List<Answer> whenItIsGone = asksAboutEverything(stranger, file.id());

        // Then
        assertThat(whileItExists).allSatisfy(answer -> answer.expectError(404, "not_found"));
        assertThat(whileItExists.stream().map(Answer::jsonWithoutRequestId).toList())
                .isEqualTo(
                        whenItIsGone.stream().map(Answer::jsonWithoutRequestId).toList());
    }

    private static List<Answer> asksAboutEverything(DocmillClient client, String fileId) {
        String file = "/v1/files/" + fileId;
        return List.of(
                client.get(file), client.get(file + "/content"), client.convert(fileId, "pdf"), client.delete(file));
    }

    @ParameterizedTest
    @ValueSource(strings = {"file_01K00000000000000000000000", "file_", "nonsense", "..%2F..%2Fkeys"})
    void idOfNothingIsNotFound(String id, DocmillClient client) {
        client.get("/v1/files/" + id).expectError(404, "not_found");
    }

    @ParameterizedTest
    @CsvSource({"png", "docx", "exe", "''"})
    void targetThatTheSourceDoesNotHaveIsRefusedWithThoseThatItHas(String target, DocmillClient client) {
        // Given
        StoredFile file = client.uploaded(TestDocuments.docx("No picture."));

        // When
        JsonNode error = client.convert(file.id(), target).expectError(400, "invalid_request");

        // Then
        assertThat(StoredFile.texts(error.path("valid_targets"))).containsExactly("pdf", "html", "txt", "odt");
        assertThat(error.path("message").asText()).contains("pdf", "html", "txt", "odt");
    }

    static Stream<FormBody> wrongForms() {
        FormBody.Field pdf = FormBody.field("format", "pdf");
        FormBody.Field html = FormBody.field("format", "html");
        FormBody.Field unknown = FormBody.field("colour", "blue");
        return Stream.of(
                FormBody.multipart(),
                FormBody.urlEncoded(),
                FormBody.multipart(pdf, html),
                FormBody.urlEncoded(pdf, html),
                FormBody.multipart(pdf, unknown),
                FormBody.urlEncoded(pdf, unknown));
    }

    @ParameterizedTest
    @MethodSource("wrongForms")
    void formThatLacksRepeatsOrInventsAFieldIsRefusedByItsName(FormBody form, DocmillClient client) {
        // Given
        StoredFile file = client.uploaded(TestDocuments.docx("Fields."));

        // When
        JsonNode error =
                client.post("/v1/files/%s/convert".formatted(file.id()), form).expectError(400, "invalid_request");

        // Then
        assertThat(error.path("message").asText()).containsAnyOf("'format'", "format", "colour");
    }

    @Test
    void uploadTakesOnePartOfTheNameFile(DocmillClient client) {
        // Given
        TestDocument document = TestDocuments.docx("Parts.");

        // When
        List<Answer> answers = List.of(
                client.post("/v1/files", FormBody.upload("document", document)),
                client.post("/v1/files", FormBody.upload("file", document, document)),
                client.post("/v1/files", FormBody.multipart(FormBody.field("file", "text"))),
                client.post("/v1/files", FormBody.multipart()));

        // Then
        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.expectError(400, "invalid_request")
                                .path("message")
                                .asText())
                        .contains("file"));
        assertNothingIsKept(client);
    }

    static Stream<TestDocument> neverConvertible() {
        return Stream.of(
                BrokenDocuments.empty(),
                BrokenDocuments.truncatedDocx(),
                BrokenDocuments.docxWithFlippedBit(),
                BrokenDocuments.zip(),
                BrokenDocuments.zipBomb(128),
                BrokenDocuments.htmlPosingAsDoc(),
                BrokenDocuments.rtfPosingAsDoc(),
                BrokenDocuments.pdfPosingAsDoc(),
                BrokenDocuments.odtPosingAsDoc(),
                BrokenDocuments.textPosingAsDoc(),
                TestDocuments.png().named("picture.docx"));
    }

    @ParameterizedTest
    @MethodSource("neverConvertible")
    void documentThatCanNeverConvertIsRefusedAtOnceAndNotKept(TestDocument document, DocmillClient client) {
        // When
        Answer answer = client.upload(document);

        // Then
        assertThat(answer.status()).isIn(400, 413, 422);
        if (answer.status() == 422) {
            assertThat(answer.expectError(422, "unprocessable_document")
                            .path("reason")
                            .asText())
                    .isIn("corrupt", "suspicious", "too_complex");
        } else if (answer.status() == 413) {
            answer.expectError(413, "payload_too_large");
        } else {
            answer.expectError(400, "invalid_request");
        }
        assertNothingIsKept(client);
    }

    @Test
    void documentThatIsDamagedInsideASoundContainerIsCorruptOnceItIsConverted(DocmillClient client) {
        // Given
        StoredFile file = client.uploaded(BrokenDocuments.docxWithMalformedXml());

        // When
        Answer answer = client.convert(file.id(), "pdf");

        // Then
        JsonNode error = answer.expectError(422, "unprocessable_document");
        assertThat(error.path("reason").asText()).isEqualTo("corrupt");
    }

    static Stream<TestDocument> encrypted() {
        return Stream.of(
                EncryptedDocuments.docx("Secret."),
                EncryptedDocuments.xlsx("Secret."),
                EncryptedDocuments.pptx("Secret."),
                EncryptedDocuments.doc(),
                EncryptedDocuments.xls("Secret."),
                EncryptedDocuments.ppt("Secret."));
    }

    @ParameterizedTest
    @MethodSource("encrypted")
    void encryptedDocumentIsKeptAndAsksForItsPassword(TestDocument document, DocmillClient client) {
        // Given
        StoredFile file = client.uploaded(document);

        // When
        Answer answer = client.convert(file.id(), "pdf");

        // Then
        JsonNode error = answer.expectError(422, "unprocessable_document");
        assertThat(error.path("reason").asText()).isEqualTo("password_required");
    }

    @Test
    void uploadThatIsAnnouncedAsTooLargeIsRefusedBeforeItIsSent(DocmillClient client) {
        // When
        Answer answer = RawRequest.to(client)
                .line("POST /v1/files HTTP/1.1")
                .line("Content-Type: multipart/form-data; boundary=" + FormBody.BOUNDARY)
                .line("Content-Length: 1099511627776")
                .send(new byte[0])
                .orElseThrow();

        // Then
        assertThat(answer.expectError(413, "payload_too_large").path("message").asText())
                .containsPattern("\\d");
        assertNothingIsKept(client);
    }

    @Test
    void formWithoutItsEndIsRefused(DocmillClient client) {
        // Given
        FormBody whole = FormBody.upload("file", TestDocuments.docx("Cut."));

        // When
        Answer withoutLastBoundary = client.post("/v1/files", whole.withoutLast(FormBody.BOUNDARY.length() + 8));
        Answer half = client.post("/v1/files", whole.withoutLast(whole.content().length / 2));

        // Then
        withoutLastBoundary.expectError(400, "invalid_request");
        half.expectError(400, "invalid_request");
        assertNothingIsKept(client);
    }

    @Test
    void formWithAnotherBoundaryThanItSaysIsRefused(DocmillClient client) {
        // Given
        FormBody form = FormBody.upload("file", TestDocuments.docx("Lies."));

        // When
        Answer another = client.post("/v1/files", form.as("multipart/form-data; boundary=another"));
        Answer none = client.post("/v1/files", form.as("multipart/form-data"));

        // Then
        another.expectError(400, "invalid_request");
        none.expectError(400, "invalid_request");
        assertNothingIsKept(client);
    }

    @Test
    void uploadOfAnotherLengthThanItSaysLeavesNothing(DocmillClient client) {
        // Given
        FormBody form = FormBody.upload("file", TestDocuments.docx("Lies."));
        byte[] content = form.content();

        // When
        RawRequest.upload(client, form.contentType(), content.length + 1000).send(content);
        RawRequest.upload(client, form.contentType(), content.length - 1000)
                .send(content)
                .ifPresent(answer -> answer.expectError(400, "invalid_request"));

        // Then
        assertNothingIsKept(client);
    }

    @Test
    void methodThatAPathDoesNotHaveIsRefusedWithThoseThatItHas(DocmillClient client) {
        // When
        Answer answer = DocmillClient.send(
                client.request("/v1/files").PUT(BodyPublishers.noBody()).build());

        // Then
        answer.expectError(405, "method_not_allowed");
        assertThat(answer.header("Allow")).contains("GET", "POST");
    }

    @Test
    void answerThatNobodyHasIsNotAcceptable(DocmillClient client) {
        // When
        Answer answer = DocmillClient.send(
                client.request("/v1/files").header("Accept", "application/xml").build());

        // Then
        assertThat(answer.status()).as("%s", answer).isEqualTo(406);
        answer.expectError(406, answer.json().path("error").asText());
    }

    @Test
    void bodyOfAnotherKindIsUnsupported(DocmillClient client) {
        // Given
        FormBody form = FormBody.upload("file", TestDocuments.docx("Kind."));

        // When
        Answer answer = client.post("/v1/files", form.as("text/plain"));

        // Then
        answer.expectError(415, "unsupported_media_type");
    }

    @Test
    void pathOfNothingIsNotFoundInTheOneForm(DocmillClient client) {
        client.get("/v1/nothing").expectError(404, "not_found");
    }

    @Test
    void requestIdOfTheCallerComesBack(DocmillClient client) {
        // When
        Answer answer = DocmillClient.send(client.request("/v1/files/file_nothing")
                .header("X-Request-Id", "callers-own-4711")
                .build());

        // Then
        assertThat(answer.expectError(404, "not_found").path("request_id").asText())
                .isEqualTo("callers-own-4711");
    }

    private static void assertNothingIsKept(DocmillClient client) {
        assertThat(client.get("/v1/files").json().path("data")).as("files kept").isEmpty();
    }
}
