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

    /** As the kubelet lays out ConfigMaps, Secrets and projected volumes; the time in the name differs at every machine. */
    @Test
    void equalFontsOfAVolumeOfKubernetesAreOneVersion() throws IOException {
        // Given
        volume("here", "..2026_11_29_17_14_46.1");
        volume("there", "..2026_11_29_17_15_02.2");
        font("plain/a.ttf", "one");
        font("plain/.hidden.ttf", "two");
        // When
        var here = LocalFonts.in(directory.resolve("here"));
        var there = LocalFonts.in(directory.resolve("there"));
        // Then
        assertThat(here.files()).containsExactly("a.ttf");
        assertThat(there).isEqualTo(here).isEqualTo(LocalFonts.in(directory.resolve("plain")));
    }

    @Test
    void linksThatLeadBackAndNowhereArePassedOver() throws IOException {
        // Given
        font("house/a.ttf", "one");
        Files.createSymbolicLink(directory.resolve("house/again"), directory);
        Files.createSymbolicLink(directory.resolve("gone.ttf"), Path.of("nothing.ttf"));
        // When
        var fonts = LocalFonts.in(directory);
        // Then
        assertThat(fonts.files()).containsExactly("house/a.ttf");
    }

    private void volume(String name, String time) throws IOException {
        font(name + "/" + time + "/a.ttf", "one");
        Files.createSymbolicLink(directory.resolve(name).resolve("..data"), Path.of(time));
        Files.createSymbolicLink(directory.resolve(name).resolve("a.ttf"), Path.of("..data/a.ttf"));
    }

    private void font(String name, String content) throws IOException {
        var file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}
