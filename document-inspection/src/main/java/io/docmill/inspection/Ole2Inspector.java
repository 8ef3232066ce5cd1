package io.docmill.inspection;

import io.docmill.inspection.Inspection.Accepted;
import io.docmill.inspection.Inspection.Refused;
import io.docmill.model.document.DocumentFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.poi.poifs.filesystem.DocumentEntry;
import org.apache.poi.poifs.filesystem.DocumentInputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks into OLE2 containers: Office 97–2003 documents, and the wrapping of encrypted Office 2007 ones. */
final class Ole2Inspector {
    private static final Logger log = LoggerFactory.getLogger(Ole2Inspector.class);

    /** Streams or storages at the root by which other programs' files are known. */
    private static final Map<String, String> FOREIGN = Map.ofEntries(
            Map.entry("VisioDocument", "a Visio drawing (vsd)"),
            Map.entry("Quill", "a Publisher document (pub)"),
            Map.entry("__properties_version1.0", "an Outlook message (msg)"),
            Map.entry("PP40", "a PowerPoint 95 presentation, older than what LibreOffice reads"),
            Map.entry("MatOST", "a Microsoft Works document (wps)"),
            Map.entry("StarWriterDocument", "a StarOffice document (sdw)"),
            Map.entry("StarCalcDocument", "a StarOffice workbook (sdc)"),
            Map.entry("StarDrawDocument3", "a StarOffice presentation (sdd)"),
            Map.entry("HwpSummaryInformation", "a Hangul document (hwp)"),
            Map.entry("\u0005HwpSummaryInformation", "a Hangul document (hwp)"));

    private final ZipInspector zip;

    /** @param zip for what opens with the default password */
    Ole2Inspector(ZipInspector zip) {
        this.zip = zip;
    }

    Inspection inspect(Path file, String name, long size) {
        try {
            if (Ole2Container.hasTooLongChains(file)) {
                return Refusals.tooManyStreams();
            }
        } catch (IOException e) {
            return Refusals.corrupt("The document is cut off within the header of its OLE2 container");
        }
        try (var container = Ole2Container.open(file)) {
            return container.isPackage() ? inspectPackage(container, file, name, size) : inspect(container, size);
        } catch (IOException | RuntimeException e) {
            // POI meets damage with exceptions of many kinds; they say nothing that helps a caller.
            log.debug("OLE2 container of {} bytes can't be read", size, e);
            return Refusals.damagedContainer();
        }
    }

    private static Inspection inspect(Ole2Container container, long size) throws IOException {
        DocumentEntry word = container.stream("WordDocument");
        if (word != null) {
            return inspect(container, DocumentFormat.DOC, word, size);
        }
        DocumentEntry workbook = container.workbook();
        if (workbook != null) {
            return inspect(container, DocumentFormat.XLS, workbook, size);
        }
        DocumentEntry deck = container.stream("PowerPoint Document");
        if (deck != null) {
            return inspect(container, DocumentFormat.PPT, deck, size);
        }
        return FOREIGN.entrySet().stream()
                .filter(foreign -> container.entries().containsKey(foreign.getKey()))
                .map(foreign -> Refusals.unsupported(foreign.getValue()))
                .findFirst()
                .orElseGet(
                        () -> Refusals.unsupported("an OLE2 file without a Word, Excel or PowerPoint document in it"));
    }

    private static Inspection inspect(Ole2Container container, DocumentFormat format, DocumentEntry document, long size)
            throws IOException {
        if (!isReadable(document)) {
            return unreadable(document);
        }
        return new Accepted(format, needsPassword(container.encryption()), size);
    }

    /** Where that can't be told it is left to LibreOffice, which gets the document without a password. */
    static boolean needsPassword(Encryption encryption) {
        return switch (encryption) {
            case Encryption.None() -> false;
            case Encryption.Known known -> !known.opensByDefault();
            case Encryption.Obfuscated _ -> true;
            case Encryption.Unknown() -> false;
        };
    }

    private Inspection inspectPackage(Ole2Container container, Path file, String name, long size) throws IOException {
        DocumentEntry content = container.stream("EncryptedPackage");
        if (content == null || container.stream("EncryptionInfo") == null) {
            // [MS-OFFCRYPTO] 2.2: rights management wraps documents alike, with its licences in \6DataSpaces.
            return Refusals.unsupported("protected by rights management, which no password opens");
        }
        if (!isReadable(content)) {
            return unreadable(content);
        }
        Encryption encryption = container.encryption();
        if (encryption instanceof Encryption.Known known && known.isTooCostly()) {
            return Refusals.tooCostly();
        }
        boolean needsPassword = needsPassword(encryption);
        Optional<Inspection> inside = encryption instanceof Encryption.Known known && !needsPassword
                ? inspectDecrypted(container, known, file, size)
                : Optional.empty();
        return inside.or(() -> formatByExtension(name).map(format -> new Accepted(format, needsPassword, size)))
                .orElseGet(() -> new Refused(
                        Inspection.Reason.UNSUPPORTED,
                        "The file is an encrypted Office document, and only its name can tell of which kind. Name it .docx,"
                                + " .xlsx or .pptx and send it again."));
    }

    /** What anyone can decrypt is looked into like any other document; empty where there is no room to decrypt it. */
    private Optional<Inspection> inspectDecrypted(
            Ole2Container container, Encryption.Known known, Path file, long size) {
        Path decrypted = file.resolveSibling(file.getFileName() + ".decrypted");
        try {
            if (!PackageDecryption.decrypt(container, known.info(), decrypted)) {
                return Optional.of(Refusals.damagedPackage());
            }
            return Optional.of(
                    switch (zip.inspect(decrypted, Files.size(decrypted))) {
                        case Accepted accepted -> new Accepted(accepted.format(), false, size);
                        case Refused refused -> refused;
                    });
        } catch (IOException | UncheckedIOException e) {
            log.warn("What {} holds can't be written beside it and is not inspected. Make room there.", file, e);
            return Optional.empty();
        } finally {
            delete(decrypted);
        }
    }

    private static void delete(Path decrypted) {
        try {
            Files.deleteIfExists(decrypted);
        } catch (IOException e) {
            log.warn("{} holds a document and can't be deleted. Delete it by hand.", decrypted, e);
        }
    }

    /** The three that can be inside, by the extension's family: {@code doc}, {@code docm}, {@code dotx} are all docx. */
    private static Optional<DocumentFormat> formatByExtension(String name) {
        String extension = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (extension.matches("do[ct][xm]?")) {
            return Optional.of(DocumentFormat.DOCX);
        }
        if (extension.matches("xl[st][xm]?")) {
            return Optional.of(DocumentFormat.XLSX);
        }
        return extension.matches("p(pt|ot|ps)[xm]?") ? Optional.of(DocumentFormat.PPTX) : Optional.empty();
    }

    private static boolean isReadable(DocumentEntry document) {
        try (var in = new DocumentInputStream(document)) {
            in.transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (IOException | RuntimeException e) {
            log.debug("stream {} can't be read", document.getName(), e);
            return false;
        }
    }

    private static Refused unreadable(DocumentEntry document) {
        return Refusals.corrupt("The document is cut off or damaged: its stream " + Refusals.quoted(document.getName())
                + " can't be read to its end");
    }
}
