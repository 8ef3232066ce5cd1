package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.testing.documents.TestDocument;
import io.docmill.testing.documents.TestDocuments;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(SharedDocmill.class)
class ConvertDocumentST {
    private static final String HEADING = "Quarterly report";
    private static final String TEXT = "Crème brûlée, Straße, Łódź; Русский; 汉字";

    /** The source of each format, all of which say HEADING and TEXT, save doc, which is a file made once. */
    private static final Map<String, TestDocument> SOURCES = Map.of(
            "xlsx", TestDocuments.richXlsx(HEADING, TEXT),
            "xls", TestDocuments.richXls(HEADING, TEXT),
            "docx", TestDocuments.richDocx(HEADING, TEXT),
            "doc", TestDocuments.doc(),
            "pptx", TestDocuments.richPptx(HEADING, TEXT),
            "ppt", TestDocuments.richPpt(HEADING, TEXT));

    private static final Map<String, String> MEDIA_TYPES = Map.of(
            "pdf", "application/pdf",
            "html", "text/html",
            "txt", "text/plain",
            "csv", "text/csv",
            "png", "image/png",
            "odt", "application/vnd.oasis.opendocument.text",
            "odp", "application/vnd.oasis.opendocument.presentation",
            "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation");

    private static TestDocument source(String format) {
        return Objects.requireNonNull(SOURCES.get(format), format);
    }

    static Stream<Arguments> pairs() {
        return Stream.of(
                        "xlsx pdf csv png html",
                        "xls pdf csv xlsx html",
                        "docx pdf html txt odt",
                        "doc pdf docx html txt",
                        "pptx pdf png odp",
                        "ppt pdf pptx png")
                .map(row -> row.split(" ", -1))
                .flatMap(row -> Stream.of(row).skip(1).map(target -> Arguments.of(row[0], target)));
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("pairs")
    void convertsEveryPair(String source, String target, DocmillClient client) throws IOException {
        // Given
        TestDocument document = source(source);
        StoredFile file = client.uploaded(document);

        // When
        Conversion conversion = client.converted(file, target);
        Answer result = client.download(conversion.downloadUrl());

        // Then
        assertThat(conversion.sourceId()).isEqualTo(file.id());
        assertThat(conversion.format()).isEqualTo(target);
        assertThat(conversion.cached()).isFalse();
        assertThat(result.status()).isEqualTo(200);
        assertThat(result.header("Content-Type"))
                .isEqualTo(conversion.contentType())
                .startsWith(String.valueOf(MEDIA_TYPES.get(target)));
        assertThat(result.header("Content-Disposition"))
                .startsWith("attachment")
                .contains(document.name().replace("." + source, "." + target));
        assertThat((long) result.bytes().length).isEqualTo(conversion.size());
        ConvertedContent content = ConvertedContent.of(target, result.bytes());
        if (!target.equals("png")) {
            assertThat(content.text()).contains(source.equals("doc") ? TestDocuments.DOC_TEXT : HEADING);
            assertThat(content.text()).contains(source.equals("doc") ? "Crème brûlée" : TEXT);
        }
    }

    @ParameterizedTest
    @CsvSource({"docx,html", "xlsx,html", "xls,html", "doc,html"})
    void htmlStandsAloneAndIsHarmless(String source, String target, DocmillClient client) {
        // Given
        StoredFile file = client.uploaded(source(source));

        // When
        Answer result = client.download(client.converted(file, target).downloadUrl());

        // Then
        HtmlReferences references = HtmlReferences.of(new String(result.bytes(), StandardCharsets.UTF_8));
        assertThat(references.scripts()).isEmpty();
        assertThat(references.links()).noneMatch(link -> link.strip().startsWith("javascript:"));
        assertThat(references.loaded()).allMatch(reference -> reference.startsWith("data:"));
    }

    @Test
    void secondCallIsAnsweredFromTheFirstWithAWorkingUrl(DocmillClient client) {
        // Given
        StoredFile file = client.uploaded(TestDocuments.docx("Once."));
        Conversion first = client.converted(file, "pdf");

        // When
        Conversion second = client.converted(file, "pdf");

        // Then
        assertThat(first.cached()).isFalse();
        assertThat(second.cached()).isTrue();
        assertThat(second.id()).isEqualTo(first.id());
        assertThat(second.attempt()).isEqualTo(first.attempt());
        assertThat(client.download(second.downloadUrl()).bytes())
                .isEqualTo(client.download(first.downloadUrl()).bytes());
    }

    @Test
    void urlIsSignedForAnHour(DocmillClient client) {
        // Given
        StoredFile file = client.uploaded(TestDocuments.docx("An hour."));

        // When
        Conversion conversion = client.converted(file, "txt");

        // Then
        assertThat(Duration.between(Instant.now(), conversion.expiresAt()))
                .isBetween(Duration.ofMinutes(54), Duration.ofMinutes(61));
    }

    @Test
    void urlOfWhichACharacterIsChangedOpensNothing(DocmillClient client) {
        // Given
        StoredFile file = client.uploaded(TestDocuments.docx("Signed."));
        String url = client.converted(file, "txt").downloadUrl().toString();
        char last = url.charAt(url.length() - 1);

        // When
        Answer answer = client.download(URI.create(url.substring(0, url.length() - 1) + (last == 'a' ? 'b' : 'a')));

        // Then
        assertThat(answer.status()).isBetween(400, 404);
    }

    @ParameterizedTest
    @CsvSource({"application/x-www-form-urlencoded", "multipart/form-data"})
    void takesBothKindsOfForm(String kind, DocmillClient client) {
        // Given
        StoredFile file = client.uploaded(TestDocuments.docx("Forms."));
        FormBody.Field format = FormBody.field("format", "txt");

        // When
        Answer answer = client.post(
                "/v1/files/%s/convert".formatted(file.id()),
                kind.startsWith("multipart") ? FormBody.multipart(format) : FormBody.urlEncoded(format));

        // Then
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    }

    @Test
    void takesAKeyAsABearerToken(DocmillClient client) {
        // Given
        StoredFile file = client.uploaded(TestDocuments.docx("Bearer."));

        // When
        Answer answer = DocmillClient.send(client.withoutKey()
                .request("/v1/files/%s/convert".formatted(file.id()))
                .header("Authorization", "Bearer " + client.key())
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("format=txt"))
                .build());

        // Then
        assertThat(answer.status()).as("%s", answer).isEqualTo(200);
    }

