package io.docmill.inspection;

import io.docmill.inspection.Inspection.Accepted;
import io.docmill.model.document.DocumentFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.poi.poifs.filesystem.FileMagic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells what a document is by its content, and whether it may go on to LibreOffice. Immutable, safe for use by several
 * threads. A call blocks (it reads the whole file and inflates all of it, milliseconds for ordinary documents and seconds
 * for the largest that pass) and needs some hundred kilobytes of memory; the caller bounds how many run at once.
 *
 * <p>Not a virus scanner: what passes here may still link to the outside or keep LibreOffice busy for minutes, which is
 * what its settings, sandbox and time limit are for.
 */
public final class DocumentInspector {
    private static final Logger log = LoggerFactory.getLogger(DocumentInspector.class);
    private static final int HEAD_SIZE = 4096;

    private final ZipInspector zip;
    private final Ole2Inspector ole2;

    /** An inspector with {@link InspectionLimits#DEFAULTS}. */
    public DocumentInspector() {
        this(InspectionLimits.DEFAULTS);
    }

    public DocumentInspector(InspectionLimits limits) {
        this.zip = new ZipInspector(limits);
        this.ole2 = new Ole2Inspector(zip);
    }

    /**
     * Looks at a file. An encrypted docx, xlsx or pptx that opens with Excel's default password is decrypted beside it for a
     * moment.
     *
     * @param name the name it was sent under. Only used where the content does not tell: the parts of an encrypted docx,
     *     xlsx or pptx can't be seen, so its extension decides between the three
     * @throws UncheckedIOException if the file can't be opened or read at all; never for what is in it
     */
    public Inspection inspect(Path file, String name) {
        long size;
        byte[] head;
        try (var in = Files.newInputStream(file)) {
            size = Files.size(file);
            head = in.readNBytes(HEAD_SIZE);
        } catch (IOException e) {
            throw new UncheckedIOException("can't read " + file, e);
        }
        if (head.length == 0) {
            return Refusals.empty();
        }
        try {
            return inspect(file, name, size, head);
        } catch (IOException | RuntimeException | StackOverflowError e) {
            log.warn(
                    "A library failed on a document of {} bytes, which is refused as corrupt. Look into it if this repeats"
                            + " or the document opens in an office program.",
                    size,
                    e);
            return Refusals.corrupt("The document is damaged and can't be read");
        }
    }

    private Inspection inspect(Path file, String name, long size, byte[] head) throws IOException {
        FileMagic magic = FileMagic.valueOf(head);
        // FileMagic's values are POI's, and new releases add to them: whatever is not ours to accept is foreign.
        if (magic == FileMagic.OLE2) {
            return ole2.inspect(file, name, size);
        }
        if (magic == FileMagic.OOXML) {
            return zip.inspect(file, size);
        }
        if (magic == FileMagic.BIFF2 || magic == FileMagic.BIFF3 || magic == FileMagic.BIFF4) {
            return new Accepted(
                    DocumentFormat.XLS, Ole2Inspector.needsPassword(EncryptionReader.inWorkbook(file)), size);
        }
        if (magic == FileMagic.WORD2) {
            return new Accepted(DocumentFormat.DOC, EncryptionReader.isWordEncrypted(head), size);
        }
        return Refusals.unsupported(ForeignFormat.of(magic, head));
    }
}
