package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(SharedDocmill.class)
class RunsST {
    private static String registered(DocmillClient client, Map<String, ?> fields) {
        Answer answer = client.postJson("/v1/runs", fields);
        assertThat(answer.status()).as("%s", answer).isEqualTo(201);
        return answer.json().path("id").asText();
    }

    private static Answer deliver(DocmillClient client, String run, TestDocument document) {
        FormBody form = FormBody.upload("file", document);
        return DocmillClient.send(client.request("/v1/runs/%s/output".formatted(run))
                .header("Content-Type", form.contentType())
                .PUT(BodyPublishers.ofByteArray(form.content()))
                .build());
    }

    private static Answer export(DocmillClient client, String run, String format) {
        return client.postJson("/v1/runs/%s/export".formatted(run), Map.of("format", format));
    }

    @Test
    void exportsTheOutputOfARunAndAnswersTheSecondCallFromTheFirst(DocmillClient client) throws IOException {
        // Given
        String run = registered(client, Map.of("kind", "word", "name", "Quarterly report"));
        Answer delivered = deliver(client, run, TestDocuments.docx("The output of a generator."));

        // When
        Answer first = export(client, run, "pdf");
        Answer second = export(client, run, "pdf");

        // Then
        assertThat(delivered.status()).as("%s", delivered).isEqualTo(200);
        assertThat(delivered.json().path("status").asText()).isEqualTo("completed");
        assertThat(first.status()).as("%s", first).isEqualTo(200);
        Conversion conversion = Conversion.of(first.json());
        assertThat(conversion.sourceId()).isEqualTo(run);
        assertThat(conversion.cached()).isFalse();
        assertThat(Conversion.of(second.json()).cached()).isTrue();
        assertThat(Conversion.of(second.json()).attempt()).isEqualTo(conversion.attempt());
        Answer result = client.download(conversion.downloadUrl());
        assertThat(result.header("Content-Type")).isEqualTo("application/pdf");
        assertThat(result.header("Content-Disposition")).contains("Quarterly report.pdf");
        assertThat(ConvertedContent.of("pdf", result.bytes()).text()).isEqualTo("The output of a generator.");
    }

    @Test
    void takesWorkbooksAndPresentationsOfGeneratorsToo(DocmillClient client) throws IOException {
        // Given
        String workbook = registered(client, Map.of("kind", "excel"));
        String slides = registered(client, Map.of("kind", "slides"));
        deliver(client, workbook, TestDocuments.xlsx("A cell."));
        deliver(client, slides, TestDocuments.pptx("A slide."));

        // When
        Conversion csv = Conversion.of(export(client, workbook, "csv").json());
        Conversion pdf = Conversion.of(export(client, slides, "pdf").json());

        // Then
        assertThat(ConvertedContent.of("csv", client.download(csv.downloadUrl()).bytes())
                        .text())
                .contains("A cell.");
        assertThat(ConvertedContent.of("pdf", client.download(pdf.downloadUrl()).bytes())
                        .text())
                .contains("A slide.");
    }

    @Test
    void hasNothingToExportBeforeTheOutputNorAfterAFailure(DocmillClient client) {
        // Given
        String queued = registered(client, Map.of("kind", "reports", "project_id", "P-7"));
        String failed = registered(client, Map.of("kind", "reports"));
        client.postJson("/v1/runs/%s/fail".formatted(failed), Map.of("message", "The table has no rows."));

        // Then
        assertThat(export(client, queued, "pdf")
                        .expectError(409, "conflict")
                        .path("retryable")
                        .asBoolean())
                .isTrue();
        assertThat(export(client, failed, "pdf")
                        .expectError(409, "conflict")
                        .path("message")
                        .asText())
                .contains("The table has no rows.");
    }

    @Test
    void deletedRunIsGoneWithItsOutputAndExports(DocmillClient client) {
        // Given
        String run = registered(client, Map.of("kind", "word"));
        deliver(client, run, TestDocuments.docx("Delete me."));
        Conversion conversion = Conversion.of(export(client, run, "txt").json());

        // When
        Answer deleted = client.delete("/v1/runs/" + run);

        // Then
        assertThat(deleted.status()).isEqualTo(204);
        client.get("/v1/runs/" + run).expectError(404, "not_found");
        export(client, run, "txt").expectError(404, "not_found");
        assertThat(client.download(conversion.downloadUrl()).status()).isEqualTo(404);
    }
}
