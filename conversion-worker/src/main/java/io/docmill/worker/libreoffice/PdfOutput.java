package io.docmill.worker.libreoffice;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What can be told of a PDF that LibreOffice wrote, without a PDF library: in a millisecond, from its last part. */
final class PdfOutput {

    /** The page tree stands behind the pages' content; with all its references it takes some 10 bytes a page. */
    private static final int TAIL_BYTES = 4 << 20;

    private static final int TRAILER_BYTES = 1_024;

    /** LibreOffice writes one flat page tree: its count is that of all pages. */
    private static final Pattern PAGE_TREE = Pattern.compile("/Type\\s*/Pages\\b[^>]*?/Count\\s+(\\d{1,7})\\b");

    private PdfOutput() {}

    /** Whether the file was written to its end: a PDF ends in startxref, an offset and %%EOF (ISO 32000-1, 7.5.5). */
    static boolean isComplete(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        try {
            String end = tail(file, TRAILER_BYTES);
            return end.contains("startxref") && end.stripTrailing().endsWith("%%EOF");
        } catch (IOException e) {
            return false;
        }
    }

    /** How many pages it has; empty if that is not found where LibreOffice puts it. */
    static OptionalInt pages(Path file) throws IOException {
        Matcher matcher = PAGE_TREE.matcher(tail(file, TAIL_BYTES));
        int most = 0;
        while (matcher.find()) {
            most = Math.max(most, Integer.parseInt(matcher.group(1)));
        }
        return most == 0 ? OptionalInt.empty() : OptionalInt.of(most);
    }

    private static String tail(Path file, int bytes) throws IOException {
        try (var channel = Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
            long start = Math.max(0, channel.size() - bytes);
            var buffer = ByteBuffer.allocate((int) (channel.size() - start));
            channel.position(start);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // Reads until the buffer is full or the file ends.
            }
            return new String(buffer.array(), 0, buffer.position(), StandardCharsets.ISO_8859_1);
        }
    }
}
