package io.docmill.inspection;

import io.docmill.model.document.DocumentFormat;

/** What {@link DocumentInspector} found out about a file. */
public sealed interface Inspection {

    /**
     * A source document of the conversion table.
     *
     * @param format by content, whatever the file's name says
     * @param encrypted whether the document opens with no password but its own. False where it opens with Excel's default
     *     password, and where it is encrypted in a way that only LibreOffice may know
     * @param size the file's length in bytes
     */
    record Accepted(DocumentFormat format, boolean encrypted, long size) implements Inspection {}

    /**
     * A file that can never convert.
     *
     * @param message for the person who sent the file: what is wrong, with what, and what to do
     */
    record Refused(Reason reason, String message) implements Inspection {}

    /** Why a file is refused. */
    enum Reason {
        /** The file has no bytes. */
        EMPTY,
        /** Truncated, or its container is broken. */
        CORRUPT,
        /** Made to harm who opens it, or indistinguishable from that: a bomb, entities, contradicting directories. */
        SUSPICIOUS,
        /** Not a source document, sound or not. */
        UNSUPPORTED
    }
}
