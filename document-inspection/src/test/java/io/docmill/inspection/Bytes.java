package io.docmill.inspection;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.docmill.testing.documents.TestDocument;

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
}
