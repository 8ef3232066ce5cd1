package io.docmill.worker.libreoffice;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;

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

    /** As many as tell any two collections apart. */
    private static final int DIGITS = 12;

    LocalFonts {
        files = List.copyOf(files);
    }

    /**
     * Looks below a directory, which need not exist. Reads all of each font.
     *
     * @throws IOException if one can't be read; LibreOffice could not either
     */
    static LocalFonts in(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return new LocalFonts(List.of(), "");
        }
        List<Path> fonts;
        try (var paths = Files.walk(directory, FileVisitOption.FOLLOW_LINKS)) {
            fonts = paths.filter(path -> isFont(path) && Files.isRegularFile(path))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return new LocalFonts(
                fonts.stream()
                        .map(font -> directory.relativize(font).toString())
                        .toList(),
                fonts.isEmpty() ? "" : digest(directory, fonts));
    }

    private static boolean isFont(Path path) {
        String name = path.getFileName().toString();
        return ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
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
}
