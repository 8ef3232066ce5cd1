package io.docmill.inspection;

import io.docmill.inspection.Inspection.Accepted;
import io.docmill.inspection.Inspection.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.zip.ZipEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks into zips: Office 2007 documents are accepted once their directory and every part have passed. */
final class ZipInspector {
    private static final Logger log = LoggerFactory.getLogger(ZipInspector.class);

    private final InspectionLimits limits;

    ZipInspector(InspectionLimits limits) {
        this.limits = limits;
    }

    Inspection inspect(Path file, long size) throws IOException {
        try (var channel = new DirectoryBudget(Files.newByteChannel(file), limits.entries())) {
            ZipFile zip;
            try {
                zip = ZipFile.builder()
                        .setSeekableByteChannel(channel)
                        .setIgnoreLocalFileHeader(true)
                        .get();
            } catch (IOException | RuntimeException e) {
                log.debug("zip directory of a file of {} bytes can't be read", size, e);
                return channel.isExhausted()
                        ? tooManyParts()
                        : Refusals.corrupt("The document is cut off or damaged: the directory at the end of its zip"
                                + " container is missing or can't be read");
            }
            channel.lift();
            try (zip) {
                return inspect(zip, size);
            }
        }
    }

    private Inspection inspect(ZipFile zip, long size) {
        return switch (new OoxmlPackage(zip).mainPart()) {
            case OoxmlMainPart.Foreign(var kind) -> Refusals.unsupported(kind);
            case OoxmlMainPart.Missing(var finding) -> Refusals.corrupt(finding);
            case OoxmlMainPart.Found(var format) -> {
                Optional<Refused> refused = entriesRefused(zip).or(() -> partsRefused(zip, size));
                yield refused.isPresent() ? refused.get() : new Accepted(format, false, size);
            }
        };
    }

    private Optional<Refused> entriesRefused(ZipFile zip) {
        List<ZipArchiveEntry> entries = Collections.list(zip.getEntries());
        if (entries.size() > limits.entries()) {
            return Optional.of(tooManyParts());
        }
        // Names of parts are equal whatever their case (ECMA-376-2, 6.2.2.3), and LibreOffice refuses equal ones.
        Set<String> names = new HashSet<>();
        for (ZipArchiveEntry entry : entries) {
            Optional<Refused> refused = entryRefused(entry);
            if (refused.isPresent()) {
                return refused;
            }
            if (!names.add(entry.getName().toLowerCase(Locale.ROOT))) {
                return Optional.of(Refusals.suspicious(
                        "The document has the part " + Refusals.quoted(entry.getName()) + " twice"));
            }
        }
        return Optional.empty();
    }

    private static Optional<Refused> entryRefused(ZipArchiveEntry entry) {
        String name = Refusals.quoted(entry.getName());
        if (leavesItsFolder(entry.getName())) {
            return Optional.of(
                    Refusals.suspicious("The document has a part named " + name + ", which points outside of it"));
        }
        if (entry.isUnixSymlink()) {
            return Optional.of(Refusals.suspicious(
                    "The document's part " + name + " is a link to another file, which office programs never write"));
        }
        if (entry.getGeneralPurposeBit().usesEncryption()) {
            return Optional.of(Refusals.suspicious(
                    "The document's part " + name + " is encrypted as zip programs do, which office programs don't"));
        }
        int method = entry.getMethod();
        if (method != ZipEntry.DEFLATED && method != ZipEntry.STORED) {
            return Optional.of(Refusals.corrupt("The document's part " + name
                    + " is compressed in a way that office programs don't read (method " + method + ")"));
        }
        return Optional.empty();
    }

    private static boolean leavesItsFolder(String name) {
        String path = name.replace('\\', '/');
        return path.startsWith("/")
                || path.matches("[A-Za-z]:/.*")
                || path.indexOf('\0') >= 0
                || List.of(path.split("/")).contains("..");
    }

    private Optional<Refused> partsRefused(ZipFile zip, long size) {
        var parts = new PartInspector(zip, limits, size);
        for (ZipArchiveEntry entry : Collections.list(zip.getEntriesInPhysicalOrder())) {
            Optional<Refused> refused = parts.refused(entry);
            if (refused.isPresent()) {
                return refused;
            }
        }
        return parts.wholeRefused();
    }

    private Refused tooManyParts() {
        return Refusals.suspicious("The document has more than %,d parts".formatted(limits.entries()));
    }
}
