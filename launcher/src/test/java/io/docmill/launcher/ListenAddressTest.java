package io.docmill.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ListenAddressTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, http://127.0.0.1:8080",
        "localhost, http://localhost:8080",
        "0.0.0.0, http://127.0.0.1:8080",
        "::1, http://[::1]:8080",
        "::, http://[::1]:8080",
    })
    void urlReachesTheServerFromThisMachine(String host, String url) {
        // When
        String reached = new ListenAddress(host, 0).url(8080);

        // Then
        assertThat(reached).isEqualTo(url);
    }

    @Test
    void takenPortIsNamedWithTheOptionThatChoosesAnother() throws IOException {
        // Given
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ListenAddress address = new ListenAddress("127.0.0.1", other.getLocalPort());

            // When
            // Then
            assertThatIllegalStateException()
                    .isThrownBy(() -> address.requireFree("--port"))
                    .withMessageContainingAll(String.valueOf(other.getLocalPort()), "--port");
        }
    }

    @Test
    void anyFreePortIsFree() {
        // When
        // Then
        assertThatNoException().isThrownBy(() -> new ListenAddress("127.0.0.1", 0).requireFree("--port"));
    }
}
