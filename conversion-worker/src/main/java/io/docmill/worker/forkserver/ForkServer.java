package io.docmill.worker.forkserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.docmill.model.json.Json;
import io.docmill.worker.sandbox.DocumentConfinement;
import io.docmill.worker.sandbox.ProcessLauncher;
import io.docmill.worker.sandbox.ProcessMemory;
import io.docmill.worker.sandbox.SlotDirectory;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running fork server. It ends with this process, and its children with it. Safe for use from many threads.
 *
 * <p>The program is started outside of any sandbox, as it gives each child a user; what it reads besides its own files are
 * messages of this class, and answers of children that have read a document.
 */
public final class ForkServer implements AutoCloseable {

    /**
     * What a server needs.
     *
     * @param program the fork server's
     * @param officeHome the directory that holds {@code program/libmergedlo.so}
     * @param confinement what all children have in common
     * @param ahead how many children wait for a job
     * @param warmUp conversions that the server does itself before it takes jobs; of trusted documents alone
     */
    public record Setup(
            Path program, Path officeHome, DocumentConfinement confinement, int ahead, List<OfficeConversion> warmUp) {

        public Setup {
            warmUp = List.copyOf(warmUp);
        }
    }

    private static final Logger log = LoggerFactory.getLogger(ForkServer.class);
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    /** To give a job to a child that is there, or is forked first. */
    private static final Duration BEGIN_LIMIT = Duration.ofSeconds(10);

    /** For the server to end by itself once its input is closed. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** As the protocol has it. */
    private static final int LONGEST_MESSAGE = 1 << 20;

    private final ForkServerDirectory directory;
    private final DocumentConfinement confinement;
    private final Process process;
    private final DataOutputStream output;
    private final Map<String, ForkedChild> children = new ConcurrentHashMap<>();
    private final AtomicInteger jobs = new AtomicInteger();
    private final long began = System.nanoTime();
    private final CompletableFuture<String> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile boolean retired;

    private ForkServer(ForkServerDirectory directory, DocumentConfinement confinement, Process process) {
        this.directory = directory;
        this.confinement = confinement;
        this.process = process;
        this.output = new DataOutputStream(process.getOutputStream());
    }