    @Test
    void downloadKeepsAUnicodeName(DocmillClient client) {
        // Given
        StoredFile file = client.uploaded(TestDocuments.docx("Named.").named("Überblick 第3四半期.docx"));

        // When
        Answer result = client.download(client.converted(file, "pdf").downloadUrl());

        // Then
        assertThat(file.name()).isEqualTo("Überblick 第3四半期.docx");
        // RFC 6266 with the encoding of RFC 8187.
        assertThat(result.header("Content-Disposition"))
                .contains("filename*=UTF-8''%C3%9Cberblick%20%E7%AC%AC3%E5%9B%9B%E5%8D%8A%E6%9C%9F.pdf");
    }

    @ParameterizedTest
    @CsvSource({"../../etc/passwd.docx", "C:\\Windows\\report.docx"})
    void downloadHasABaseNameWhateverWasSent(String name, DocmillClient client) {
        // Given
        StoredFile file = client.uploaded(TestDocuments.docx("Named.").named(name));

        // When
        Answer result = client.download(client.converted(file, "txt").downloadUrl());

        // Then
        assertThat(result.header("Content-Disposition")).doesNotContain("/", "\\", "..", "%2F", "%5C");
    }

    @Test
    void contentDecidesWhatADocumentIs(DocmillClient client) {
        // When
        StoredFile file = client.uploaded(TestDocuments.docx("Not a workbook.").named("report.xlsx"));

        // Then
        assertThat(file.format()).isEqualTo("docx");
        assertThat(file.targets()).containsExactly("pdf", "html", "txt", "odt");
    }

    @ParameterizedTest
    @CsvSource({"xlsx", "xls"})
    void csvHasTheSheetThatWasActive(String source, DocmillClient client) throws IOException {
        // Given
        StoredFile file = client.uploaded(
                source.equals("xlsx")
                        ? TestDocuments.xlsxWithActiveSheet(1, "first", "second", "third")
                        : TestDocuments.xlsWithActiveSheet(1, "first", "second", "third"));

        // When
        Answer result = client.download(client.converted(file, "csv").downloadUrl());

        // Then
        assertThat(ConvertedContent.of("csv", result.bytes()).text()).isEqualTo("second");
    }

    @Test
    void pdfHasEveryPage(DocmillClient client) throws IOException {
        // Given
        StoredFile file = client.uploaded(TestDocuments.docxOfPages(3));

        // When
        Answer result = client.download(client.converted(file, "pdf").downloadUrl());

        // Then
        ConvertedContent content = ConvertedContent.of("pdf", result.bytes());
        assertThat(content.pages()).isEqualTo(3);
        assertThat(content.text()).contains("Page 1.", "Page 3.");
    }

    @Test
    void plainTextIsUtf8WithLinesThatEndInLineFeeds(DocmillClient client) {
        // Given
        StoredFile file = client.uploaded(TestDocuments.docx("First.", TestDocuments.MANY_SCRIPTS));

        // When
        Answer result = client.download(client.converted(file, "txt").downloadUrl());

        // Then
        assertThat(new String(result.bytes(), StandardCharsets.UTF_8).strip())
                .isEqualTo("First.\n" + TestDocuments.MANY_SCRIPTS);
    }
}
