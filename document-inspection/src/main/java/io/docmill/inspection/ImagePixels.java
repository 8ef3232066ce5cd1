package io.docmill.inspection;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;
import org.apache.poi.poifs.filesystem.FileMagic;

/**
 * Reads how many pixels an image says it has, from its header. The JDK's own readers are not asked: the one for JPEG hands
 * bytes to native code, and the one for TIFF reads the file whole.
 */
final class ImagePixels {
    private static final int BMP_CORE_HEADER = 12;
    private static final int JPEG_START = 0xFFD8FF;
    private static final int TIFF_WIDTH = 0x100;
    private static final int TIFF_HEIGHT = 0x101;
    private static final int TIFF_SHORT = 3;

    private ImagePixels() {}

    /**
     * Empty for what is no image, of an unknown type, or broken within its header.
     *
     * @param head the first bytes of the part
     * @param part the part from its first byte; read as far as the header goes
     */
    static OptionalLong of(byte[] head, InputStream part) throws IOException {
        FileMagic magic = FileMagic.valueOf(head);
        try {
            if (isJpeg(head)) {
                return jpeg(new DataInputStream(part));
            }
            return switch (magic) {
                case PNG ->
                    OptionalLong.of(product(big(head).getInt(16), big(head).getInt(20)));
                case GIF ->
                    OptionalLong.of(
                            (little(head).getShort(6) & 0xFFFFL) * (little(head).getShort(8) & 0xFFFFL));
                case BMP -> bmp(little(head));
                case TIFF -> tiff(head, part);
                default -> OptionalLong.empty();
            };
        } catch (EOFException | IndexOutOfBoundsException e) {
            return OptionalLong.empty();
        }
    }

    /** Wider than POI's magic, which wants one of four segments to come first. */
    private static boolean isJpeg(byte[] head) {
        return (big(head).getInt(0) >>> 8) == JPEG_START;
    }

    private static OptionalLong bmp(ByteBuffer head) {
        if (head.getInt(14) == BMP_CORE_HEADER) {
            return OptionalLong.of((head.getShort(18) & 0xFFFFL) * (head.getShort(20) & 0xFFFFL));
        }
        // A negative height only means that the first line is the top one.
        return OptionalLong.of(product(head.getInt(18), Math.abs(head.getInt(22))));
    }

    /** ITU-T T.81, B.1: segments of a marker and a length, until a frame header with the lines and samples. */
    private static OptionalLong jpeg(DataInputStream in) throws IOException {
        in.skipNBytes(2);
        while (true) {
            int marker = in.readUnsignedByte();
            if (marker != 0xFF) {
                return OptionalLong.empty();
            }
            while (marker == 0xFF) {
                marker = in.readUnsignedByte();
            }
            boolean alone = marker == 0x01 || (marker >= 0xD0 && marker <= 0xD8);
            if (alone) {
                continue;
            }
            int length = in.readUnsignedShort();
            if (isFrameHeader(marker)) {
                in.skipNBytes(1);
                long lines = in.readUnsignedShort();
                return OptionalLong.of(lines * in.readUnsignedShort());
            }
            in.skipNBytes(Math.max(length - 2, 0));
        }
    }

    /** SOF0 to SOF15, without the markers for Huffman tables, extensions and arithmetic conditioning among them. */
    private static boolean isFrameHeader(int marker) {
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }

    /** TIFF 6.0, section 2: the first directory lies where the header says, with width and length among its fields. */
    private static OptionalLong tiff(byte[] head, InputStream part) throws IOException {
        ByteOrder order = head[0] == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        part.skipNBytes(ByteBuffer.wrap(head).order(order).getInt(4) & 0xFFFFFFFFL);
        int fields = field(part, 2, order).getShort(0) & 0xFFFF;
        long width = 0;
        for (int i = 0; i < fields; i++) {
            ByteBuffer field = field(part, 12, order);
            int tag = field.getShort(0) & 0xFFFF;
            long value = field.getShort(2) == TIFF_SHORT ? field.getShort(8) & 0xFFFFL : field.getInt(8) & 0xFFFFFFFFL;
            if (tag == TIFF_WIDTH) {
                width = value;
            }
            if (tag == TIFF_HEIGHT) {
                return OptionalLong.of(Math.min(width, Integer.MAX_VALUE) * Math.min(value, Integer.MAX_VALUE));
            }
        }
        return OptionalLong.empty();
    }

    private static ByteBuffer field(InputStream part, int length, ByteOrder order) throws IOException {
        byte[] bytes = part.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return ByteBuffer.wrap(bytes).order(order);
    }

    private static long product(int width, int height) {
        return (width & 0xFFFFFFFFL) * Math.min(height & 0xFFFFFFFFL, Integer.MAX_VALUE);
    }

    private static ByteBuffer big(byte[] bytes) {
        return ByteBuffer.wrap(bytes);
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
