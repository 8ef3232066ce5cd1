package io.docmill.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a command finds a running Docmill and gets in. Picocli sets the fields. */
final class ConnectionOptions {
    private static final URI DEFAULT_URL = URI.create("http://127.0.0.1:8080");

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "Where Docmill is. Default: what the file DIR/url says, else http://127.0.0.1:8080.")
    @Nullable
    String url;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description =
                    "The API key. An environment variable is better: other users of this machine can see options.")
    @Nullable
    String key;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "The data directory of the Docmill on this machine. Default: $DOCMILL_DATA, else ~/.docmill.")
    @Nullable
    Path data;

    boolean namesUrl() {
        return url != null;
    }

    /** Where Docmill should be, without a slash at the end. Whether one is there is not looked at. */
    URI baseUrl(Invocation invocation) throws CommandFailedException {
        String named = url;
        if (named != null) {
            return parse(named);
        }
        Optional<String> written = firstLine(dataDirectory(invocation).resolve("url"));
        return written.isPresent() ? parse(written.get()) : DEFAULT_URL;
    }

    /**
     * The API key: the option, else the environment variable, else what the file in the data directory says.
     *
     * @throws CommandFailedException if there is none
     */
    String key(Invocation invocation, String variable, String fileName) throws CommandFailedException {
        Path file = dataDirectory(invocation).resolve(fileName);
        return Optional.ofNullable(key)
                .or(() -> invocation.variable(variable))
                .or(() -> firstLine(file))
                .orElseThrow(() -> new CommandFailedException(
                        ExitCode.USAGE,
                        "no API key: set $%s or give --key (%s is not there)".formatted(variable, file)));
    }

    /** The API for what operators do. */
    DocmillApi operatorsApi(Invocation invocation) throws CommandFailedException {
        return new DocmillApi(baseUrl(invocation), key(invocation, "DOCMILL_OPERATOR_KEY", "operator-key"));
    }

    private Path dataDirectory(Invocation invocation) {
        return DataLocation.of(data, invocation);
    }

    static URI parse(String url) throws CommandFailedException {
        String base = url.replaceFirst("/+$", "");
        if (!base.matches("https?://[^/?#\\s]+[^?#\\s]*")) {
            throw new CommandFailedException(
                    ExitCode.USAGE, "'%s' is not a URL like http://127.0.0.1:8080".formatted(url));
        }
        try {
            return URI.create(base);
        } catch (IllegalArgumentException e) {
            throw new CommandFailedException(ExitCode.USAGE, "'%s' is not a URL: %s".formatted(url, e.getMessage()), e);
        }
    }

    /** The first line of a file that Docmill wrote; empty if there is no such file, or nothing in it yet. */
    static Optional<String> firstLine(Path file) {
        try {
            return Files.readString(file).lines().findFirst().map(String::strip).filter(line -> !line.isEmpty());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
