package io.docmill.worker.libreoffice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalFontsTest {

    @TempDir
    private Path directory;

    @Test
    void withoutFontsTheVersionIsLibreOfficesOwn() throws IOException {
        // Given
        font("README.md", "no font");
        // When
        var none = LocalFonts.in(directory);
        var absent = LocalFonts.in(directory.resolve("absent"));
        // Then
        assertThat(none.versionOf("25.2.3")).isEqualTo("25.2.3");
        assertThat(absent.versionOf("25.2.3")).isEqualTo("25.2.3");
    }

    @Test
    void fontsAreListedAndPartOfTheVersion() throws IOException {
        // Given
        font("House Sans.TTF", "one");
        font("house/serif/Serif.otf", "two");
        // When
        var fonts = LocalFonts.in(directory);
        // Then
        assertThat(fonts.files()).containsExactly("House Sans.TTF", "house/serif/Serif.otf");
        assertThat(fonts.versionOf("25.2.3")).matches("25\\.2\\.3\\+fonts\\.[0-9a-f]{12}");
    }

    @Test
    void theVersionFollowsNamesAndContents() throws IOException {
        // Given
        font("a.ttf", "one");
        var before = LocalFonts.in(directory);
        // When
        font("a.ttf", "two");
        var otherContent = LocalFonts.in(directory);
        font("a.ttf", "one");
        var sameAgain = LocalFonts.in(directory);
        Files.move(directory.resolve("a.ttf"), directory.resolve("b.ttf"));
        var otherName = LocalFonts.in(directory);
        // Then
        assertThat(sameAgain).isEqualTo(before);
        assertThat(otherContent.digest()).isNotEqualTo(before.digest());
        assertThat(otherName.digest()).isNotEqualTo(before.digest()).isNotEqualTo(otherContent.digest());
    }

    private void font(String name, String content) throws IOException {
        var file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
