package io.docmill.model.conversion;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.model.document.DocumentFormat;
import org.junit.jupiter.api.Test;

class ConversionTableTest {
    @Test
    void holdsTwentyTwoPairs() {
        long pairs = ConversionTable.sources().stream()
                .mapToLong(source -> ConversionTable.targets(source).size())
                .sum();

        assertThat(pairs).isEqualTo(22);
    }

    @Test
    void knowsNoTargetOfWhatIsOnlyWritten() {
        assertThat(ConversionTable.targets(DocumentFormat.PDF)).isEmpty();
        assertThat(ConversionTable.target(DocumentFormat.DOCX, "png")).isEmpty();
        assertThat(ConversionTable.target(DocumentFormat.DOCX, "PDF")).contains(DocumentFormat.PDF);
    }
}
