package io.docmill.platform.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "17, 17",
        "17B, 17",
        "500KB, 500000",
        "500 MB, 500000000",
        "2GB, 2000000000",
        "1KiB, 1024",
        "1MiB, 1048576",
        "2GiB, 2147483648",
        "'  3M ', 3000000"
    })
    void readsSizes(String text, long bytes) {
        assertThat(ByteSize.parse(text)).isEqualTo(new ByteSize(bytes));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "-1", "1.5GB", "many", "1TB", "5mb", "1 0", "999999999999GB", "9999999999999"})
    void refusesWhatIsNoSize(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ByteSize.parse(text))
                .withMessageContaining("500MB")
                .withMessageContaining("'" + text + "'");
    }

    @Test
    void isNeverNegative() {
        assertThatIllegalArgumentException().isThrownBy(() -> new ByteSize(-1));
    }

    @ParameterizedTest
    @CsvSource({"0, 0 bytes", "64000, 64000 bytes", "200000000, 200 MB", "2000000000, 2.0 GB"})
    void isToldInWords(long bytes, String words) {
        assertThat(new ByteSize(bytes)).hasToString(words);
    }
}
