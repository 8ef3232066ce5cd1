package io.docmill.testing.documents;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A way in which a document names content of another place.
 *
 * @param technique without the kind of place
 * @param format the extension of the document's name
 * @param type of the content that it asks for, as {@link Canary#url} has it
 * @param document makes the document from the URL in it
 */
record Inclusion(String technique, String format, String type, Writer document) {

    /** Writes a document that points at a URL. */
    @FunctionalInterface
    interface Writer {
        byte[] write(String url);
    }

    /** One whose document is made of these parts, once they are edited for the URL. */
    static Inclusion ofParts(
            String technique,
            String format,
            String type,
            Supplier<HostileParts> parts,
            BiConsumer<HostileParts, String> edit) {
        return new Inclusion(technique, format, type, url -> {
            var edited = parts.get();
            edit.accept(edited, url);
            return edited.toBytes();
        });
    }

    /** One whose document is a text in UTF-8. */
    static Inclusion ofText(String technique, String format, String type, UnaryOperator<String> text) {
        return new Inclusion(technique, format, type, url -> text.apply(url).getBytes(UTF_8));
    }
}
