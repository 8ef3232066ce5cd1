package io.docmill.inspection;

import io.docmill.inspection.Inspection.Accepted;
import io.docmill.model.document.DocumentFormat;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.poi.poifs.filesystem.DirectoryEntry;
import org.apache.poi.poifs.filesystem.DocumentEntry;
import org.apache.poi.poifs.filesystem.DocumentInputStream;
import org.apache.poi.poifs.filesystem.Entry;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks into OLE2 containers: Office 97–2003 documents, and the wrapping of encrypted Office 2007 ones. */
final class Ole2Inspector {
    private static final Logger log = LoggerFactory.getLogger(Ole2Inspector.class);
    private static final int MARKER_HEAD = 64;

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

    Inspection inspect(Path file, String name, long size) {
        try {
            if (areChainsTooLong(file)) {
                return Refusals.suspicious("The document's OLE2 container has more streams than a document needs");
            }
        } catch (IOException e) {
            return Refusals.corrupt("The document is cut off within the header of its OLE2 container");
        }
        try (var container = new POIFSFileSystem(file.toFile(), true)) {
            return inspect(container.getRoot(), name, size);
        } catch (IOException | RuntimeException e) {
            // POI meets damage with exceptions of many kinds; they say nothing that helps a caller.
            log.debug("OLE2 container of {} bytes can't be read", size, e);
            return Refusals.corrupt("The document is cut off or damaged: its OLE2 container can't be read");
        }
    }

    private static boolean areChainsTooLong(Path file) throws IOException {
        try (var channel = FileChannel.open(file)) {
            return new Ole2Chains(channel).areTooLong();
        }
    }

    private static Inspection inspect(DirectoryEntry root, String name, long size) throws IOException {
        // Case does not count in the names of OLE2, and not every writer keeps to the usual one.
        Map<String, Entry> entries = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        root.getEntries().forEachRemaining(entry -> entries.put(entry.getName(), entry));
        if (entries.containsKey("EncryptedPackage")) {
            return encryptedPackage(entries, name, size);
        }
        if (entries.get("WordDocument") instanceof DocumentEntry document) {
            boolean encrypted = EncryptionMarkers.inWordDocument(head(document));
            return acceptedIfReadable(DocumentFormat.DOC, encrypted, size, document);
        }
        Entry workbook = entries.getOrDefault("Workbook", entries.get("Book"));
        if (workbook instanceof DocumentEntry document) {
            try (var in = new BufferedInputStream(new DocumentInputStream(document))) {
                return acceptedIfReadable(DocumentFormat.XLS, EncryptionMarkers.inWorkbook(in), size, document);
            }
        }
        if (entries.get("PowerPoint Document") instanceof DocumentEntry document) {
            boolean encrypted = entries.containsKey("EncryptedSummary") || userIsEncrypted(entries);
            return acceptedIfReadable(DocumentFormat.PPT, encrypted, size, document);
        }
        return FOREIGN.entrySet().stream()
                .filter(foreign -> entries.containsKey(foreign.getKey()))
                .map(foreign -> Refusals.unsupported(foreign.getValue()))
                .findFirst()
                .orElseGet(
                        () -> Refusals.unsupported("an OLE2 file without a Word, Excel or PowerPoint document in it"));
    }

    private static boolean userIsEncrypted(Map<String, Entry> entries) throws IOException {
        return entries.get("Current User") instanceof DocumentEntry user
                && EncryptionMarkers.inPresentation(head(user));
    }

    private static Inspection encryptedPackage(Map<String, Entry> entries, String name, long size) {
        if (!entries.containsKey("EncryptionInfo")) {
            // [MS-OFFCRYPTO] 2.2: rights management wraps documents alike, with its licences in \6DataSpaces.
            return Refusals.unsupported("protected by rights management, which no password opens");
        }
        return formatByExtension(name)
                .<Inspection>map(format -> new Accepted(format, true, size))
                .orElseGet(() -> new Inspection.Refused(
                        Inspection.Reason.UNSUPPORTED,
                        "The file is an encrypted Office document, and only its name can tell of which kind. Name it .docx,"
                                + " .xlsx or .pptx and send it again."));
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

    private static Inspection acceptedIfReadable(
            DocumentFormat format, boolean encrypted, long size, DocumentEntry document) {
        try (var in = new DocumentInputStream(document)) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException | RuntimeException e) {
            return Refusals.corrupt("The document is cut off or damaged: its stream "
                    + Refusals.quoted(document.getName()) + " can't be read to its end");
        }
        return new Accepted(format, encrypted, size);
    }

    private static byte[] head(DocumentEntry document) throws IOException {
        try (InputStream in = new DocumentInputStream(document)) {
            return in.readNBytes(MARKER_HEAD);
        }
    }
}
