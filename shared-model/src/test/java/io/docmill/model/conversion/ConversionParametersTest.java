package io.docmill.model.conversion;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.model.document.DocumentFormat;
import io.docmill.model.id.SourceId;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConversionParametersTest {
    private static final SourceId SOURCE =
            SourceId.parse("file_01ARZ3NDEKTSV4RRFFQ69G5FAV").orElseThrow();

    private static ConversionParameters valid(Map<String, String> fields) {
        var reading = ConversionParameters.read(DocumentFormat.DOCX, DocumentFormat.PDF, fields);
        assertThat(reading).isInstanceOf(ConversionParameters.Reading.Valid.class);
        return ((ConversionParameters.Reading.Valid) reading).parameters();
    }

    private static String onlyViolation(DocumentFormat target, Map<String, String> fields) {
        var reading = ConversionParameters.read(DocumentFormat.DOCX, target, fields);
        assertThat(reading).isInstanceOf(ConversionParameters.Reading.Invalid.class);
        var violations = ((ConversionParameters.Reading.Invalid) reading).violations();
        assertThat(violations).hasSize(1);
        return violations.getFirst();
    }

    @Test
    void takesTheDefaultsOfWhatIsAbsent() {
        var parameters = valid(Map.of());

        assertThat(parameters.timeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(parameters.refresh()).isFalse();
        assertThat(parameters.password()).isNull();
        assertThat(parameters.options()).isEqualTo(ConversionOptions.DEFAULT);
    }

    @Test
    void leavesOutWhatEqualsTheDefault() {
        assertThat(valid(Map.of("tagged", "false")).options()).isEqualTo(ConversionOptions.DEFAULT);
    }

    @Test
    void namesTheFieldAndWhatItTakes() {
        assertThat(onlyViolation(DocumentFormat.PDF, Map.of("timeout", "3")))
                .isEqualTo("'timeout' takes a whole number of seconds from 5 to 300.");
    }

    @Test
    void refusesAnOptionThatMeansNothingForThePair() {
        assertThat(onlyViolation(DocumentFormat.TXT, Map.of("tagged", "true")))
                .isEqualTo("'tagged' is not an option of docx to txt; the options are: password, timeout, refresh.");
    }

    @Test
    void neverPrintsThePassword() {
        assertThat(valid(Map.of("password", "s3cret")).toString()).doesNotContain("s3cret");
    }

    @Test
    void identifiesAConversionByFormatAndOutputOptionsAlone() {
        var plain = valid(Map.of()).options().conversionOf(SOURCE, DocumentFormat.PDF, null);
        var hurried = valid(Map.of("timeout", "5", "refresh", "true", "tagged", "false"))
                .options()
                .conversionOf(SOURCE, DocumentFormat.PDF, null);
        var tagged = valid(Map.of("tagged", "true")).options().conversionOf(SOURCE, DocumentFormat.PDF, null);
        var secret = valid(Map.of()).options().conversionOf(SOURCE, DocumentFormat.PDF, "hash");
        var text = valid(Map.of()).options().conversionOf(SOURCE, DocumentFormat.TXT, null);

        assertThat(hurried).isEqualTo(plain);
        assertThat(tagged).isNotEqualTo(plain);
        assertThat(secret).isNotEqualTo(plain);
        assertThat(text).isNotEqualTo(plain);
    }

    /** Stored objects are found by these ids: should this test fail, every artifact made before would be lost. */
    @Test
    void derivesTheSameIdForEver() {
        assertThat(valid(Map.of()).options().conversionOf(SOURCE, DocumentFormat.PDF, null))
                .hasToString("conv_F01ARZ3NDEKTSV4RRFFQ69G5FAVSJ65329KC3PPMXEDDYNRT2YVJ3");
    }
}
