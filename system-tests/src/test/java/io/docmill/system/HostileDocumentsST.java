package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.docmill.testing.documents.Canary;
import io.docmill.testing.documents.HostileDocument;
import io.docmill.testing.documents.HostileDocument.Kind;
import io.docmill.testing.documents.HostileDocuments;
import io.docmill.testing.documents.OtherTypes;
import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What strangers may send: all that tries something, and files of types that are no source. */
@ExtendWith(SharedDocmill.class)
class HostileDocumentsST {
    /** As short as callers may ask for, so that a suite of bombs ends. */
    private static final String TIMEOUT_SECONDS = "5";

    private static final int CALLS_AT_A_TIME = 2;

    @Test
    void hostileDocumentGetsAResultWithoutWhatItWasAfterOrATypedError(DocmillClient client, @TempDir Path directory)
            throws InterruptedException, ExecutionException {
        try (Canary canary = Canary.start(directory);
                var calls = Executors.newFixedThreadPool(CALLS_AT_A_TIME)) {
            // Given
            List<HostileDocument> documents = HostileDocuments.all(canary);
            // When
            List<Future<?>> answers = new ArrayList<>();
            for (HostileDocument document : documents) {
                answers.add(calls.submit(() -> send(client, document)));
            }
            // Then
            for (Future<?> answer : answers) {
                answer.get();
            }
            assertThat(canary.reached())
                    .as("techniques that reached the network")
                    .isEmpty();
            assertThat(canary.written()).as("techniques that wrote a file").isEmpty();
        }
        StoredFile after = client.uploaded(TestDocuments.docx("An ordinary document after all of them."));
        assertThat(client.download(client.converted(after, "txt").downloadUrl()).bytes())
                .asString()
                .contains("An ordinary document");
    }

    private static Void send(DocmillClient client, HostileDocument document) throws IOException {
        Answer upload = client.upload(document.document());
        if (upload.status() != 201) {
            assertTyped(document, upload);
            return null;
        }
        StoredFile file = StoredFile.of(upload.json());
        Answer answer = client.post(
                "/v1/files/%s/convert".formatted(file.id()),
                FormBody.multipart(FormBody.field("format", "pdf"), FormBody.field("timeout", TIMEOUT_SECONDS)));
        if (answer.status() != 200) {
            assertTyped(document, answer);
        } else if (document.kind() != Kind.BOMB) {
            URI url = URI.create(answer.json().path("download_url").asText());
            String text =
                    ConvertedContent.of("pdf", client.download(url).bytes()).text();
            assertThat(text.replace(" ", ""))
                    .as("%s", document)
                    .doesNotContain(Canary.SECRET)
                    .doesNotContain(Canary.MACRO_MARK);
        }
        return null;
    }

    private static void assertTyped(HostileDocument document, Answer answer) {
        assertThat(answer.status()).as("%s: %s", document, answer).isIn(400, 413, 422, 502);
        JsonNode error =
                answer.expectError(answer.status(), answer.json().path("error").asText());
        assertThat(error.path("error").asText())
                .as("%s", document)
                .isIn("invalid_request", "payload_too_large", "unprocessable_document", "upstream_error");
        if (answer.status() == 422) {
            assertThat(error.path("reason").asText()).isIn("corrupt", "suspicious", "too_complex");
        }
    }

    static Stream<TestDocument> otherTypes() {
        return OtherTypes.all().stream()
                .flatMap(document -> Stream.of(
                        document,
                        document.named("posing.docx"),
                        document.named("posing.doc"),
                        document.named("posing.xls")));
    }

    @ParameterizedTest
    @MethodSource("otherTypes")
    void fileOfATypeThatIsNoSourceIsRefusedWhateverItsNameAndNotKept(TestDocument document, DocmillClient client) {
        // When
        Answer answer = client.upload(document);

        // Then
        JsonNode error = answer.expectError(400, "invalid_request");
        assertThat(error.path("message").asText()).contains("docx");
        assertThat(client.get("/v1/files").json().path("data")).as("files kept").isEmpty();
    }
}
