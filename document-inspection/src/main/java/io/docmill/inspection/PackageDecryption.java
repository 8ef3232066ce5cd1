package io.docmill.inspection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.GeneralSecurityException;
import org.apache.poi.poifs.crypt.Decryptor;
import org.apache.poi.poifs.crypt.EncryptionInfo;
import org.apache.poi.poifs.filesystem.DocumentEntry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes what an encrypted docx, xlsx or pptx holds, 4 KiB at a time ([MS-OFFCRYPTO] 2.3.4.4). */
final class PackageDecryption {
    private static final Logger log = LoggerFactory.getLogger(PackageDecryption.class);
    private static final int BUFFER = 8192;

    private PackageDecryption() {}

    /**
     * Decrypts to a new file, which is never larger than the encrypted one.
     *
     * @param info of which a password was found right just now
     * @return false if the package is damaged; then there may be a part of the file
     * @throws UncheckedIOException if the file can't be written
     */
    static boolean decrypt(Ole2Container container, EncryptionInfo info, Path target) {
        DocumentEntry encrypted = container.stream("EncryptedPackage");
        if (encrypted == null) {
            return false;
        }
        Decryptor decryptor = info.getDecryptor();
        try (OutputStream out = Files.newOutputStream(
                        target,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE);
                InputStream in = open(container, decryptor)) {
            return copy(in, out, encrypted.getSize()) == decryptor.getLength();
        } catch (DamagedPackageException e) {
            log.debug("An encrypted package can't be decrypted", e);
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException("can't write " + target, e);
        }
    }

    private static InputStream open(Ole2Container container, Decryptor decryptor) throws DamagedPackageException {
        try {
            return decryptor.getDataStream(container.root());
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new DamagedPackageException(e);
        }
    }

    private static long copy(InputStream in, OutputStream out, long limit) throws IOException, DamagedPackageException {
        byte[] buffer = new byte[BUFFER];
        long copied = 0;
        for (int read = read(in, buffer); read > 0; read = read(in, buffer)) {
            copied += read;
            if (copied > limit) {
                throw new DamagedPackageException(null);
            }
            out.write(buffer, 0, read);
        }
        return copied;
    }

    private static int read(InputStream in, byte[] buffer) throws DamagedPackageException {
        try {
            return in.read(buffer);
        } catch (IOException | RuntimeException e) {
            throw new DamagedPackageException(e);
        }
    }

    /** Tells a fault of the package from one of the file that is written. */
    private static final class DamagedPackageException extends Exception {
        private static final long serialVersionUID = 1;

        DamagedPackageException(@Nullable Throwable cause) {
            super("the encrypted package is damaged", cause);
        }
    }
}
