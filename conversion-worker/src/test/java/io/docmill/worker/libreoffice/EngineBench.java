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
import io.docmill.worker.libreoffice.LibreOfficeSettings.EngineChoice;
import io.docmill.worker.plan.ConversionPlanner;
import io.docmill.worker.plan.PlanOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** An engine with its work directory, its processes as /proc shows them, and documents to give it. Not for several threads. */
final class EngineBench implements AutoCloseable {

    static final Duration PATIENCE = Duration.ofSeconds(90);

    private static final String FORK_SERVER = "docmill-fork-server";

    private final Path work;
    private final Path outputs;
    private final ConversionPlanner planner = new ConversionPlanner();
    private final List<ProcessEnd> ends = new CopyOnWriteArrayList<>();
    private final AtomicInteger outputNumbers = new AtomicInteger();
    private final LibreOfficeEngine engine;
    private final int officesAtRest;

    /** Starts an engine and waits for all its processes. */
    EngineBench(Path outputs, LibreOfficeSettings settings) throws InterruptedException {
        this.outputs = outputs;
        work = settings.workDirectory();
        officesAtRest = settings.engine() == EngineChoice.FORK ? settings.slots() : settings.processes();
        engine = LibreOfficeEngines.start(settings, new EngineObserver() {
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

    LibreOfficeEngine engine() {
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
                        && offices().size() == officesAtRest);
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
                .filter(process -> runs(process, "soffice.bin") || isForked(process))
                .toList();
    }

    /** The fork servers of this process. */
    static List<ProcessHandle> forkServers() {
        return ProcessHandle.current()
                .children()
                .filter(process -> runs(process, FORK_SERVER))
                .toList();
    }

    private static boolean isForked(ProcessHandle process) {
        return process.parent().filter(parent -> runs(parent, FORK_SERVER)).isPresent();
    }

    private static boolean runs(ProcessHandle process, String program) {
        return process.info().command().orElse("").endsWith(program);
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

    /** The one that has a document of a kind now, if it is still there when it is looked for. */
    Optional<ProcessHandle> busyOffice(String extension) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (engine.status().busy() > 0 && System.nanoTime() < deadline) {
            var busy =
                    offices().stream().filter(office -> has(office, extension)).findFirst();
            if (busy.isPresent()) {
                return busy;
            }
        }
        return Optional.empty();
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

    /** The directory of a LibreOffice: its log is there, or its number is the end of the name of its pipe. */
    Path slot(ProcessHandle office) {
        if (isForked(office)) {
            return logDirectory(office);
        }
        String pipe = Stream.of(commandLine(office.pid()).split("\0"))
                .filter(argument -> argument.startsWith("--accept="))
                .findFirst()
                .orElse("x0;");
        return work.resolve("slots").resolve(pipe.substring(pipe.lastIndexOf('x') + 1, pipe.indexOf(';')));
    }

    private static Path logDirectory(ProcessHandle process) {
        try {
            Path log = Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/fd/1"));
            return log.resolveSibling("");
        } catch (IOException e) {
            return Path.of("gone");
        }
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

    /** A LibreOffice and all wrappers around it, outermost first; what forked it is none. */
    static List<ProcessHandle> group(ProcessHandle office) {
        var group = new ArrayList<>(List.of(office));
        for (var parent = office.parent().orElseThrow();
                !parent.equals(ProcessHandle.current()) && !runs(parent, FORK_SERVER);
                parent = parent.parent().orElseThrow()) {
            group.addFirst(parent);
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
