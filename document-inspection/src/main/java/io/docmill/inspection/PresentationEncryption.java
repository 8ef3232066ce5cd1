package io.docmill.inspection;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.poi.poifs.crypt.EncryptionMode;
import org.apache.poi.poifs.filesystem.DocumentEntry;
import org.apache.poi.poifs.filesystem.DocumentInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds how a PowerPoint 97 deck is encrypted, by following single numbers as [MS-PPT] 2.3 says: the current user names the
 * last edit, that one the directory of persistent objects, and that one where the description lies.
 */
final class PresentationEncryption {
    // 2.3.2 CurrentUserAtom: a record header of 8 bytes, then size, headerToken and offsetToCurrentEdit.
    private static final int CURRENT_USER_HEAD = 20;
    private static final int HEADER_TOKEN = 12;
    private static final int HEADER_TOKEN_ENCRYPTED = 0xF3D1C4DF;
    private static final int CURRENT_EDIT = 16;

    // 2.3.3 UserEditAtom: offsetPersistDirectory, and encryptSessionPersistIdRef where the deck is encrypted.
    private static final int USER_EDIT = 0x0FF5;
    private static final int USER_EDIT_SIZE = 40;
    private static final int PERSIST_DIRECTORY_OFFSET = 20;
    private static final int ENCRYPT_SESSION = 36;

    // 2.3.4 PersistDirectoryAtom: entries of an id in 20 bits and a count in 12, then that many offsets.
    private static final int PERSIST_DIRECTORY = 0x1772;
    private static final int LONGEST_DIRECTORY = 1 << 20;
    private static final int ID_BITS = 20;

    // 2.3.7 CryptSession10Container, whose content is a description as in [MS-OFFCRYPTO] 2.3.5.1.
    private static final int CRYPT_SESSION = 0x2F14;

    private static final int HEADER = 8;
    private static final int RECORD_TYPE = 2;
    private static final int RECORD_LENGTH = 4;

    private final DocumentEntry document;

    private PresentationEncryption(DocumentEntry document) {
        this.document = document;
    }

    /**
     * For a deck.
     *
     * @param currentUser the stream "Current User", if there is one
     * @param encryptedSummary whether there is a stream of that name
     */
    static Encryption of(DocumentEntry document, @Nullable DocumentEntry currentUser, boolean encryptedSummary)
            throws IOException {
        ByteBuffer user = EncryptionReader.littleEndian(
                currentUser == null ? new byte[0] : EncryptionReader.head(currentUser, CURRENT_USER_HEAD));
        boolean marked = user.limit() >= CURRENT_USER_HEAD && user.getInt(HEADER_TOKEN) == HEADER_TOKEN_ENCRYPTED;
        if (!marked) {
            return encryptedSummary ? new Encryption.Unknown() : new Encryption.None();
        }
        try {
            return new PresentationEncryption(document).read(user.getInt(CURRENT_EDIT));
        } catch (EOFException e) {
            return new Encryption.Unknown();
        }
    }

    private Encryption read(int editOffset) throws IOException {
        ByteBuffer edit = record(editOffset, USER_EDIT, USER_EDIT_SIZE - HEADER);
        if (edit.limit() < USER_EDIT_SIZE) {
            return new Encryption.Unknown();
        }
        ByteBuffer directory = record(edit.getInt(PERSIST_DIRECTORY_OFFSET), PERSIST_DIRECTORY, LONGEST_DIRECTORY);
        directory.position(Math.min(HEADER, directory.limit()));
        int session = offsetOf(directory, edit.getInt(ENCRYPT_SESSION));
        ByteBuffer record = record(session, CRYPT_SESSION, EncryptionReader.LONGEST_INFO);
        byte[] info = new byte[Math.max(record.limit() - HEADER, 0)];
        record.get(Math.min(HEADER, record.limit()), info);
        return EncryptionReader.read(info, EncryptionMode.cryptoAPI, false);
    }

    /** Where a persistent object lies; nowhere (-1) if the directory does not have it. */
    private static int offsetOf(ByteBuffer directory, int object) {
        while (directory.remaining() >= Integer.BYTES) {
            int entry = directory.getInt();
            int first = entry & ((1 << ID_BITS) - 1);
            int count = entry >>> ID_BITS;
            if (object >= first && object - first < count) {
                int at = directory.position() + Integer.BYTES * (object - first);
                return at + Integer.BYTES <= directory.limit() ? directory.getInt(at) : -1;
            }
            directory.position(Math.min(directory.position() + Integer.BYTES * count, directory.limit()));
        }
        return -1;
    }

    /** A record with its header; empty if another one, or a longer one, lies there. */
    private ByteBuffer record(int offset, int type, int longest) throws IOException {
        if (offset < 0) {
            throw new EOFException();
        }
        try (InputStream in = new DocumentInputStream(document)) {
            in.skipNBytes(offset);
            byte[] header = in.readNBytes(HEADER);
            if (header.length < HEADER) {
                throw new EOFException();
            }
            ByteBuffer numbers = EncryptionReader.littleEndian(header);
            int length = numbers.getInt(RECORD_LENGTH);
            if (Short.toUnsignedInt(numbers.getShort(RECORD_TYPE)) != type || length < 0 || length > longest) {
                throw new EOFException();
            }
            byte[] content = in.readNBytes(length);
            byte[] record = Arrays.copyOf(header, HEADER + content.length);
            System.arraycopy(content, 0, record, HEADER, content.length);
            return EncryptionReader.littleEndian(record);
        }
    }
}
