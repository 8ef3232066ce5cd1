package io.docmill.testing.documents;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Images of few bytes and many pixels. */
final class LargeImages {
    private LargeImages() {}

    /**
     * A PNG of one grey, 8 bits a pixel.
     *
     * @param rows of it that are really there
     */
    static byte[] png(int width, int height, int rows) {
        var png = new ByteArrayOutputStream();
        png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        chunk(
                png,
                "IHDR",
                ByteBuffer.allocate(13)
                        .putInt(width)
                        .putInt(height)
                        .put((byte) 8)
                        .array());
        chunk(png, "IDAT", deflated(new byte[width + 1], rows));
        chunk(png, "IEND", new byte[0]);
        return png.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream png, String type, byte[] content) {
        byte[] typed = ByteBuffer.allocate(4 + content.length)
                .put(type.getBytes(US_ASCII))
                .put(content)
                .array();
        var crc = new CRC32();
        crc.update(typed);
        png.writeBytes(ByteBuffer.allocate(4).putInt(content.length).array());
        png.writeBytes(typed);
        png.writeBytes(ByteBuffer.allocate(4).putInt((int) crc.getValue()).array());
    }

    private static byte[] deflated(byte[] row, int rows) {
        var bytes = new ByteArrayOutputStream();
        byte[] buffer = new byte[1 << 16];
        try (var deflater = new Deflater()) {
            for (int i = 0; i <= rows; i++) {
                if (i < rows) {
                    deflater.setInput(row);
                } else {
                    deflater.finish();
                }
                for (int n = deflater.deflate(buffer); n > 0; n = deflater.deflate(buffer)) {
                    bytes.write(buffer, 0, n);
                }
            }
        }
        return bytes.toByteArray();
    }

    /** A GIF that says it has 65,535 times 65,535 pixels, and has none. */
    static byte[] gif() {
        return ByteBuffer.allocate(24)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put("GIF89a".getBytes(US_ASCII))
                .putShort((short) -1)
                .putShort((short) -1)
                .put(new byte[] {0, 0, 0, ','})
                .putShort((short) 0)
                .putShort((short) 0)
                .putShort((short) -1)
                .putShort((short) -1)
                .array();
    }
}
