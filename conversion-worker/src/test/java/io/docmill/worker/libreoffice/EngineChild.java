package io.docmill.worker.libreoffice;

import io.docmill.model.document.DocumentFormat;
import io.docmill.worker.engine.ConversionLimits;
import io.docmill.worker.plan.ConversionPlanner;
import io.docmill.worker.plan.PlanOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** An engine in a JVM of its own, for tests that kill that, or that give it a small disk. Takes commands as lines. */
final class EngineChild implements AutoCloseable {

    private static final String ANSWER = "ANSWER ";

    private final Process process;
    private final BufferedReader answers;
    private final PrintWriter commands;

    /**
     * Starts it and waits until it can convert.
     *
     * @param wrapper a command that runs the one that is appended to it
     */
    EngineChild(List<String> wrapper, Path work, TestedEngine engine, int slots) throws IOException {
        var command = new ArrayList<>(wrapper);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                EngineChild.class.getName(),
                work.toString(),
                engine.name(),
                Integer.toString(slots)));
        process = new ProcessBuilder(command).redirectErrorStream(true).start();
        answers = process.inputReader(StandardCharsets.UTF_8);
        commands = new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true);
        answer();
    }

    /** Has it do something and waits for its answer. */
    String ask(String command) throws IOException {
        tell(command);
        return answer();
    }

    /** Has it do something. */
    void tell(String command) {
        commands.println(command);
    }

    private String answer() throws IOException {
        var said = new ArrayList<String>();
        for (String line = answers.readLine(); line != null; line = answers.readLine()) {
            if (line.startsWith(ANSWER)) {
                return line.substring(ANSWER.length());
            }
            said.add(line);
        }
        throw new IOException("The engine's process ended and said: " + said);
    }

    /** The process, or what wraps it. */
    ProcessHandle handle() {
        return process.toHandle();
    }

    @Override
    public void close() {
        commands.println("end");
        process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** The process itself. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path work = Path.of(arguments[0]);
        try (var engine =
                TestedEngine.valueOf(arguments[1]).start(work.resolve("engine"), Integer.parseInt(arguments[2]))) {
            while (!engine.status().spareReady()) {
                Thread.onSpinWait();
            }
            System.out.println(ANSWER + "ready");
            var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = input.readLine(); line != null && !line.equals("end"); line = input.readLine()) {
                System.out.println(ANSWER + follow(line.split(" ", 2), engine, work));
            }
        }
    }

    private static String follow(String[] command, LibreOfficeEngine engine, Path work)
            throws IOException, InterruptedException {
        Path filling = work.resolve("filling");
        return switch (command[0]) {
            case "pdf" -> convert(Path.of(command[1]), engine, work.resolve("output.pdf"), DocumentFormat.PDF);
            case "csv" -> convert(Path.of(command[1]), engine, work.resolve("output.csv"), DocumentFormat.CSV);
            case "fill" -> fill(filling, Long.parseLong(command[1]) << 20);
            case "free" -> Boolean.toString(Files.deleteIfExists(filling));
            default -> throw new IllegalArgumentException(command[0]);
        };
    }

    private static String convert(Path document, LibreOfficeEngine engine, Path output, DocumentFormat target)
            throws InterruptedException {
        var name = document.toString();
        var format =
                DocumentFormat.valueOf(name.substring(name.lastIndexOf('.') + 1).toUpperCase(Locale.ROOT));
        var plan = new ConversionPlanner().plan(document, format, output, target, PlanOptions.DEFAULT);
        return engine.start(plan, ConversionLimits.DEFAULT).await().getClass().getSimpleName();
    }

    /** Takes all of the disk but so many bytes. */
    private static String fill(Path filling, long rest) throws IOException {
        try (var channel = FileChannel.open(filling, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            var block = ByteBuffer.allocate(64 << 10);
            while (Files.getFileStore(filling).getUsableSpace() > rest) {
                channel.write(block.clear());
            }
        } catch (IOException e) {
            return "full: " + e.getMessage();
        }
        return "filled";
    }
}
