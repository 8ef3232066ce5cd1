package io.docmill.worker.libreoffice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.docmill.model.document.DocumentFormat;
import io.docmill.testing.services.Signals;
import io.docmill.worker.engine.ConversionLimits;
import io.docmill.worker.engine.ConversionRun;
import io.docmill.worker.engine.EngineObserver;
import io.docmill.worker.engine.EngineOutcome;
import io.docmill.worker.engine.ProcessEnd;
import io.docmill.worker.engine.Tenant;
import io.docmill.worker.plan.ConversionPlanner;
import io.docmill.worker.plan.PlanOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** An engine with its work directory, its processes as /proc shows them, and documents to give it. Not for several threads. */
final class EngineBench implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path work;
    private final Path outputs;
    private final ConversionPlanner planner = new ConversionPlanner();
    private final List<ProcessEnd> ends = new CopyOnWriteArrayList<>();
    private final AtomicInteger outputNumbers = new AtomicInteger();
    private final JodConverterEngine engine;

    /** Starts an engine and waits for all its processes. */
    EngineBench(Path outputs, JodConverterSettings settings) throws InterruptedException {
        this.outputs = outputs;
        work = settings.workDirectory();
        engine = JodConverterEngine.start(settings, new EngineObserver() {
            @Override
            public void processStarted(Duration time) {}

            @Override
            public void startFailed() {}

            @Override
            public void processEnded(ProcessEnd end, int documents) {
                ends.add(end);
            }
        });
        engine.awaitReady();
        awaitSpare();
    }

    JodConverterEngine engine() {
        return engine;
    }

    /** Why processes ended so far. */
    List<ProcessEnd> ends() {
        return ends;
    }

    /** Waits until all processes are there that shall be. */
    void awaitSpare() {
        await().pollInterval(Duration.ofMillis(20))
                .atMost(PATIENCE)
                .until(() -> engine.status().starting() == 0
                        && engine.status().spareReady()
                        && offices().size() == engine.processes());
    }

    ConversionRun start(Path document, ConversionLimits limits) {
        return start(document, limits, Tenant.UNKNOWN);
    }

    /** Begins to make a PDF of it. */
    ConversionRun start(Path document, ConversionLimits limits, Tenant tenant) {
        return start(document, DocumentFormat.PDF, limits, tenant);
    }

    private ConversionRun start(Path document, DocumentFormat target, ConversionLimits limits, Tenant tenant) {
        String name = document.getFileName().toString();
        var format = Stream.of(DocumentFormat.values())
                .filter(one -> name.endsWith("." + one.extension()))
                .findFirst()
                .orElseThrow();
        Path output = outputs.resolve("output-" + outputNumbers.incrementAndGet() + "." + target.extension());
        return engine.start(planner.plan(document, format, output, target, PlanOptions.DEFAULT), limits, tenant);
    }

    EngineOutcome convertToCsv(Path document) throws InterruptedException {
        return start(document, DocumentFormat.CSV, ConversionLimits.DEFAULT, Tenant.UNKNOWN)
                .await();
    }

    EngineOutcome convert(Path document) throws InterruptedException {
        return start(document, ConversionLimits.DEFAULT).await();
    }

    /** The LibreOffices of this engine, or of any other of this process. */
    static List<ProcessHandle> offices() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("soffice.bin"))
                .toList();
    }

    /** The one that has a document of a kind, and is well into it. */
    ProcessHandle officeWith(String extension) {
        await().pollInterval(Duration.ofMillis(10))
                .atMost(PATIENCE)
                .until(() -> offices().stream().anyMatch(office -> has(office, extension)));
        var office = offices().stream()
                .filter(one -> has(one, extension))
                .findFirst()
                .orElseThrow();
        var before = processorTime(office);
        await().pollInterval(Duration.ofMillis(10))
                .atMost(PATIENCE)
                .until(() -> processorTime(office).compareTo(before.plusMillis(200)) > 0);
        return office;
    }

    private static Duration processorTime(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    private boolean has(ProcessHandle office, String extension) {
        try (Stream<Path> documents = Files.walk(slot(office).resolve("files/document"))) {
            return documents.anyMatch(file -> file.toString().endsWith("." + extension));
        } catch (IOException | UncheckedIOException e) {
            return false;
        }
    }

    /** The directory of a LibreOffice: its number is the end of the name of its pipe. */
    Path slot(ProcessHandle office) {
        String pipe = Stream.of(commandLine(office.pid()).split("\0"))
                .filter(argument -> argument.startsWith("--accept="))
                .findFirst()
                .orElse("x0;");
        return work.resolve("slots").resolve(pipe.substring(pipe.lastIndexOf('x') + 1, pipe.indexOf(';')));
    }

    private static String commandLine(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/cmdline"));
        } catch (IOException e) {
            return "";
        }
    }

    /** What /proc says of the most address space that a process had. */
    static String virtualPeak(ProcessHandle process) {
        try (Stream<String> status = Files.lines(Path.of("/proc/" + process.pid() + "/status"))) {
            return status.filter(line -> line.startsWith("VmPeak")).findFirst().orElse("no peak");
        } catch (IOException e) {
            return "gone";
        }
    }

    /** A LibreOffice and all wrappers around it, outermost first. */
    static List<ProcessHandle> group(ProcessHandle office) {
        var group = new ArrayList<ProcessHandle>();
        for (var one = office;
                one.pid() != ProcessHandle.current().pid();
                one = one.parent().orElseThrow()) {
            group.addFirst(one);
        }
        return group;
    }

    /** Sends a signal to a process that is there. */
    static void signal(String name, ProcessHandle process) {
        assertThat(Signals.send(name, process)).isTrue();
    }

    /** Whether it runs no more; a zombie may be left of it, if its parent died with it, until process 1 reaps it. */
    static boolean hasEnded(ProcessHandle process) {
        String state = stat(process);
        return state.isEmpty() || state.contains(") Z ");
    }

    /** Whether nothing of it is left. */
    static boolean isReaped(ProcessHandle process) {
        return stat(process).isEmpty();
    }

    private static String stat(ProcessHandle process) {
        try {
            return Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
        } catch (IOException e) {
            return "";
        }
    }

    /** Ends the engine and sees that nothing of it is left. */
    @Override
    public void close() {
        engine.close();
        assertThat(offices()).isEmpty();
        assertThat(work.resolve("slots")).isEmptyDirectory();
        String ours = ") Z " + ProcessHandle.current().pid() + " ";
        assertThat(ProcessHandle.allProcesses().map(EngineBench::stat).filter(stat -> stat.contains(ours)))
                .as("zombies that are ours to reap")
                .isEmpty();
    }
}
