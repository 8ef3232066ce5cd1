package io.docmill.worker.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What programs need of the system's files, and what tells nothing of the machine. */
final class SystemFiles {

    /** The programs. */
    static final Path PROGRAMS = Path.of("/usr");

    /** On a merged system these are links into /usr, on others directories of their own. */
    static final List<Path> OTHER_PROGRAMS = Stream.of("/bin", "/sbin", "/lib", "/lib64", "/lib32")
            .map(Path::of)
            .filter(Files::exists)
            .toList();

    /** Configuration, of the parts that are there. */
    static final List<Path> CONFIGURATION = Stream.of(
                    "/etc/fonts",
                    "/etc/libreoffice",
                    "/etc/ld.so.cache",
                    "/etc/alternatives",
                    "/etc/localtime",
                    "/var/cache/fontconfig",
                    // Debian's LibreOffice has links to these among its own files, and dies of one that is there but
                    // can't be read.
                    "/var/lib/libreoffice",
                    "/var/spool/libreoffice")
            .map(Path::of)
            .filter(Files::exists)
            .toList();

    private SystemFiles() {}
}
