package io.docmill.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotDirectoryTest {

    @TempDir
    private Path directory;

    @Test
    void emptyingRemovesWhatADocumentLeftButNotTheDirectoryOfLibreOffice() throws IOException {
        // Given
        var slot = SlotDirectory.create(directory.resolve("slot"));
        Files.createDirectories(slot.document().resolve("1/deep"));
        Files.writeString(slot.document().resolve("1/deep/document.docx"), "secret");
        Path own = Files.createDirectory(slot.scratch().resolve("lu1.tmp"));
        Files.createDirectories(own.resolve("a/b"));
        Files.writeString(slot.scratch().resolve("loose"), "secret");
        // When
        slot.empty();
        // Then
        assertThat(slot.document()).isEmptyDirectory();
        assertThat(own).isEmptyDirectory();
        assertThat(slot.scratch()).isDirectoryNotContaining("regex:.*loose");
    }

    @Test
    void linksAreRemovedAndNotFollowed() throws IOException {
        // Given
        Path precious = Files.createDirectory(directory.resolve("precious"));
        Files.writeString(precious.resolve("file"), "keep");
        var slot = SlotDirectory.create(directory.resolve("slot"));
        Files.createSymbolicLink(slot.document().resolve("link"), precious);
        Files.createSymbolicLink(slot.scratch().resolve("link"), precious);
        // When
        slot.empty();
        slot.remove();
        // Then
        assertThat(slot.root()).doesNotExist();
        assertThat(precious.resolve("file")).hasContent("keep");
    }
}
