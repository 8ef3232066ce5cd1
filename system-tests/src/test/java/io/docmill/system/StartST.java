package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.testing.documents.TestDocuments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How Docmill starts where nothing is recorded yet, in an installation of scripts and jars without sources. */
class StartST {
    private static final Path HOME = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path directory;

    @Test
    void firstStartRecordsWhatLaterOnesUse() throws IOException {
        // Given
        Path installation = install();
        ProcessBuilder command = RunningDocmill.commandOf(installation.resolve("bin/docmill"));
        command.environment().remove("DOCMILL_BUILD");
        // When
        RunningDocmill.start(directory, command).close();
        // Then
        assertThat(installation.resolve("launcher/target/up.aot")).isNotEmptyFile();
        // and Java, told to start with what was recorded or not at all, starts
        ProcessBuilder again = RunningDocmill.commandOf(installation.resolve("bin/docmill"));
        again.environment().put("DOCMILL_JAVA_OPTIONS", "-XX:AOTMode=on");
        try (RunningDocmill docmill = RunningDocmill.start(directory, again)) {
            DocmillClient client = docmill.client();
            assertThat(client.converted(client.uploaded(TestDocuments.docx("Quickly.")), "pdf")
                            .size())
                    .isPositive();
            assertThat(client.converted(client.uploaded(TestDocuments.xlsx("Quickly.")), "csv")
                            .size())
                    .isPositive();
        }
    }

    private Path install() throws IOException {
        Path installation = directory.resolve("docmill");
        Path target = Files.createDirectories(installation.resolve("launcher/target"));
        Files.copy(HOME.resolve("launcher/target/launcher.jar"), target.resolve("launcher.jar"));
        copyFiles(HOME.resolve("launcher/target/lib"), target.resolve("lib"));
        copyFiles(HOME.resolve("bin"), installation.resolve("bin"));
        copyFiles(HOME.resolve("bin/lib"), installation.resolve("bin/lib"));
        return installation;
    }

    /** Copies of the jars and not links to them: Java tells recorded classes by the place of their jar. */
    private static void copyFiles(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.copy(file, to.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
