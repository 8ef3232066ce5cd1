package io.docmill.testing.documents;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Changes what a zip's directory says, byte by byte (APPNOTE 6.3.10, 4.3.12 and 4.3.16), as no library does. */
final class ZipDirectory {
    private static final int END_SIZE = 22;
    private static final int ENTRIES = 8;
    private static final int SIZE = 12;
    private static final int START = 16;
    private static final String ENTRY = "PK\1\2";

    private ZipDirectory() {}

    /**
     * A zip whose directory names its last entry many times, each under another name and all over the same bytes.
     *
     * @param number the digits in that entry's name after a letter, to be counted up: {@code z0000}
     */
    static byte[] repeatLast(byte[] zip, String number, int times) {
        ByteBuffer end =
                ByteBuffer.wrap(zip, zip.length - END_SIZE, END_SIZE).slice().order(ByteOrder.LITTLE_ENDIAN);
        int start = end.getInt(START);
        String directory = new String(zip, start, end.getInt(SIZE), ISO_8859_1);
        String last = directory.substring(directory.lastIndexOf(ENTRY));
        var repeated = new StringBuilder(directory);
        for (int i = 1; i <= times; i++) {
            repeated.append(last.replace(number, number.charAt(0) + "%04d".formatted(i)));
        }
        var bytes = new ByteArrayOutputStream();
        bytes.write(zip, 0, start);
        bytes.writeBytes(repeated.toString().getBytes(ISO_8859_1));
        short entries = (short) (end.getShort(ENTRIES + 2) + times);
        end.putShort(ENTRIES, entries).putShort(ENTRIES + 2, entries).putInt(SIZE, repeated.length());
        byte[] tail = new byte[END_SIZE];
        end.get(0, tail);
        bytes.writeBytes(tail);
        return bytes.toByteArray();
    }

    /** A zip in which a name is replaced by one of the same length wherever it stands. */
    static byte[] renamed(byte[] zip, String from, String to) {
        if (from.length() != to.length()) {
            throw new IllegalArgumentException("the names " + from + " and " + to + " differ in length");
        }
        return new String(zip, ISO_8859_1).replace(from, to).getBytes(ISO_8859_1);
    }
}
