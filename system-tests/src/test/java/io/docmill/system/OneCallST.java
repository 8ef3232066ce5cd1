package io.docmill.system;

import static io.docmill.system.FormBody.field;
import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.testing.documents.TestDocuments;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDocmill.class)
class OneCallST {
    private static final FormBody FORM = FormBody.upload(
            TestDocuments.docx("One call.").named("Q3 report.docx"), field("format", "pdf"), field("tagged", "true"));

    @Test
    void answersADocumentWithItsConversion(DocmillClient client) throws IOException {
        // When
        Answer answer = client.post("/v1/convert", FORM);

        // Then
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
        Conversion conversion = Conversion.of(answer.json());
        assertThat(ConvertedContent.of(
                                "pdf", client.download(conversion.downloadUrl()).bytes())
                        .text())
                .isEqualTo("One call.");
        assertThat(client.get("/v1/files/" + conversion.sourceId()).status()).isEqualTo(200);
    }

    @Test
    void answersADocumentWithTheResultItself(DocmillClient client) throws IOException {
        // When
        Answer asked = client.post("/v1/convert?download=true", FORM);
        Answer accepted = DocmillClient.send(client.request("/v1/convert")
                .header("Content-Type", FORM.contentType())
                .header("Accept", "application/pdf")
                .POST(BodyPublishers.ofByteArray(FORM.content()))
                .build());

        // Then
        for (Answer answer : new Answer[] {asked, accepted}) {
            assertThat(answer.status()).as("%s", answer).isEqualTo(200);
            assertThat(answer.header("Content-Type")).isEqualTo("application/pdf");
            assertThat(answer.header("Content-Disposition")).contains("Q3 report.pdf");
            assertThat(answer.header("X-Conversion-Id")).startsWith("conv_");
            assertThat(ConvertedContent.of("pdf", answer.bytes()).text()).isEqualTo("One call.");
        }
    }

    @Test
    void leavesNothingOfADocumentThatIsNotToBeKept(DocmillClient client) throws IOException {
        // When
        Answer answer = client.post(
                "/v1/convert",
                FormBody.upload(
                        TestDocuments.docx("Not kept."),
                        field("format", "txt"),
                        field("download", "true"),
                        field("keep", "false")));

        // Then
        assertThat(ConvertedContent.of("txt", answer.bytes()).text()).isEqualTo("Not kept.");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(
                                client.get("/v1/files").json().path("data").size())
                        .isZero());
        client.get("/v1/conversions/" + answer.header("X-Conversion-Id")).expectError(404, "not_found");
    }
}
