package io.docmill.inspection;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** The places where the binary formats of Office say that they are encrypted. */
final class EncryptionMarkers {
    // [MS-DOC] 2.5.2 FibBase: the flag word at 10 has fEncrypted as bit 8; Word 2 and 6 have it in the same place.
    private static final int FIB_FLAGS = 10;
    private static final int FIB_ENCRYPTED = 0x0100;

    // [MS-XLS] 2.4: a record is its type, its length and that many bytes.
    private static final int RECORD_FILE_PASS = 0x2F;
    private static final int RECORD_BOUND_SHEET = 0x85;
    private static final int RECORD_END = 0x0A;
    private static final int RECORDS_BEFORE_FILE_PASS = 1_000;

    // [MS-PPT] 2.3.2 CurrentUserAtom: headerToken after the record header of 8 bytes and a size of 4.
    private static final int HEADER_TOKEN = 12;
    private static final int HEADER_TOKEN_ENCRYPTED = 0xF3D1C4DF;

    private EncryptionMarkers() {}

    /** @param head the first bytes of the WordDocument stream, or of a Word 2 file */
    static boolean inWordDocument(byte[] head) {
        return head.length >= FIB_FLAGS + 2 && (littleEndian(head).getShort(FIB_FLAGS) & FIB_ENCRYPTED) != 0;
    }

    /** For a workbook that is a bare stream of records (Excel 2 to 4). */
    static boolean inWorkbook(Path file) throws IOException {
        try (var in = new BufferedInputStream(Files.newInputStream(file))) {
            return inWorkbook(in);
        }
    }

    /** @param workbook the Workbook or Book stream from its start. FilePass comes before the first sheet is named */
    static boolean inWorkbook(InputStream workbook) throws IOException {
        for (int i = 0; i < RECORDS_BEFORE_FILE_PASS; i++) {
            byte[] header = workbook.readNBytes(4);
            if (header.length < 4) {
                return false;
            }
            int type = littleEndian(header).getShort(0) & 0xFFFF;
            int length = littleEndian(header).getShort(2) & 0xFFFF;
            if (type == RECORD_FILE_PASS) {
                return true;
            }
            if (type == RECORD_BOUND_SHEET || type == RECORD_END) {
                return false;
            }
            try {
                workbook.skipNBytes(length);
            } catch (EOFException e) {
                return false;
            }
        }
        return false;
    }

    /** @param currentUser the first bytes of the "Current User" stream */
    static boolean inPresentation(byte[] currentUser) {
        return currentUser.length >= HEADER_TOKEN + 4
                && littleEndian(currentUser).getInt(HEADER_TOKEN) == HEADER_TOKEN_ENCRYPTED;
    }

    private static ByteBuffer littleEndian(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
