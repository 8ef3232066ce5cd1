package io.docmill.gateway.http.form;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartEndTest {
    private static boolean isReached(String... chunks) {
        MultipartEnd end = new MultipartEnd("b");
        for (String chunk : chunks) {
            end.add(Buffer.buffer(chunk));
        }
        return end.isReached();
    }

    @ParameterizedTest
    @CsvSource({
        "multipart/form-data; boundary=b, b",
        "multipart/form-data;BOUNDARY=b, b",
        "'multipart/form-data; boundary=\"a b\"', a b",
        "multipart/form-data; charset=utf-8; boundary=----x, ----x",
        "multipart/form-data; boundary = b, ",
        "multipart/form-data, ",
        "multipart/form-data; boundary=, ",
        "'multipart/form-data; boundary=\"\"', "
    })
    void readsTheBoundary(String contentType, String boundary) {
        assertThat(MultipartEnd.boundary(contentType).orElse(null)).isEqualTo(boundary);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--b--", "--b--\r\n", "--b\r\n\r\nx\r\n--b--\r\n", "x\r\n--b--\r\nan epilogue"})
    void seesTheClosingDelimiter(String body) {
        assertThat(isReached(body)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "--b", "--b-", "x--b--", "x\r\n--c--", "x\r\n--b\r\n", "-b--"})
    void missesItWhereItIsNot(String body) {
        assertThat(isReached(body)).isFalse();
    }

    @Test
    void seesItAcrossChunks() {
        assertThat(isReached("x".repeat(10_000) + "\r", "\n", "--", "b", "-", "-"))
                .isTrue();
        assertThat(isReached("x\r\n--b--", "\r\n" + "x".repeat(5_000))).isFalse();
    }
}
