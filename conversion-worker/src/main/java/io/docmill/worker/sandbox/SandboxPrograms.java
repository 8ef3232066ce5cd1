package io.docmill.worker.sandbox;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The programs that sandboxes are made of, by absolute path. One that is not there is named where Debian would put it: starting
 * it then tells that it is missing.
 *
 * @param bubblewrap {@code bwrap}
 * @param landlock a {@code setpriv} that knows Landlock, which util-linux has since 2.41; may be outside of /usr
 * @param setpriv {@code setpriv} of the system, which programs inside see too
 * @param prlimit {@code prlimit}
 * @param environment {@code env}
 */
public record SandboxPrograms(Path bubblewrap, Path landlock, Path setpriv, Path prlimit, Path environment) {

    private static final List<Path> DIRECTORIES =
            List.of(Path.of("/usr/bin"), Path.of("/bin"), Path.of("/usr/local/bin"));

    /** Finds them; {@code setpriv} for Landlock on the PATH of this process first, as an older system may have a newer one there. */
    public static SandboxPrograms find() {
        var setpriv = find("setpriv");
        return new SandboxPrograms(find("bwrap"), onPath("setpriv", setpriv), setpriv, find("prlimit"), find("env"));
    }

    private static Path find(String program) {
        return first(DIRECTORIES.stream(), program, DIRECTORIES.getFirst().resolve(program));
    }

    private static Path onPath(String program, Path otherwise) {
        var path = System.getenv().getOrDefault("PATH", "");
        var directories = Stream.of(path.split(File.pathSeparator, -1)).filter(entry -> entry.startsWith("/"));
        return first(directories.map(Path::of), program, otherwise);
    }

    private static Path first(Stream<Path> directories, String program, Path otherwise) {
        return directories
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElse(otherwise);
    }
}
