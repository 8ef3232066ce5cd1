package io.docmill.inspection;

import io.docmill.inspection.Encryption.Verdict;
import io.docmill.model.document.DocumentFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.poi.poifs.filesystem.FileMagic;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells whether a password opens a document, and decrypts docx, xlsx and pptx, so that LibreOffice sees neither the password
 * nor parts that were not inspected. The binary formats are left to LibreOffice once their password is known to be right: what
 * POI would write of them is not what it read. Immutable, safe for use by several threads. A call blocks and is bounded as
 * {@link DocumentInspector}'s is, but for the rounds of hashing that the document asks for: up to some 12 s.
 */
public final class DocumentOpener {
    private static final Logger log = LoggerFactory.getLogger(DocumentOpener.class);
    private static final int MAGIC_SIZE = 8;

    private final DocumentInspector inspector;

    /** @param inspector for what was inside */
    public DocumentOpener(DocumentInspector inspector) {
        this.inspector = inspector;
    }

    /** Whether a file can be encrypted at all, by its first bytes: of others {@link #open} need not be asked. */
    public static boolean mayBeEncrypted(Path file) {
        FileMagic magic = FileMagic.valueOf(head(file));
        return magic != FileMagic.OOXML;
    }

    /**
     * Tries a password on a document that an inspector accepted.
     *
     * @param password what the caller sent, or null
     * @param target where to put the decrypted document; it can be there, and may be left there in part
     * @throws UncheckedIOException if a file can't be read or written, never for what is in the document
     */
    public Opening open(Path file, @Nullable String password, Path target) {
        FileMagic magic = FileMagic.valueOf(head(file));
        try {
            if (magic == FileMagic.OLE2) {
                return openContainer(file, password, target);
            }
            if (magic == FileMagic.BIFF2 || magic == FileMagic.BIFF3 || magic == FileMagic.BIFF4) {
                return openBinary(EncryptionReader.inWorkbook(file), password);
            }
            return magic == FileMagic.WORD2 && EncryptionReader.isWordEncrypted(head(file, 64))
                    ? new Opening.Undecided()
                    : new Opening.Plain();
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }

    private Opening openContainer(Path file, @Nullable String password, Path target) {
        try {
            return Ole2Container.hasTooLongChains(file)
                    ? new Opening.Refused(Refusals.tooManyStreams())
                    : openSoundContainer(file, password, target);
        } catch (UncheckedIOException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // POI meets damage with exceptions of many kinds.
            log.debug("OLE2 container can't be read", e);
            return new Opening.Refused(Refusals.damagedContainer());
        }
    }

    private Opening openSoundContainer(Path file, @Nullable String password, Path target) throws IOException {
        try (Ole2Container container = Ole2Container.open(file)) {
            Encryption encryption = container.encryption();
            return container.isPackage()
                    ? openPackage(container, encryption, password, target)
                    : openBinary(encryption, password);
        }
    }

    private static Opening openBinary(Encryption encryption, @Nullable String password) {
        return switch (encryption) {
            case Encryption.None() -> new Opening.Plain();
            case Encryption.Unknown() -> new Opening.Undecided();
            case Encryption.Obfuscated obfuscated ->
                password == null ? new Opening.PasswordRequired() : opening(obfuscated.verify(password));
            case Encryption.Known known -> {
                Opening opening = password == null ? new Opening.PasswordRequired() : opening(known.verify(password));
                boolean opens = opening instanceof Opening.Unlocked || opening instanceof Opening.Undecided;
                yield !opens && known.opensByDefault() ? new Opening.Plain() : opening;
            }
        };
    }

    private static Opening opening(Verdict verdict) {
        return switch (verdict) {
            case RIGHT -> new Opening.Unlocked();
            case WRONG -> new Opening.WrongPassword();
            case UNKNOWN -> new Opening.Undecided();
        };
    }

    private Opening openPackage(Ole2Container container, Encryption encryption, @Nullable String password, Path target)
            throws IOException {
        if (!(encryption instanceof Encryption.Known known)) {
            return new Opening.Undecided();
        }
        if (known.isTooCostly()) {
            return new Opening.Refused(Refusals.tooCostly());
        }
        Verdict verdict = password == null ? Verdict.WRONG : known.verify(password);
        if (verdict == Verdict.UNKNOWN) {
            return new Opening.Undecided();
        }
        if (verdict == Verdict.WRONG && !known.opensByDefault()) {
            return password == null ? new Opening.PasswordRequired() : new Opening.WrongPassword();
        }
        return decrypted(container, known, target);
    }

    private Opening decrypted(Ole2Container container, Encryption.Known known, Path target) {
        if (!PackageDecryption.decrypt(container, known.info(), target)) {
            return new Opening.Refused(Refusals.damagedPackage());
        }
        return switch (inspector.inspect(target, "")) {
            case Inspection.Accepted(var format, var encrypted, var _) ->
                isPackage(format) && !encrypted
                        ? new Opening.Decrypted(target, format)
                        : new Opening.Refused(Refusals.damagedPackage());
            case Inspection.Refused refused -> new Opening.Refused(refused);
        };
    }

    /** Only these are ever encrypted so. */
    private static boolean isPackage(DocumentFormat format) {
        return format == DocumentFormat.DOCX || format == DocumentFormat.XLSX || format == DocumentFormat.PPTX;
    }

    private static byte[] head(Path file) {
        try {
            return head(file, MAGIC_SIZE);
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
    }

    private static byte[] head(Path file, int length) throws IOException {
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(length);
        }
    }
}
