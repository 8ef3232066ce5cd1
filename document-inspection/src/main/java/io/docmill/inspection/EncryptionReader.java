package io.docmill.inspection;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.filesystem.DocumentEntry;
import org.apache.poi.poifs.filesystem.DocumentInputStream;
import org.apache.poi.util.LittleEndianByteArrayInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds in each format of Office how a document is encrypted. Reads only what describes that, a few kilobytes, wherever it
 * lies: POI's own readers of whole documents take all of it into memory first.
 */
final class EncryptionReader {
    private static final Logger log = LoggerFactory.getLogger(EncryptionReader.class);

    /** What office programs write there has at most some 2 KB, and POI makes a tree of it. */
    static final int LONGEST_INFO = 64 << 10;

    // [MS-DOC] 2.5.2 FibBase: nFib at 2; the flags at 10; lKey at 14.
    private static final int FIB_HEAD = 32;
    private static final int FIB_VERSION = 2;
    private static final int FIB_VERSION_WORD_97 = 0xC1;
    private static final int FIB_FLAGS = 10;
    private static final int FIB_ENCRYPTED = 0x0100;
    private static final int FIB_SECOND_TABLE = 0x0200;
    private static final int FIB_OBFUSCATED = 0x8000;
    private static final int FIB_KEY = 14;

    // [MS-XLS] 2.4: a record is its type, its length and that many bytes. 2.4.117 FilePass: wEncryptionType.
    private static final int RECORD_FILE_PASS = 0x2F;
    private static final int RECORD_BOUND_SHEET = 0x85;
    private static final int RECORD_END = 0x0A;
    private static final int RECORDS_BEFORE_FILE_PASS = 1_000;
    private static final int XOR_FILE_PASS_LENGTH = 4;

    private EncryptionReader() {}

    /** @param info the stream EncryptionInfo of an encrypted docx, xlsx or pptx */
    static Encryption inPackage(DocumentEntry info) throws IOException {
        return read(head(info, LONGEST_INFO), null, true);
    }

    /**
     * For a Word document.
     *
     * @param document the stream WordDocument
     * @param firstTable the stream 0Table, if there is one
     * @param secondTable the stream 1Table, if there is one
     */
    static Encryption inWordDocument(
            DocumentEntry document, @Nullable DocumentEntry firstTable, @Nullable DocumentEntry secondTable)
            throws IOException {
        byte[] fib = head(document, FIB_HEAD);
        if (!isWordEncrypted(fib)) {
            return new Encryption.None();
        }
        ByteBuffer numbers = littleEndian(fib);
        if (fib.length < FIB_HEAD || unsignedShort(numbers, FIB_VERSION) < FIB_VERSION_WORD_97) {
            return new Encryption.Unknown();
        }
        int flags = numbers.getShort(FIB_FLAGS);
        int key = numbers.getInt(FIB_KEY);
        if ((flags & FIB_OBFUSCATED) != 0) {
            return new Encryption.Obfuscated(key);
        }
        DocumentEntry table = (flags & FIB_SECOND_TABLE) != 0 ? secondTable : firstTable;
        // LibreOffice tries no default password on Word documents, and neither does Word.
        return table == null
                ? new Encryption.Unknown()
                : read(head(table, Math.clamp(key, 0, LONGEST_INFO)), null, false);
    }

    /** @param head the first bytes of the WordDocument stream, or of a Word 2 file, which has the flag in the same place */
    static boolean isWordEncrypted(byte[] head) {
        return head.length >= FIB_FLAGS + 2 && (littleEndian(head).getShort(FIB_FLAGS) & FIB_ENCRYPTED) != 0;
    }

    /** For a workbook that is a bare stream of records (Excel 2 to 4). */
    static Encryption inWorkbook(Path file) throws IOException {
        try (var in = new BufferedInputStream(Files.newInputStream(file))) {
            return inWorkbook(in);
        }
    }

    /** @param workbook the Workbook or Book stream from its start. FilePass comes before the first sheet is named */
    static Encryption inWorkbook(InputStream workbook) throws IOException {
        return filePass(workbook).map(EncryptionReader::ofFilePass).orElseGet(Encryption.None::new);
    }

    private static Optional<byte[]> filePass(InputStream workbook) throws IOException {
        for (int i = 0; i < RECORDS_BEFORE_FILE_PASS; i++) {
            byte[] header = workbook.readNBytes(4);
            if (header.length < 4) {
                return Optional.empty();
            }
            int type = unsignedShort(littleEndian(header), 0);
            int length = unsignedShort(littleEndian(header), 2);
            if (type == RECORD_BOUND_SHEET || type == RECORD_END) {
                return Optional.empty();
            }
            byte[] content = workbook.readNBytes(length);
            if (type == RECORD_FILE_PASS) {
                return Optional.of(content);
            }
        }
        return Optional.empty();
    }

    /** Up to Excel 95 the record has no type: it is a key and a hash of two bytes each, for the obfuscation by XOR. */
    private static Encryption ofFilePass(byte[] content) {
        if (content.length == XOR_FILE_PASS_LENGTH) {
            return read(content, EncryptionMode.xor, true);
        }
        if (content.length < 2) {
            return new Encryption.Unknown();
        }
        byte[] info = Arrays.copyOfRange(content, 2, content.length);
        int type = unsignedShort(littleEndian(content), 0);
        return read(info, type == 0 ? EncryptionMode.xor : EncryptionMode.cryptoAPI, true);
    }

    /** Reads a description of one of the forms of [MS-OFFCRYPTO]; unknown where POI gives up. */
    static Encryption read(byte[] info, @Nullable EncryptionMode mode, boolean hasDefault) {
        try {
            return new Encryption.Known(
                    new EncryptionInfo(new LittleEndianByteArrayInputStream(info), mode), hasDefault);
        } catch (IOException | RuntimeException e) {
            log.debug("POI does not know how a document is encrypted", e);
            return new Encryption.Unknown();
        }
    }

    static byte[] head(DocumentEntry document, int length) throws IOException {
        try (InputStream in = new DocumentInputStream(document)) {
            return in.readNBytes(length);
        }
    }

    static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static int unsignedShort(ByteBuffer numbers, int at) {
        return Short.toUnsignedInt(numbers.getShort(at));
    }
}
