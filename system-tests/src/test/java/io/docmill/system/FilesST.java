package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDocmill.class)
class FilesST {
    @Test
    void uploadTellsWhatTheFileIs(DocmillClient client) throws NoSuchAlgorithmException {
        // Given
        TestDocument document = TestDocuments.docx("A file.").named("Q3 report.docx");

        // When
        StoredFile file = client.uploaded(document);

        // Then
        assertThat(file.id()).startsWith("file_");
        assertThat(file.name()).isEqualTo("Q3 report.docx");
        assertThat(file.format()).isEqualTo("docx");
        assertThat(file.size()).isEqualTo(document.size());
        assertThat(file.sha256())
                .isEqualTo(HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(document.bytes())));
        assertThat(file.targets()).containsExactly("pdf", "html", "txt", "odt");
        assertThat(Duration.between(file.createdAt(), Instant.now()).abs()).isLessThan(Duration.ofMinutes(1));
    }

    @Test
    void fileIsFoundAgainByItsId(DocmillClient client) {
        // Given
        StoredFile file = client.uploaded(TestDocuments.xlsx("A file."));

        // When
        Answer answer = client.get("/v1/files/" + file.id());

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(StoredFile.of(answer.json())).isEqualTo(file);
    }

    @Test
    void listsNewestFirstPageByPage(DocmillClient client) {
        // Given
        StoredFile first = client.uploaded(TestDocuments.docx("1"));
        StoredFile second = client.uploaded(TestDocuments.docx("2"));
        StoredFile third = client.uploaded(TestDocuments.docx("3"));

        // When
        JsonNode page = client.get("/v1/files?limit=2").json();
        JsonNode next = client.get(
                        "/v1/files?limit=2&cursor=" + page.path("next_cursor").asText())
                .json();

        // Then
        assertThat(files(page)).containsExactly(third, second);
        assertThat(files(next)).containsExactly(first);
        assertThat(next.path("next_cursor").isTextual()).isFalse();
    }

    @Test
    void listOfANewScopeIsEmpty(DocmillClient client) {
        // When
        Answer answer = client.get("/v1/files");

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(files(answer.json())).isEmpty();
    }

    @Test
    void cursorThatIsNoneIsRefused(DocmillClient client) {
        assertThat(client.get("/v1/files?cursor=nonsense")
                        .expectError(400, "invalid_request")
                        .path("message")
                        .asText())
                .contains("cursor");
    }

    @Test
    void originalComesBackByUrlWithoutAKey(DocmillClient client) {
        // Given
        TestDocument document = TestDocuments.pptx("A slide.");
        StoredFile file = client.uploaded(document);

        // When
        Answer answer = client.get("/v1/files/%s/content".formatted(file.id()));
        Answer content =
                client.download(URI.create(answer.json().path("download_url").asText()));

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(content.status()).isEqualTo(200);
        assertThat(content.bytes()).isEqualTo(document.bytes());
        assertThat(content.header("Content-Disposition")).contains(document.name());
    }

    @Test
    void originalIsStreamedToWhoAcceptsBytes(DocmillClient client) {
        // Given
        TestDocument document = TestDocuments.pptx("A slide.");
        StoredFile file = client.uploaded(document);

        // When
        Answer answer = DocmillClient.send(client.request("/v1/files/%s/content".formatted(file.id()))
                .header("Accept", "application/octet-stream")
                .build());

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.bytes()).isEqualTo(document.bytes());
    }

    @Test
    void deletedFileIsGoneWithAllThatWasMadeOfIt(DocmillClient client) {
        // Given
        StoredFile file = client.uploaded(TestDocuments.docx("Delete me."));
        StoredFile other = client.uploaded(TestDocuments.docx("Keep me."));
        Conversion conversion = client.converted(file, "txt");
        URI original = URI.create(client.get("/v1/files/%s/content".formatted(file.id()))
                .json()
                .path("download_url")
                .asText());

        // When
        Answer deleted = client.delete("/v1/files/" + file.id());

        // Then
        assertThat(deleted.status()).isIn(200, 204);
        client.get("/v1/files/" + file.id()).expectError(404, "not_found");
        client.get("/v1/files/%s/content".formatted(file.id())).expectError(404, "not_found");
        client.convert(file.id(), "txt").expectError(404, "not_found");
        client.delete("/v1/files/" + file.id()).expectError(404, "not_found");
        assertThat(client.download(conversion.downloadUrl()).status()).isEqualTo(404);
        assertThat(client.download(original).status()).isEqualTo(404);
        assertThat(files(client.get("/v1/files").json())).containsExactly(other);
    }

    private static List<StoredFile> files(JsonNode list) {
        return StreamSupport.stream(list.path("data").spliterator(), false)
                .map(StoredFile::of)
                .toList();
    }
}
