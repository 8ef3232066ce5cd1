package io.docmill.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.UUID;

/**
 * Where a result is written. A file appears whole or not at all: it is written under a temporary name beside its place,
 * then renamed.
 */
record ResultFile(Path path) {
    /**
     * The place for the result of a conversion: {@code out} if it is a file, in {@code out} if it is a directory.
     *
     * @param source the converted file, whose name is used in a directory
     * @param extension without a dot
     * @throws CommandFailedException if that would replace the source
     */
    static ResultFile of(Path source, Path out, String extension) throws CommandFailedException {
        Path path = Files.isDirectory(out) ? out.resolve(renamed(source, extension)) : out;
        try {
            if (Files.exists(path)) {
                // Through symbolic links, so that the file is replaced and not the link.
                path = path.toRealPath();
                if (Files.isSameFile(path, source)) {
                    throw new CommandFailedException(
                            ExitCode.USAGE, "%s is what is converted: name another place with -o".formatted(path));
                }
            }
            return new ResultFile(path);
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    private static String renamed(Path source, String extension) {
        String name = source.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return (dot > 0 ? name.substring(0, dot) : name) + "." + extension.toLowerCase(Locale.ROOT);
    }

    /** Writes all of the content; the caller closes it. On failure the place is as it was before. */
    void write(InputStream content, long size) throws CommandFailedException {
        try {
            if (Files.exists(path) && !Files.isRegularFile(path)) {
                // A device or a pipe: there is nothing to rename.
                try (OutputStream device = Files.newOutputStream(path, StandardOpenOption.WRITE)) {
                    copy(content, device, size);
                }
            } else {
                replace(content, size);
            }
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    private void replace(InputStream content, long size) throws IOException, CommandFailedException {
        Path directory = path.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new NoSuchFileException(String.valueOf(directory), null, "there is no such directory");
        }
        Path unfinished = directory.resolve(".docmill-" + UUID.randomUUID() + ".part");
        // For a Ctrl-C on the way.
        unfinished.toFile().deleteOnExit();
        try {
            try (OutputStream file = Files.newOutputStream(unfinished, StandardOpenOption.CREATE_NEW)) {
                copy(content, file, size);
            }
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(unfinished);
        }
    }

    /**
     * Copies a result, and makes sure that it is whole.
     *
     * @param size in bytes, as the conversion tells it; -1 if it does not
     */
    static void copy(InputStream content, OutputStream out, long size) throws IOException, CommandFailedException {
        byte[] buffer = new byte[64 * 1024];
        long copied = 0;
        for (int count = read(content, buffer); count >= 0; count = read(content, buffer)) {
            out.write(buffer, 0, count);
            copied += count;
        }
        out.flush();
        if (size >= 0 && copied != size) {
            throw new CommandFailedException(
                    ExitCode.FAILED, "the download ended after %d of %d bytes".formatted(copied, size));
        }
    }

    /** Keeps a broken download apart from a full disk: the person must look at different places. */
    private static int read(InputStream content, byte[] buffer) throws CommandFailedException {
        try {
            return content.read(buffer);
        } catch (IOException e) {
            throw new CommandFailedException(ExitCode.UNREACHABLE, "the download broke off: " + e.getMessage(), e);
        }
    }

    private static CommandFailedException unwritable(Path path, IOException cause) {
        return new CommandFailedException(
                ExitCode.FAILED,
                Files.exists(path, LinkOption.NOFOLLOW_LINKS)
                        ? "cannot replace %s: %s".formatted(path, cause.getMessage())
                        : "cannot write %s: %s".formatted(path, cause.getMessage()),
                cause);
    }
}
