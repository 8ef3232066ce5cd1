package io.docmill.testing.documents;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A document in memory with the file name that it goes by. Immutable. */
public final class TestDocument {
    private final String name;
    private final byte[] content;

    private TestDocument(String name, byte[] content) {
        this.name = name;
        this.content = content;
    }

    /** A document of these bytes, which are copied. The name is a plain file name and need not fit the content. */
    public static TestDocument of(String name, byte[] content) {
        return new TestDocument(name, content.clone());
    }

    /** The file name, extension included. */
    public String name() {
        return name;
    }

    /** A copy of the document's bytes. */
    public byte[] bytes() {
        return content.clone();
    }

    /** The document's length in bytes. */
    public int size() {
        return content.length;
    }

    /** A new stream over the document's bytes. */
    public InputStream open() {
        return new ByteArrayInputStream(content);
    }

    /** The same bytes under another name. */
    public TestDocument named(String otherName) {
        return new TestDocument(otherName, content);
    }

    /** The first {@code length} bytes under the same name, as an upload that broke off leaves them. */
    public TestDocument truncatedTo(int length) {
        return new TestDocument(name, Arrays.copyOf(content, Math.min(length, content.length)));
    }

    /** Writes the document to this file, replacing what is there, and gives the file. */
    public Path writeTo(Path file) {
        try {
            return Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the document into this directory under its own name, and gives the file. */
    public Path writeInto(Path directory) {
        return writeTo(directory.resolve(name));
    }

    @Override
    public String toString() {
        return name + " (" + content.length + " bytes)";
    }
}
