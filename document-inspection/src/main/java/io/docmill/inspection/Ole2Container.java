package io.docmill.inspection;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.apache.poi.poifs.filesystem.DirectoryNode;
import org.apache.poi.poifs.filesystem.DocumentEntry;
import org.apache.poi.poifs.filesystem.DocumentInputStream;
import org.apache.poi.poifs.filesystem.Entry;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;
import org.jspecify.annotations.Nullable;

/** An OLE2 container that is open for reading. Confined to one thread. */
final class Ole2Container implements AutoCloseable {
    private final POIFSFileSystem container;

    // Case does not count in the names of OLE2, and not every writer keeps to the usual one.
    private final Map<String, Entry> entries = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    private Ole2Container(POIFSFileSystem container) {
        this.container = container;
        container.getRoot().getEntries().forEachRemaining(entry -> entries.put(entry.getName(), entry));
    }

    /**
     * Whether the container's lists are longer than a document needs; then it must not be opened.
     *
     * @throws IOException if it ends within its header
     */
    static boolean hasTooLongChains(Path file) throws IOException {
        try (var channel = FileChannel.open(file)) {
            return new Ole2Chains(channel).areTooLong();
        }
    }

    /**
     * Opens a container.
     *
     * @throws IOException if it is damaged. POI meets damage with exceptions of other kinds too
     */
    static Ole2Container open(Path file) throws IOException {
        return new Ole2Container(new POIFSFileSystem(file.toFile(), true));
    }

    DirectoryNode root() {
        return container.getRoot();
    }

    Map<String, Entry> entries() {
        return entries;
    }

    /** The stream of this name at the root, whatever its case. */
    @Nullable
    DocumentEntry stream(String name) {
        return entries.get(name) instanceof DocumentEntry document ? document : null;
    }

    /** Whether it wraps an encrypted docx, xlsx or pptx. */
    boolean isPackage() {
        return entries.containsKey("EncryptedPackage");
    }

    /** The stream with the workbook of Excel 5 or later. */
    @Nullable
    DocumentEntry workbook() {
        DocumentEntry workbook = stream("Workbook");
        return workbook == null ? stream("Book") : workbook;
    }

    /** How the document in it is encrypted. */
    Encryption encryption() throws IOException {
        if (isPackage()) {
            DocumentEntry info = stream("EncryptionInfo");
            return info == null ? new Encryption.Unknown() : EncryptionReader.inPackage(info);
        }
        DocumentEntry word = stream("WordDocument");
        if (word != null) {
            return EncryptionReader.inWordDocument(word, stream("0Table"), stream("1Table"));
        }
        DocumentEntry workbook = workbook();
        if (workbook != null) {
            try (var in = new BufferedInputStream(new DocumentInputStream(workbook))) {
                return EncryptionReader.inWorkbook(in);
            }
        }
        DocumentEntry deck = stream("PowerPoint Document");
        return deck == null
                ? new Encryption.None()
                : PresentationEncryption.of(deck, stream("Current User"), entries.containsKey("EncryptedSummary"));
    }

    @Override
    public void close() throws IOException {
        container.close();
    }
}
