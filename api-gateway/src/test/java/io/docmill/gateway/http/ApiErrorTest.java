package io.docmill.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.model.conversion.ConversionFailure;
import io.docmill.model.conversion.ConversionFailure.TooComplex.Limit;
import io.docmill.model.document.DocumentFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ApiErrorTest {
    @Test
    void hasOneForm() {
        // When
        ApiError error = ApiError.unprocessable("corrupt", "The document is damaged.");
        // Then
        assertThat(error.status()).isEqualTo(422);
        assertThat(error.body())
                .containsExactly(
                        Map.entry("error", "unprocessable_document"),
                        Map.entry("message", "The document is damaged."),
                        Map.entry("reason", "corrupt"),
                        Map.entry("retryable", false));
    }

    @Test
    void saysWhichLimitWasReachedAndWhatToDo() {
        assertThat(ApiError.of(new ConversionFailure.TooComplex(Limit.TIME, 60)).message())
                .contains("60 s", "'timeout'");
        assertThat(ApiError.of(new ConversionFailure.TooComplex(Limit.MEMORY, 60))
                        .message())
                .contains("memory");
        assertThat(ApiError.of(new ConversionFailure.TooComplex(Limit.OUTPUT_SIZE, 60))
                        .message())
                .contains("result");
        assertThat(ApiError.of(new ConversionFailure.EngineCrashed(2)).message())
                .contains("2 times");
        assertThat(ApiError.of(new ConversionFailure.WorkersLost(4)).message()).contains("4 workers");
    }

    @Test
    void answersAMissingSourceAsAnythingThatDoesNotExist() {
        assertThat(ApiError.of(new ConversionFailure.SourceMissing())).isEqualTo(ApiError.notFound());
    }

    @Test
    void listsTheTargetsOfTheSource() {
        // When
        ApiError wrong = ApiError.unsupportedPair(DocumentFormat.XLSX, "odt");
        ApiError missing = ApiError.unsupportedPair(DocumentFormat.XLSX, "");
        // Then
        assertThat(wrong.message())
                .isEqualTo("xlsx can't be converted to 'odt'. xlsx converts to: pdf, csv, png, html.");
        assertThat(missing.message()).contains("'format'", "pdf, csv, png, html");
    }

    @Test
    void listsTheTargetsOfWhatWasFoundInsideAnEncryptedDocument() {
        // When
        ApiError error = ApiError.of(new ConversionFailure.OtherFormat(DocumentFormat.XLSX, DocumentFormat.ODT));
        // Then
        assertThat(error.status()).isEqualTo(400);
        assertThat(error.message()).contains("encrypted", "is a xlsx", "xlsx converts to: pdf, csv, png, html.");
        assertThat(error.fields()).containsKey("valid_targets");
    }

    @Test
    void saysWhenToTryAgain() {
        assertThat(ApiError.unavailable("The queue is away.").headers()).containsEntry("Retry-After", "5");
        assertThat(ApiError.unauthorized().headers()).containsEntry("WWW-Authenticate", "Bearer");
        assertThat(ApiError.methodNotAllowed("PUT", "GET, POST").headers()).containsEntry("Allow", "GET, POST");
        assertThat(ApiError.rangeNotSatisfiable(7).headers()).containsEntry("Content-Range", "bytes */7");
    }
}
