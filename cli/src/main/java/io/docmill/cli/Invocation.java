package io.docmill.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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

    /** Prints a line of the result. */
    void print(String line) throws IOException {
        out.write((line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /** Prints a line of the result with these fields. What callers chose may hold what a terminal would obey. */
    void printRow(String... fields) throws IOException {
        print(Stream.of(fields)
                .map(field -> field.replaceAll("\\p{Cntrl}", "?"))
                .collect(Collectors.joining("\t")));
    }

    /** Tells the person something. */
    void say(String line) {
        err.println("docmill: " + line);
    }
}
