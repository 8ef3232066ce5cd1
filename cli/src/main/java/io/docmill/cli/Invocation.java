package io.docmill.cli;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What surrounds one call of the command.
 *
 * @param environment the environment variables
 * @param directory the working directory, absolute: relative paths start here
 * @param out takes the result and nothing else, so that it can be captured
 * @param err takes what is meant for a person to read
 */
record Invocation(Map<String, String> environment, Path directory, OutputStream out, PrintStream err) {
    Invocation {
        environment = Map.copyOf(environment);
    }

    static Invocation ofThisProcess() {
        return new Invocation(System.getenv(), Path.of("").toAbsolutePath(), System.out, System.err);
    }

    /** The variable's value; empty if it is not set or blank. */
    Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    Path resolve(Path path) {
        return directory.resolve(path);
    }

    /** Tells the person something. */
    void say(String line) {
        err.println("docmill: " + line);
    }
}
