package io.docmill.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own with the class path of the test, for what must be killed without warning. */
final class ChildJvm implements AutoCloseable {

    private final Process process;
    private final BufferedReader output;

    private ChildJvm(Process process) {
        this.process = process;
        this.output = process.inputReader();
    }

    static ChildJvm start(Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return new ChildJvm(new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    /** The next line that begins with {@code marker}, without the marker. */
    String await(String marker) throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith(marker)) {
                return line.substring(marker.length());
            }
        }
        throw new IOException("The child ended before it said " + marker);
    }

    /** Kills it as {@code kill -9} does, and returns all later lines that begin with {@code marker}, without the marker. */
    List<String> kill(String marker) throws IOException, InterruptedException {
        process.destroyForcibly();
        process.waitFor();
        List<String> lines = new ArrayList<>();
        try {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                // The last line may be cut off: a semicolon ends what was said whole.
                if (line.startsWith(marker) && line.endsWith(";")) {
                    lines.add(line.substring(marker.length(), line.length() - 1));
                }
            }
        } catch (IOException e) {
            // The pipe went with the process.
            return lines;
        }
        return lines;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
