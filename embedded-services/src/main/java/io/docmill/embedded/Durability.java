package io.docmill.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What makes a write outlast a power cut: fsync(2), of a file for its bytes and of a folder for the names in it. */
final class Durability {

    private Durability() {}

    /** Returns when the file's bytes and attributes, or the folder's names, are on the disk. */
    static void sync(Path fileOrFolder) throws IOException {
        // fsync needs no write access, and Linux opens a folder only for reading.
        try (FileChannel channel = FileChannel.open(fileOrFolder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
