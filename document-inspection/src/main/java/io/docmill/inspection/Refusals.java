package io.docmill.inspection;

import io.docmill.inspection.Inspection.Reason;
import io.docmill.inspection.Inspection.Refused;

/** Words refusals alike: what is wrong, then what to do. */
final class Refusals {
    private static final String SOURCES = "Docmill converts xlsx, xls, docx, doc, pptx and ppt documents";
    private static final int LONGEST_PART_NAME = 80;

    private Refusals() {}

    static Refused empty() {
        return new Refused(
                Reason.EMPTY, "The file is empty. Check that it was saved and read completely, and send it again.");
    }

    /** @param finding a sentence without its full stop */
    static Refused corrupt(String finding) {
        return new Refused(
                Reason.CORRUPT,
                finding + ". Open the document in the program that made it, save it anew and send that.");
    }

    /** @param finding a sentence without its full stop */
    static Refused suspicious(String finding) {
        return new Refused(
                Reason.SUSPICIOUS,
                finding
                        + ". If the document is an honest one, open it in an office program, save it anew and send that.");
    }

    static Refused tooManyStreams() {
        return suspicious("The document's OLE2 container has more streams than a document needs");
    }

    static Refused damagedContainer() {
        return corrupt("The document is cut off or damaged: its OLE2 container can't be read");
    }

    static Refused tooCostly() {
        return suspicious("The document's encryption asks for more than %,d rounds of hashing to check a password"
                .formatted(Encryption.Known.MOST_ROUNDS));
    }

    static Refused damagedPackage() {
        return corrupt("The document is cut off or damaged: what is encrypted in it can't be read to its end");
    }

    /** @param kind what the file is, with its article */
    static Refused unsupported(String kind) {
        return new Refused(
                Reason.UNSUPPORTED,
                "The file is " + kind + ". " + SOURCES + ": save it as one of these and send that.");
    }

    /** A part's name as it can stand in a message: whoever made the file chose it. */
    static String quoted(String partName) {
        String cut = partName.length() <= LONGEST_PART_NAME ? partName : partName.substring(0, LONGEST_PART_NAME) + "…";
        return "'" + cut.replaceAll("[\\p{Cntrl}\\p{Cf}]", "?") + "'";
    }
}
