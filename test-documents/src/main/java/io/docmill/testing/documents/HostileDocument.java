package io.docmill.testing.documents;

/**
 * A document that tries one thing that no document may do.
 *
 * @param technique what it tries, in words with hyphens; unique among all, and the first folder of every URL in it that
 *     points at {@link Canary}
 * @param kind what it would do if nothing stopped it
 * @param document under a name whose extension is the format that it says it is: docx, doc, xlsx, xls, pptx or ppt
 */
public record HostileDocument(String technique, Kind kind, TestDocument document) {

    /** What a technique is after. */
    public enum Kind {
        /** Content of another place: the network, or a file of the machine that opens it. */
        INCLUSION,
        /** The same, by a file of another type than its name and place in the contract say. */
        POSING,
        /** Running code of its own. */
        MACRO,
        /** Content of another place, by entities of XML. */
        ENTITIES,
        /** All the time, memory or disk of the machine. */
        BOMB,
        /** Writing where the unpacker does not expect it. */
        NAMES
    }

    public HostileDocument {
        if (!technique.matches("[a-z0-9]+(-[a-z0-9]+)*")) {
            throw new IllegalArgumentException("a technique is words with hyphens, not " + technique);
        }
    }

    /** The format that it says it is: the extension of its name. */
    public String format() {
        return document.name().substring(document.name().lastIndexOf('.') + 1);
    }

    @Override
    public String toString() {
        return technique;
    }
}
