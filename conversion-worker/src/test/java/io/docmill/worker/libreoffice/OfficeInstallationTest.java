package io.docmill.worker.libreoffice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.docmill.worker.engine.EngineUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OfficeInstallationTest {

    @TempDir
    private Path home;

    @Test
    void readsTheVersion() {
        assertThat(OfficeInstallation.ofBanner(home, "LibreOffice 25.2.3.2 520(Build:2)\n")
                        .version())
                .isEqualTo("25.2.3");
        assertThat(OfficeInstallation.ofBanner(home, "LibreOffice 24.8.0.1 480\n")
                        .version())
                .isEqualTo("24.8.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"LibreOffice 24.2.7.2 420(Build:2)", "LibreOffice 7.4.7.2 40(Build:2)"})
    void refusesAnOldOne(String banner) {
        assertThatExceptionOfType(EngineUnavailableException.class)
                .isThrownBy(() -> OfficeInstallation.ofBanner(home, banner))
                .withMessageContaining("too old")
                .withMessageContaining("libreoffice-{core,writer,calc,impress,draw}-nogui");
    }

    @Test
    void saysWhatItSaidWhenItDoesNotStart() {
        assertThatExceptionOfType(EngineUnavailableException.class)
                .isThrownBy(() -> OfficeInstallation.ofBanner(home, "error while loading shared libraries: libx.so"))
                .withMessageContaining("libx.so");
    }

    @Test
    void saysWhatToInstallWhereThereIsNone() {
        assertThatExceptionOfType(EngineUnavailableException.class)
                .isThrownBy(() -> OfficeInstallation.requireParts(home))
                .withMessageContaining("program/soffice.bin")
                .withMessageContaining("libreoffice-uiconfig-writer");
    }

    @Test
    void missesTheWindowsOfWriter() throws IOException {
        // Given
        Files.createDirectory(home.resolve("program"));
        for (String part : List.of("soffice.bin", "libswlo.so", "libsclo.so", "libsdlo.so")) {
            Files.createFile(home.resolve("program").resolve(part));
        }
        // Then
        assertThatExceptionOfType(EngineUnavailableException.class)
                .isThrownBy(() -> OfficeInstallation.requireParts(home))
                .withMessageContaining("Install the package libreoffice-uiconfig-writer");
    }
}
