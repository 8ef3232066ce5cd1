package io.docmill.inspection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.docmill.testing.documents.TestDocument;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.apache.poi.poifs.filesystem.POIFSFileSystem;

/** Changes the bytes of documents in ways that no writer does. */
final class Bytes {
    private Bytes() {}

    /** A document of these characters, each a byte. */
    static TestDocument document(String name, String content) {
        return TestDocument.of(name, content.getBytes(ISO_8859_1));
    }

    /** Overwrites what lies {@code distance} bytes behind each place where the text starts. */
    static TestDocument overwrite(TestDocument document, String text, int distance, String replacement) {
        var content = new StringBuilder(new String(document.bytes(), ISO_8859_1));
        for (int at = content.indexOf(text); at >= 0; at = content.indexOf(text, at + 1)) {
            content.replace(at + distance, at + distance + replacement.length(), replacement);
        }
        return document(document.name(), content.toString());
    }

    /** Replaces a text within a stream of an OLE2 container. */
    static TestDocument replaceInStream(TestDocument document, String stream, String text, String replacement)
            throws IOException {
        try (var container = new POIFSFileSystem(document.open());
                var in = container.createDocumentInputStream(stream)) {
            String content = new String(in.readAllBytes(), ISO_8859_1);
            assertThat(content).contains(text);
            byte[] changed = content.replace(text, replacement).getBytes(ISO_8859_1);
            container.createOrUpdateDocument(new ByteArrayInputStream(changed), stream);
            var bytes = new ByteArrayOutputStream();
            container.writeFilesystem(bytes);
            return TestDocument.of(document.name(), bytes.toByteArray());
        }
    }
}
