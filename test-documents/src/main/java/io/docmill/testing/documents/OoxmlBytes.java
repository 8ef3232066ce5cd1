package io.docmill.testing.documents;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.poi.ooxml.POIXMLDocument;
import org.apache.poi.openxml4j.exceptions.InvalidFormatException;

/** Writes docx, xlsx and pptx such that the same content is the same bytes: no time of today in them. */
final class OoxmlBytes {
    private OoxmlBytes() {}

    static byte[] of(POIXMLDocument document) throws IOException {
        try {
            document.getProperties()
                    .getCoreProperties()
                    .getUnderlyingProperties()
                    .setCreatedProperty("2000-01-01T00:00:00Z");
        } catch (InvalidFormatException e) {
            throw new IllegalStateException("POI refused a well-formed time", e);
        }
        var bytes = new ByteArrayOutputStream();
        document.write(bytes);
        return ZipParts.of(bytes.toByteArray()).toBytes();
    }
}
