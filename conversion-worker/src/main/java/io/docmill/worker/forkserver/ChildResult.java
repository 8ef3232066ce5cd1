package io.docmill.worker.forkserver;

import java.util.Locale;
import java.util.stream.Stream;

/** What became of a job, as the protocol names it in lower case. */
public enum ChildResult {
    /** The output is complete. */
    DONE,
    /** LibreOffice asked for a password. */
    PASSWORD,
    /** The document did not open. */
    LOAD,
    /** It could not be written. */
    STORE,
    /** An allocation failed. */
    MEMORY,
    /** The job was killed. */
    KILLED,
    /** The child ended without an answer. */
    CRASHED,
    /** The child could not be confined, and did nothing. */
    UNCONFINED,
    /** The job made no sense to the child. */
    INVALID,
    /** The child that should do it is not there any more, and nothing was done. */
    GONE,
    /** The server ended, and all its children with it. */
    LOST;

    /** What the protocol calls it; a child that says anything else was taken over by its document. */
    static ChildResult of(String name) {
        return Stream.of(values())
                .filter(result -> result.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElse(CRASHED);
    }
}
