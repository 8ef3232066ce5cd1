package io.docmill.platform.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateDirectoryTest {

    @TempDir
    private Path directory;

    @Test
    void nobodyElseCanEnterWhatItMakes() throws IOException {
        // Given
        Path work = directory.resolve("a/work");
        // When
        PrivateDirectory.claim(work);
        // Then
        assertThat(mode(work)).isEqualTo("rwx------");
        assertThat(mode(directory.resolve("a"))).isEqualTo("rwx------");
    }

    @Test
    void aDirectoryOfOursIsTakenAndClosedToOthers() throws IOException {
        // Given
        Path work = Files.createDirectory(directory.resolve("work"));
        Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path left = Files.createFile(work.resolve("left"));
        // When
        PrivateDirectory.claim(work);
        // Then
        assertThat(mode(work)).isEqualTo("rwx------");
        assertThat(left).exists();
    }

    @Test
    void aLinkIsRefused() throws IOException {
        // Given
        Path target = Files.createDirectory(directory.resolve("target"));
        Path work = Files.createSymbolicLink(directory.resolve("work"), target);
        // When
        assertThatThrownBy(() -> PrivateDirectory.claim(work))
                // Then
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("link");
    }

    @Test
    void aDirectoryOfSomeoneElseIsRefused() throws IOException {
        // Given
        assumeTrue(new UnixSystem().getUid() == 0, "only root can give a directory away");
        Path work = Files.createDirectory(directory.resolve("work"));
        Files.setAttribute(work, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
        // When
        assertThatThrownBy(() -> PrivateDirectory.claim(work))
                // Then
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("65534");
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
