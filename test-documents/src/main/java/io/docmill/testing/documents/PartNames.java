package io.docmill.testing.documents;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.docmill.testing.documents.HostileDocument.Kind;
import java.util.ArrayList;
import java.util.List;

/** Containers whose parts are named so that an unpacker writes, or a reader looks, elsewhere. */
final class PartNames {
    private PartNames() {}

    static List<HostileDocument> all(Canary canary) {
        var documents = new ArrayList<HostileDocument>();
        byte[] content = "written".getBytes(UTF_8);
        String up = "../".repeat(12);
        add(
                documents,
                "docx-part-above",
                BrokenDocuments.docxWithPart(
                                up.substring(0, up.length() - 1) + canary.written("docx-part-above"), content)
                        .bytes());
        add(
                documents,
                "docx-part-at-the-root",
                BrokenDocuments.docxWithPart(
                                canary.written("docx-part-at-the-root").toString(), content)
                        .bytes());
        add(
                documents,
                "docx-part-above-by-backslash",
                BrokenDocuments.docxWithPart("..\\..\\evil.txt", content).bytes());
        add(
                documents,
                "docx-part-on-a-drive",
                BrokenDocuments.docxWithPart("C:\\evil.txt", content).bytes());
        add(
                documents,
                "docx-part-twice",
                BrokenDocuments.docxWithDuplicateParts().bytes());
        add(
                documents,
                "docx-part-with-a-zero-in-its-name",
                ZipDirectory.renamed(
                        BrokenDocuments.docxWithPart("word/evil.txt", content).bytes(),
                        "word/evil.txt",
                        "word/evil\0txt"));
        add(documents, "docx-part-that-is-a-link", linked(canary));
        String outside = up.substring(0, up.length() - 1) + canary.file("svg");
        for (String target : List.of(outside, canary.file("svg").toString())) {
            add(
                    documents,
                    target.equals(outside) ? "docx-relation-above" : "docx-relation-to-the-root",
                    HostileParts.word()
                            .inside("image", "image", target)
                            .add("<w:p><w:r>" + WordInclusions.drawing("<a:blip r:embed=\"image\"/>") + "</w:r></w:p>")
                            .toBytes());
        }
        return documents;
    }

    private static void add(List<HostileDocument> documents, String technique, byte[] content) {
        documents.add(new HostileDocument(technique, Kind.NAMES, TestDocument.of(technique + ".docx", content)));
    }

    /** An image that is a symbolic link to the canary, as zip programs of Unix store one. */
    private static byte[] linked(Canary canary) {
        return HostileParts.word()
                .inside("image", "image", "media/image1.svg")
                .add("<w:p><w:r>" + WordInclusions.drawing("<a:blip r:embed=\"image\"/>") + "</w:r></w:p>")
                .symbolicLink(
                        "word/media/image1.svg",
                        "image/svg+xml",
                        canary.file("svg").toString())
                .toBytes();
    }
}
