package io.docmill.gateway.download;

import io.docmill.model.record.FileRecord;
import java.nio.charset.StandardCharsets;

/**
 * Names of files as they go to and come from callers: base names without anything that a file system, a terminal or a
 * reader could be misled by.
 */
public final class FileNames {
    /** Leaves room for a suffix in the 255 bytes that file systems grant. */
    private static final int MAXIMUM_DOWNLOAD_BYTES = 120;

    private static final String NAMELESS = "document";
    private static final String RESERVED = "<>:\"/\\|?*";

    private FileNames() {}

    /** The name that an uploaded file is kept under: the caller's, without folders and control characters, at most 255 bytes. */
    public static String uploaded(String name) {
        String base = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        String clean = truncated(without(base, false).strip(), 255);
        return clean.isEmpty() || clean.chars().allMatch(c -> c == '.') ? NAMELESS : clean;
    }

    /** A name that is no file's, as it is kept: without control characters, at most 255 bytes. */
    public static String title(String name) {
        String clean = truncated(without(name, false).strip(), 255);
        return clean.isEmpty() ? NAMELESS : clean;
    }

    /** The name of a file that is called by a title, with its extension once, at most 255 bytes. */
    public static String titled(String title, String extension) {
        String suffix = '.' + extension;
        String base = title.regionMatches(true, title.length() - suffix.length(), suffix, 0, suffix.length())
                ? title.substring(0, title.length() - suffix.length())
                : title;
        String clean = truncated(without(base, true).strip(), 255 - suffix.length());
        return (clean.isEmpty() ? NAMELESS : clean) + suffix;
    }

    /** The name that the conversion of a source downloads under: the source's with the new extension. */
    public static String converted(FileRecord source, String extension) {
        String base = stem(source.name());
        String clean = truncated(without(base, true).strip(), MAXIMUM_DOWNLOAD_BYTES - extension.length() - 1);
        return (clean.isEmpty() ? NAMELESS : clean) + '.' + extension;
    }

    /** The name that a source itself downloads under: the one it came with, with the extension of what it is. */
    public static String original(FileRecord source) {
        return converted(source, source.format().extension());
    }

    /** The value of a Content-Disposition header by which a browser saves under this name (RFC 6266). */
    public static String contentDisposition(String name) {
        StringBuilder ascii = new StringBuilder();
        name.codePoints()
                .forEach(
                        c -> ascii.append(c >= 0x20 && c < 0x7f && c != '"' && c != '\\' && c != '%' ? (char) c : '_'));
        StringBuilder encoded = new StringBuilder();
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            // attr-char of RFC 5987
            boolean plain = (octet >= '0' && octet <= '9')
                    || (octet >= 'A' && octet <= 'Z')
                    || (octet >= 'a' && octet <= 'z')
                    || "!#$&+-.^_`|~".indexOf(octet) >= 0;
            encoded.append(plain ? String.valueOf((char) octet) : "%%%02X".formatted(octet & 0xff));
        }
        return "attachment; filename=\"%s\"; filename*=UTF-8''%s".formatted(ascii, encoded);
    }

    private static String stem(String name) {
        int dot = name.lastIndexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }

    private static String without(String name, boolean reservedToo) {
        StringBuilder clean = new StringBuilder();
        name.codePoints()
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
                .filter(c -> !isBidirectionalControl(c))
                .forEach(c -> clean.appendCodePoint(reservedToo && RESERVED.indexOf(c) >= 0 ? '_' : c));
        return clean.toString();
    }

    /** By these a name can be made to show its extension elsewhere than at its end (Unicode, UAX 9). */
    private static boolean isBidirectionalControl(int c) {
        return c == 0x61c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    }

    private static String truncated(String name, int maximumBytes) {
        int bytes = 0;
        int end = 0;
        while (end < name.length()) {
            int c = name.codePointAt(end);
            bytes += Character.toString(c).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > maximumBytes) {
                break;
            }
            end += Character.charCount(c);
        }
        return name.substring(0, end);
    }
}
