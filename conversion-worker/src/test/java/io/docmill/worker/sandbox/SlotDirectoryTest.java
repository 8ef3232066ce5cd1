package io.docmill.worker.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlotDirectoryTest {

    @TempDir
    private Path directory;

    @Test
    void emptyingRemovesWhatADocumentLeftButNotTheDirectoryOfLibreOffice() throws IOException {
        // Given
        var slot = SlotDirectory.create(directory.resolve("slot"), Optional.empty());
        Files.createDirectories(slot.document().resolve("1/deep"));
        Files.writeString(slot.document().resolve("1/deep/document.docx"), "secret");
        Path own = Files.createDirectory(slot.scratch().resolve("lu1.tmp"));
        Files.createDirectories(own.resolve("a/b"));
        Files.writeString(slot.scratch().resolve("loose"), "secret");
        Files.writeString(Files.createDirectories(slot.home().resolve(".cache")).resolve("left"), "secret");
        Files.writeString(slot.sockets().resolve("left"), "secret");
        try (var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(slot.sockets().resolve("pipe")));
        }
        // When
        slot.empty();
        // Then
        assertThat(slot.home()).isEmptyDirectory();
        assertThat(slot.sockets()).isDirectoryContaining("glob:**pipe").isDirectoryNotContaining("glob:**left");
        assertThat(slot.document()).isEmptyDirectory();
        assertThat(own).isEmptyDirectory();
        assertThat(slot.scratch()).isDirectoryNotContaining("regex:.*loose");
    }

    @Test
    void linksAreRemovedAndNotFollowed() throws IOException {
        // Given
        Path precious = Files.createDirectory(directory.resolve("precious"));
        Files.writeString(precious.resolve("file"), "keep");
        var slot = SlotDirectory.create(directory.resolve("slot"), Optional.empty());
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
