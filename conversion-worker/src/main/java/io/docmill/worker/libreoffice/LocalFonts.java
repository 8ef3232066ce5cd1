package io.docmill.worker.libreoffice;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fonts that an operator has added to those of the system. They decide how a document looks, so they are part of the version of
 * what converts.
 *
 * @param files their paths below the directory, in order
 * @param digest of their paths and contents, in hexadecimal digits; empty where there are none
 */
record LocalFonts(List<String> files, String digest) {

    /** Where fontconfig looks for fonts that no package brings (fonts.conf(5)), and every sandbox lets LibreOffice read. */
    static final Path DIRECTORY = Path.of("/usr/local/share/fonts");

    private static final Set<String> ENDINGS = Set.of("ttf", "otf", "ttc", "otc", "pfb");

    private static final Logger log = LoggerFactory.getLogger(LocalFonts.class);

    /** As many as tell any two collections apart. */
    private static final int DIGITS = 12;

    LocalFonts {
        files = List.copyOf(files);
    }

    /**
     * Looks below a directory, which need not exist. Reads all of each font. Passes over what begins with a dot, as fontconfig
     * does: Kubernetes keeps the files of a volume in a directory with the time in its name, behind such a name, so equal
     * fonts would have another digest at every machine. Directories that can't be read, and links that lead back, are
     * warned of and passed over.
     *
     * @throws IOException if a font can't be read; LibreOffice could not either
     */
    static LocalFonts in(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return new LocalFonts(List.of(), "");
        }
        var search = new Search(directory);
        Files.walkFileTree(directory, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, search);
        List<Path> fonts = search.found.stream().sorted().toList();
        return new LocalFonts(
                fonts.stream()
                        .map(font -> directory.relativize(font).toString())
                        .toList(),
                fonts.isEmpty() ? "" : digest(directory, fonts));
    }

    private static String digest(Path directory, List<Path> fonts) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        try (var sink = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            for (Path font : fonts) {
                sink.write(
                        (directory.relativize(font) + "\0" + Files.size(font) + "\0").getBytes(StandardCharsets.UTF_8));
                try (InputStream content = Files.newInputStream(font)) {
                    content.transferTo(sink);
                }
            }
        }
        return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
    }

    /** The version of LibreOffice with these fonts: such as {@code 25.2.3+fonts.0a1b2c3d4e5f}; without any it is LibreOffice's own. */
    String versionOf(String office) {
        return files.isEmpty() ? office : office + "+fonts." + digest;
    }

    /** Finds fonts, where fontconfig would. */
    private static final class Search implements FileVisitor<Path> {
        private final Path directory;
        private final List<Path> found = new ArrayList<>();

        Search(Path directory) {
            this.directory = directory;
        }

        private boolean isHidden(Path path) {
            return !path.equals(directory) && path.getFileName().toString().startsWith(".");
        }

        private static boolean isFont(Path path) {
            String name = path.getFileName().toString();
            return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
        }

        private static FileVisitResult passOver(Path path, IOException cause) {
            log.atWarn()
                    .addKeyValue("path", path)
                    .addKeyValue("reason", cause.toString())
                    .log("Passed over a directory of fonts, which can't be read or leads back to itself");
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
            return isHidden(path) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
            if (attributes.isRegularFile() && !isHidden(path) && isFont(path)) {
                found.add(path);
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path path, IOException cause) {
            return isHidden(path) ? FileVisitResult.CONTINUE : passOver(path, cause);
        }

        @Override
        public FileVisitResult postVisitDirectory(Path path, @Nullable IOException cause) {
            return cause == null ? FileVisitResult.CONTINUE : passOver(path, cause);
        }
    }
}
