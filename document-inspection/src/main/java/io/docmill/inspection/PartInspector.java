package io.docmill.inspection;

import io.docmill.inspection.Inspection.Refused;
import io.docmill.inspection.XmlScan.Finding;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;

/**
 * Inflates the parts of one zip in the order in which they lie in the file, and adds up what only all of them together
 * tell. Confined to one thread.
 */
final class PartInspector {
    private static final int HEAD_SIZE = 256;

    private final ZipFile zip;
    private final InspectionLimits limits;
    private final long fileSize;
    private long endOfLast;
    private long totalSize;
    private long totalPixels;

    PartInspector(ZipFile zip, InspectionLimits limits, long fileSize) {
        this.zip = zip;
        this.limits = limits;
        this.fileSize = fileSize;
    }

    /** Why the document must be refused for this part, the next one in the file. */
    Optional<Refused> refused(ZipArchiveEntry entry) {
        String name = Refusals.quoted(entry.getName());
        Optional<Refused> refused;
        try (InputStream raw = zip.getInputStream(entry)) {
            refused = placeRefused(entry, name);
            if (refused.isEmpty()) {
                refused = contentRefused(entry, name, raw);
            }
        } catch (IOException | RuntimeException e) {
            return Optional.of(damaged(name));
        }
        return refused;
    }

    /** Why the document must be refused once every part by itself has passed. */
    Optional<Refused> wholeRefused() {
        if (totalSize > limits.ratioFreeSize() && totalSize / limits.ratio() > fileSize) {
            return Optional.of(Refusals.suspicious(
                    "The document unpacks to more than %,d times its size".formatted(limits.ratio())));
        }
        return Optional.empty();
    }

    private Optional<Refused> placeRefused(ZipArchiveEntry entry, String name) {
        if (entry.getLocalHeaderOffset() < endOfLast) {
            return Optional.of(Refusals.suspicious("The document's part " + name + " lies over another one"));
        }
        endOfLast = entry.getDataOffset() + entry.getCompressedSize();
        if (endOfLast > fileSize) {
            return Optional.of(Refusals.corrupt("The document is cut off within its part " + name));
        }
        return Optional.empty();
    }

    private Optional<Refused> contentRefused(ZipArchiveEntry entry, String name, InputStream raw) throws IOException {
        var part = new MeasuredStream(raw, Math.min(allowance(entry), entry.getSize()));
        Optional<Refused> found;
        try {
            found = found(part, name);
            part.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            if (!part.isExceeded()) {
                throw e;
            }
            return Optional.of(exceeded(entry, name));
        }
        totalSize += part.count();
        if (part.count() != entry.getSize() || part.crc() != entry.getCrc()) {
            return Optional.of(damaged(name));
        }
        return found;
    }

    /** How many bytes this part may inflate to. */
    private long allowance(ZipArchiveEntry entry) {
        long byRatio = Math.max(limits.ratioFreeSize(), entry.getCompressedSize() * limits.ratio());
        return Math.min(Math.min(limits.partSize(), byRatio), limits.totalSize() - totalSize);
    }

    private Refused exceeded(ZipArchiveEntry entry, String name) {
        if (entry.getSize() < allowance(entry)) {
            return Refusals.suspicious("The document's part %s unpacks to more than the %,d bytes that it says it has"
                    .formatted(name, entry.getSize()));
        }
        return Refusals.suspicious(
                ("The document's part %s unpacks too far: a part may have %,d MiB, at most %d times its compressed size,"
                                + " and all parts together %,d MiB")
                        .formatted(name, limits.partSize() >> 20, limits.ratio(), limits.totalSize() >> 20));
    }

    /** Looks at the part's content as far as that takes. */
    private Optional<Refused> found(MeasuredStream part, String name) throws IOException {
        var in = new BufferedInputStream(part);
        in.mark(HEAD_SIZE);
        byte[] head = in.readNBytes(HEAD_SIZE);
        in.reset();
        Optional<XmlScan> xml = XmlScan.of(head, limits.xmlDepth());
        if (xml.isPresent()) {
            return xmlRefused(xml.get().scan(in), name);
        }
        OptionalLong pixels = ImagePixels.of(head, in);
        return pixels.isPresent() ? imageRefused(pixels.getAsLong(), name) : Optional.empty();
    }

    private Optional<Refused> xmlRefused(Finding finding, String name) {
        return switch (finding) {
            case NOTHING -> Optional.empty();
            case DOCUMENT_TYPE ->
                Optional.of(Refusals.suspicious("The document's part " + name
                        + " declares a document type or entities (DTD), which office documents never do"));
            case TOO_DEEP ->
                Optional.of(Refusals.suspicious(
                        "The document's part %s nests more than %,d elements".formatted(name, limits.xmlDepth())));
        };
    }

    private Optional<Refused> imageRefused(long pixels, String name) {
        totalPixels += pixels;
        if (pixels > limits.imagePixels()) {
            return Optional.of(
                    Refusals.suspicious("The document's image %s has %,d pixels, more than the %,d that one may have"
                            .formatted(name, pixels, limits.imagePixels())));
        }
        if (totalPixels > limits.totalImagePixels()) {
            return Optional.of(Refusals.suspicious(
                    "The document's images have more than %,d pixels together".formatted(limits.totalImagePixels())));
        }
        return Optional.empty();
    }

    private static Refused damaged(String name) {
        return Refusals.corrupt("The document is damaged: its part " + name + " can't be unpacked whole");
    }
}
