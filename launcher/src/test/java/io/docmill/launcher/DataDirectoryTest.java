package io.docmill.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
    private static final String URL = "http://127.0.0.1:8080";

    @TempDir
    Path root;

    @Test
    void secondIsRefusedAndLeavesTheUrlOfTheFirst() {
        // Given
        try (DataDirectory first = new DataDirectory(root)) {
            first.announce(URL);

            // When
            // Then
            assertThatIllegalStateException()
                    .isThrownBy(() -> new DataDirectory(root))
                    .withMessageContainingAll("another Docmill", root.toString(), "--data");
            assertThat(root.resolve("url")).hasContent(URL);
        }
    }

    @Test
    void closedOneLeavesTheUrlOfTheNext() {
        // Given
        DataDirectory former = new DataDirectory(root);
        former.close();

        // When
        try (DataDirectory next = new DataDirectory(root)) {
            next.announce(URL);
            former.withdraw();
            former.close();

            // Then
            assertThat(root.resolve("url")).hasContent(URL);
            assertThatIllegalStateException().isThrownBy(() -> former.announce("http://127.0.0.1:1"));
        }
        assertThat(root.resolve("url")).doesNotExist();
    }

    @Test
    void urlOfAKilledOneIsWithdrawn() throws IOException {
        // Given
        Files.writeString(root.resolve("url"), URL);

        // When
        try (DataDirectory directory = new DataDirectory(root)) {
            // Then
            assertThat(directory.root().resolve("url")).doesNotExist();
        }
    }
}
