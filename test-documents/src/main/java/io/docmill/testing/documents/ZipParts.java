package io.docmill.testing.documents;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipInputStream;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;

/** The parts of a zip in order, to be changed and written again; names may repeat. Writes the same bytes each time. */
final class ZipParts {
    // Zip knows no time before 1980.
    private static final FileTime MODIFIED = FileTime.from(Instant.parse("2000-01-01T00:00:00Z"));

    /** How a part is put into the zip. */
    private enum Form {
        DEFLATED,
        STORED,
        SYMBOLIC_LINK
    }

    private record Part(TestDocument document, Form form) {
        String name() {
            return document.name();
        }
    }

    private final List<Part> parts = new ArrayList<>();

    static ZipParts empty() {
        return new ZipParts();
    }

    static ZipParts of(byte[] zip) {
        ZipParts result = new ZipParts();
        try (var in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                result.add(entry.getName(), in.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return result;
    }

    String text(String name) {
        return parts.stream()
                .filter(part -> part.name().equals(name))
                .map(part -> new String(part.document().bytes(), UTF_8))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no part " + name));
    }

    boolean has(String name) {
        return parts.stream().anyMatch(part -> part.name().equals(name));
    }

    ZipParts add(String name, byte[] content) {
        parts.add(new Part(TestDocument.of(name, content), Form.DEFLATED));
        return this;
    }

    ZipParts add(String name, String content) {
        return add(name, content.getBytes(UTF_8));
    }

    /** Adds a part that is not deflated, as OpenDocument wants its {@code mimetype}. */
    ZipParts addStored(String name, String content) {
        parts.add(new Part(TestDocument.of(name, content.getBytes(UTF_8)), Form.STORED));
        return this;
    }

    /** Adds a part that says by its attributes of Unix that it is a symbolic link. */
    ZipParts addSymbolicLink(String name, String target) {
        parts.add(new Part(TestDocument.of(name, target.getBytes(UTF_8)), Form.SYMBOLIC_LINK));
        return this;
    }

    ZipParts replace(String name, byte[] content) {
        parts.replaceAll(
                part -> part.name().equals(name) ? new Part(TestDocument.of(name, content), part.form()) : part);
        return this;
    }

    /** Replaces the first occurrence of a text in a part; it must be there. */
    ZipParts edit(String name, String from, String to) {
        String before = text(name);
        int at = before.indexOf(from);
        if (at < 0) {
            throw new IllegalArgumentException("no " + from + " in " + name);
        }
        String after = before.substring(0, at) + to + before.substring(at + from.length());
        return replace(name, after.getBytes(UTF_8));
    }

    byte[] toBytes() {
        var bytes = new ByteArrayOutputStream();
        try (var out = new ZipArchiveOutputStream(bytes)) {
            for (Part part : parts) {
                byte[] content = part.document().bytes();
                var entry = new ZipArchiveEntry(part.name());
                entry.setLastModifiedTime(MODIFIED);
                if (part.form() == Form.SYMBOLIC_LINK) {
                    entry.setUnixMode(UnixStat.LINK_FLAG | UnixStat.DEFAULT_LINK_PERM);
                }
                if (part.form() == Form.STORED) {
                    entry.setMethod(ZipArchiveOutputStream.STORED);
                    entry.setSize(content.length);
                    var crc = new CRC32();
                    crc.update(content);
                    entry.setCrc(crc.getValue());
                }
                out.putArchiveEntry(entry);
                out.write(content);
                out.closeArchiveEntry();
            }
            out.finish();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