    /**
     * Starts one and waits until it takes jobs. On failure nothing runs on.
     *
     * @param directory of this server alone; stays when it ends
     * @throws IOException if it does not start; the message has what it said
     */
    public static ForkServer start(Setup setup, ForkServerDirectory directory, ProcessLauncher launcher)
            throws IOException, InterruptedException {
        var process = launcher.startConnected(
                List.of(setup.program().toString()), directory.environment(), directory.root(), directory.log());
        var server = new ForkServer(directory, setup.confinement(), process);
        Thread.ofPlatform().daemon().name("fork-server-" + process.pid()).start(server::readAll);
        try {
            server.sendStart(ForkServerMessages.start(setup, directory.profile()));
            String engine = server.ready.get(START_LIMIT.toSeconds(), TimeUnit.SECONDS);
            log.debug("The fork server runs {}", engine);
            return server;
        } catch (ExecutionException e) {
            process.destroyForcibly();
            throw new IOException("the fork server ended while it started and said: " + directory.said(), e);
        } catch (TimeoutException e) {
            process.destroyForcibly();
            throw new IOException("the fork server did not start within " + START_LIMIT.toSeconds() + " s", e);
        } catch (InterruptedException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
    }

    /** A program that has ended already is told of by its end. */
    private void sendStart(JsonNode message) {
        try {
            send(message);
        } catch (IOException e) {
            log.debug("The fork server can't be told how to start", e);
        }
    }

    /** Begins a conversion; returns once a child works at it, or there is none any more. */
    public ForkedChild convert(ChildJob job) {
        var child = begin(job.keep(), job.after(), ForkServerMessages.convert(job, confinement.in(job.slot())));
        // From now on the one that was kept is known by its new job.
        job.after().ifPresent(earlier -> children.remove(earlier.id()));
        return child;
    }

    /** Has a child try things instead of converting. */
    ForkedChild probe(SlotDirectory slot, List<ProbeAttempt> attempts) {
        return begin(false, Optional.empty(), ForkServerMessages.probe(slot, attempts, confinement.in(slot)));
    }

    private ForkedChild begin(boolean keep, Optional<ForkedChild> after, ObjectNode body) {
        var child = new ForkedChild(this, Integer.toString(jobs.incrementAndGet()));
        children.put(child.id(), child);
        try {
            send(ForkServerMessages.job(child.id(), keep, after), body);
        } catch (IOException e) {
            log.debug("The fork server can't be told of a job", e);
            child.lose();
        }
        if (ended.isDone()) {
            // It may have ended before the child was known.
            child.lose();
        }
        if (!child.startsWithin(BEGIN_LIMIT)) {
            log.atError()
                    .addKeyValue("pid", pid())
                    .log("The fork server does not answer and is ended; another one takes its place");
            process.destroyForcibly();
        }
        return child;
    }

    void kill(ForkedChild child) {
        try {
            send(ForkServerMessages.kill(child.id()));
        } catch (IOException e) {
            log.debug("The fork server has ended, and the child with it", e);
        }
    }

    /** One after the other, with none of another thread's between them. */
    private void send(JsonNode... messages) throws IOException {
        synchronized (output) {
            for (var message : messages) {
                byte[] bytes = Json.bytes(message);
                output.writeInt(bytes.length);
                output.write(bytes);
            }
            output.flush();
        }
    }

    private void readAll() {
        try (var input = new DataInputStream(new BufferedInputStream(process.getInputStream()))) {
            while (true) {
                receive(Json.mapper().readTree(read(input)));
            }
        } catch (EOFException e) {
            log.debug("The fork server has closed its output");
        } catch (IOException | RuntimeException e) {
            log.atDebug().setCause(e).log("The fork server can't be understood any more");
        } finally {
            process.destroyForcibly();
            ended.complete(null);
            ready.completeExceptionally(new EOFException("the fork server ended"));
            children.values().forEach(ForkedChild::lose);
            children.clear();
        }
    }

    private static byte[] read(DataInputStream input) throws IOException {
        int length = input.readInt();
        if (length < 0 || length > LONGEST_MESSAGE) {
            throw new IOException("a message of " + length + " bytes");
        }
        byte[] message = new byte[length];
        input.readFully(message);
        return message;
    }

    private void receive(JsonNode message) {
        String type = message.path("type").asText();
        if (type.equals("ready")) {
            ready.complete(message.path("engine").asText());
            return;
        }
        String id = message.path("id").asText();
        var child = children.get(id);
        if (child == null) {
            return;
        }
        switch (type) {
            case "started" -> child.start(message.path("pid").asLong());
            case "answered" -> child.answer(message);
            case "ended" -> {
                children.remove(id);
                child.end(message);
                closeIfIdle();
            }
            default -> throw new UncheckedIOException(new IOException("no message is called " + type));
        }
    }

    /** Whether it takes jobs. */
    public boolean isAlive() {
        return !ended.isDone();
    }

    /** Has an action run when it has ended, by some thread; at once if it has ended. */
    public void whenEnded(Runnable action) {
        var _ = ended.thenRun(action);
    }

    /** How many jobs it was given so far. */
    public int jobs() {
        return jobs.get();
    }

    /** How long it has been up. */
    public Duration age() {
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** Memory that the server itself holds; its children share most of it. */
    public long residentBytes() {
        return isAlive() ? ProcessMemory.of(process.pid()).residentBytes() : 0;
    }

    /** The process, for the log. */
    public long pid() {
        return process.pid();
    }

    /** Where its files are. */
    public ForkServerDirectory directory() {
        return directory;
    }

    /** Has it end once the jobs that it has are done; it is given no other. */
    public void retire() {
        retired = true;
        closeIfIdle();
    }

    private void closeIfIdle() {
        if (retired && children.isEmpty()) {
            Thread.ofPlatform().daemon().name("fork-server-end-" + pid()).start(this::close);
        }
    }

    /** Ends it and all its children; returns when they are gone. */
    @Override
    public void close() {
        // By another thread: it would wait for one that is stuck in sending.
        Thread.ofPlatform().daemon().name("fork-server-end-" + pid()).start(this::closeOutput);
        try {
            if (!process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void closeOutput() {
        try {
            output.close();
        } catch (IOException e) {
            log.debug("The fork server has closed its input", e);
        }
    }
}
