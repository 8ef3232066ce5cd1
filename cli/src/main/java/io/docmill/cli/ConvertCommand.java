package io.docmill.cli;

import io.docmill.cli.DocmillApi.Conversion;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code docmill convert}: uploads a file, converts it, downloads the result. Picocli sets the fields. */
@Command(
        name = "convert",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Converts a document, by the Docmill that runs on this machine, or at URL, or else by one that is"
                + " started for the occasion.")
final class ConvertCommand implements Callable<Integer> {
    private static final Path STANDARD_OUTPUT = Path.of("-");

    private final Invocation invocation;

    @Parameters(index = "0", paramLabel = "FILE", description = "The document: xlsx, xls, docx, doc, pptx or ppt.")
    Path file = Path.of("");

    @Parameters(
            index = "1",
            paramLabel = "FORMAT",
            description = "What to make of it: pdf, html, txt, odt, csv, png, odp, docx, xlsx or pptx.")
    String format = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "OUT",
            description = "A file or directory for the result, or - for the standard output. Default: the file's name"
                    + " with the new ending, in the working directory. What is there is replaced.")
    @Nullable
    Path out;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            description = "How long Docmill may work on the document, 5 to 300. Default: 60.")
    @Nullable
    Integer timeout;

    @Mixin
    final ConnectionOptions connection = new ConnectionOptions();

    ConvertCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() throws CommandFailedException, InterruptedException {
        Path source = invocation.resolve(file);
        if (!Files.isRegularFile(source) || !Files.isReadable(source)) {
            throw new CommandFailedException(
                    ExitCode.USAGE, file + (Files.exists(source) ? " is not a readable file" : " is not there"));
        }
        if (!toStandardOutput()) {
            // Refuses what can't be written before anything is sent; its name may still become one of a zip.
            resultFile(source, format);
        }
        URI url = connection.baseUrl(invocation);
        if (connection.namesUrl() || DocmillApi.answersAt(url)) {
            convert(source, url, connection.key(invocation, "DOCMILL_API_KEY", "demo-key"));
        } else {
            try (TemporarySystem system = TemporarySystem.start(script(url), invocation)) {
                convert(source, system.baseUrl(), system.key());
            }
        }
        return ExitCode.SUCCEEDED.number();
    }

    private void convert(Path source, URI url, String key) throws CommandFailedException, InterruptedException {
        try (DocmillApi api = new DocmillApi(url, key)) {
            Map<String, String> form = new LinkedHashMap<>();
            form.put("format", format.toLowerCase(Locale.ROOT));
            Optional.ofNullable(timeout).ifPresent(seconds -> form.put("timeout", seconds.toString()));
            Conversion conversion = api.convert(api.upload(source), form);
            try (InputStream content = api.download(conversion.downloadUrl())) {
                write(source, conversion, content);
            }
        } catch (IOException e) {
            throw new CommandFailedException(ExitCode.FAILED, "cannot write the result: " + e.getMessage(), e);
        }
    }

    private void write(Path source, Conversion conversion, InputStream content)
            throws CommandFailedException, IOException {
        if (toStandardOutput()) {
            ResultFile.copy(content, invocation.out(), conversion.size());
            return;
        }
        boolean zip = conversion.contentType().startsWith("application/zip");
        ResultFile result = resultFile(source, zip ? "zip" : format);
        result.write(content, conversion.size());
        Path shown = result.path().startsWith(invocation.directory())
                ? invocation.directory().relativize(result.path())
                : result.path();
        invocation.out().write((shown + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
        invocation.out().flush();
    }

    private ResultFile resultFile(Path source, String extension) throws CommandFailedException {
        return ResultFile.of(source, invocation.resolve(Optional.ofNullable(out).orElse(Path.of(""))), extension);
    }

    private boolean toStandardOutput() {
        return STANDARD_OUTPUT.equals(out);
    }

    private Path script(URI url) throws CommandFailedException {
        return invocation
                .variable("DOCMILL_HOME")
                .map(home -> Path.of(home, "bin", "docmill"))
                .filter(Files::isExecutable)
                .orElseThrow(() -> new CommandFailedException(
                        ExitCode.UNREACHABLE,
                        "no Docmill answers at %s: start one with 'docmill up', or give --url".formatted(url)));
    }
}
