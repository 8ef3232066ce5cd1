package io.docmill.worker.libreoffice;

import java.nio.file.Path;
import java.time.Duration;

/**
 * The engine that forks a LibreOffice for every document.
 *
 * @param program the fork server's
 * @param documents after so many documents the server is replaced, from 1: its children share how their memory is laid out
 * @param age after so long it is replaced
 * @param isolation what shares a process
 * @param scopeDocuments where a scope shares one: how many documents it has at most, from 1
 * @param scopeTime where a scope shares one: for how long
 */
public record ForkServerSettings(
        Path program, int documents, Duration age, Isolation isolation, int scopeDocuments, Duration scopeTime) {

    /** What shares a process. */
    public enum Isolation {
        /** Nothing: each document has one to itself. */
        DOCUMENT,
        /** A bounded number of documents of one scope, one after the other, for a bounded time. */
        SCOPE
    }

    /** Where the image of the worker has it. */
    public static final Path DEFAULT_PROGRAM = Path.of("/usr/lib/docmill/docmill-fork-server");

    /** A process for each document; a server has 5,000 documents, for an hour. */
    public static final ForkServerSettings DEFAULT = new ForkServerSettings(
            DEFAULT_PROGRAM, 5_000, Duration.ofHours(1), Isolation.DOCUMENT, 20, Duration.ofSeconds(10));

    public ForkServerSettings {
        if (documents < 1 || scopeDocuments < 1) {
            throw new IllegalArgumentException("A process takes at least 1 document before it is replaced");
        }
    }

    /** The same with another program. */
    public ForkServerSettings withProgram(Path file) {
        return new ForkServerSettings(file, documents, age, isolation, scopeDocuments, scopeTime);
    }

    /** The same after another number of documents. */
    public ForkServerSettings after(int number) {
        return new ForkServerSettings(program, number, age, isolation, scopeDocuments, scopeTime);
    }

    /** The same, but documents of one scope share a process. */
    public ForkServerSettings perScope(int number, Duration time) {
        return new ForkServerSettings(program, documents, age, Isolation.SCOPE, number, time);
    }
}
