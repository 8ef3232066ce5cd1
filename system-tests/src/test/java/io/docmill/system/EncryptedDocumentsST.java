package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.docmill.testing.documents.BrokenDocuments;
import io.docmill.testing.documents.EncryptedDocuments;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.io.IOException;
import java.net.URI;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(SharedDocmill.class)
class EncryptedDocumentsST {
    private static final String TEXT = "Behind a password";

    static Stream<Arguments> encrypted() {
        return Stream.of(
                Arguments.of(EncryptedDocuments.docx(TEXT), TEXT),
                Arguments.of(EncryptedDocuments.xlsx(TEXT), TEXT),
                Arguments.of(EncryptedDocuments.pptx(TEXT), TEXT),
                Arguments.of(EncryptedDocuments.doc(), TestDocuments.DOC_TEXT),
                Arguments.of(EncryptedDocuments.xls(TEXT), TEXT));
    }

    @ParameterizedTest
    @MethodSource("encrypted")
    void opensWithItsPasswordOnly(TestDocument document, String text, DocmillClient client) throws IOException {
        // Given
        StoredFile file = client.uploaded(document);

        // When
        Answer without = client.convert(file.id(), "pdf");
        Answer wrong = convert(client, file, "pdf", "wrong");
        Answer right = convert(client, file, "pdf", EncryptedDocuments.PASSWORD);

        // Then
        assertThat(reason(without)).isEqualTo("password_required");
        assertThat(reason(wrong)).isEqualTo("wrong_password");
        assertThat(right.status()).as(right.toString()).isEqualTo(200);
        assertThat(textOf(client, right)).contains(text);
        assertThat(reason(client.convert(file.id(), "pdf"))).isEqualTo("password_required");
    }

    @Test
    void asksForNoPasswordWhereExcelDoesNot(DocmillClient client) throws IOException {
        for (TestDocument document : new TestDocument[] {
            EncryptedDocuments.xlsxWithDefaultPassword(TEXT), EncryptedDocuments.xlsWithDefaultPassword(TEXT)
        }) {
            // When
            Answer answer = client.convert(client.uploaded(document).id(), "pdf");

            // Then
            assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
            assertThat(textOf(client, answer)).contains(TEXT);
        }
    }

    @Test
    void looksIntoWhatIsEncrypted(DocmillClient client) throws IOException {
        // Given
        StoredFile bomb = client.uploaded(EncryptedDocuments.encrypted(BrokenDocuments.zipBomb(16)));
        StoredFile misnamed = client.uploaded(EncryptedDocuments.xlsx(TEXT).named("no text document.docx"));

        // When
        Answer bombed = convert(client, bomb, "pdf", EncryptedDocuments.PASSWORD);
        Answer possible = convert(client, misnamed, "pdf", EncryptedDocuments.PASSWORD);
        Answer impossible = convert(client, misnamed, "odt", EncryptedDocuments.PASSWORD);

        // Then
        assertThat(reason(bombed)).isEqualTo("suspicious");
        assertThat(textOf(client, possible)).contains(TEXT);
        assertThat(impossible.expectError(400, "invalid_request").path("valid_targets"))
                .extracting(JsonNode::asText)
                .containsExactly("pdf", "csv", "png", "html");
    }

    private static String reason(Answer answer) {
        return answer.expectError(422, "unprocessable_document").path("reason").asText();
    }

    private static String textOf(DocmillClient client, Answer answer) throws IOException {
        Answer result =
                client.download(URI.create(answer.json().path("download_url").asText()));
        return ConvertedContent.of("pdf", result.bytes()).text();
    }

    private static Answer convert(DocmillClient client, StoredFile file, String format, String password) {
        return client.post(
                "/v1/files/%s/convert".formatted(file.id()),
                FormBody.multipart(FormBody.field("format", format), FormBody.field("password", password)));
    }
}
