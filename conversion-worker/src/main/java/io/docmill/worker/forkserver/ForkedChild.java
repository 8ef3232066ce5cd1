package io.docmill.worker.forkserver;

import com.fasterxml.jackson.databind.JsonNode;
import io.docmill.worker.sandbox.MeasuredProcess;
import io.docmill.worker.sandbox.ProcessMemory;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

/** A child of a fork server with its job. Safe for use from many threads. */
public final class ForkedChild implements MeasuredProcess {

    /** What a child has used, by its own count or, once it has ended, by the kernel's. */
    private record Usage(Duration processor, long peakResidentBytes) {}

    private static final long NO_PROCESS = -1;
    private static final long UNKNOWN = -2;

    private final ForkServer server;
    private final String id;
    private final CompletableFuture<Long> started = new CompletableFuture<>();
    private final CompletableFuture<ChildAnswer> answer = new CompletableFuture<>();
    private final CompletableFuture<OptionalInt> end = new CompletableFuture<>();
    private volatile List<Integer> probeErrors = List.of();
    private volatile Usage usage = new Usage(Duration.ZERO, 0);

    ForkedChild(ForkServer server, String id) {
        this.server = server;
        this.id = id;
    }

    String id() {
        return id;
    }

    void start(long pid) {
        started.complete(pid);
    }

    void answer(JsonNode message) {
        note(message);
        probeErrors = StreamSupport.stream(message.path("errors").spliterator(), false)
                .map(JsonNode::asInt)
                .toList();
        answer.complete(new ChildAnswer(
                ChildResult.of(message.path("result").asText()),
                millis(message.path("load_ms")),
                millis(message.path("store_ms")),
                message.path("detail").asText()));
    }

    void end(JsonNode message) {
        note(message);
        started.complete(NO_PROCESS);
        answer.complete(ChildAnswer.of(ChildResult.of(message.path("result").asText()), ""));
        end.complete(
                message.has("signal") ? OptionalInt.of(message.path("signal").asInt()) : OptionalInt.empty());
    }

    void lose() {
        started.complete(NO_PROCESS);
        answer.complete(ChildAnswer.of(ChildResult.LOST, "the fork server ended"));
        end.complete(OptionalInt.empty());
    }

    private void note(JsonNode message) {
        usage = new Usage(
                millis(message.path("cpu_ms")), message.path("peak_kib").asLong() * 1_024);
    }

    private static Duration millis(JsonNode value) {
        return Duration.ofNanos((long) (value.asDouble() * 1e6));
    }

    /** Waits until there is a process, or there will be none; false if it is not known in time. */
    boolean startsWithin(Duration limit) {
        return started.copy()
                        .completeOnTimeout(UNKNOWN, limit.toMillis(), TimeUnit.MILLISECONDS)
                        .join()
                != UNKNOWN;
    }

    /** Waits for the answer. An interrupt does not end the wait; {@link #kill()} does. */
    public ChildAnswer awaitAnswer() {
        return answer.join();
    }

    /** What a probe's attempts gave, in their order: an error number, or 0 for what went through. */
    List<Integer> probeErrors() {
        return probeErrors;
    }

    /** The server that it is a child of. */
    public ForkServer server() {
        return server;
    }

    /** Whether it can be given another job, if it was kept. */
    public boolean isAlive() {
        return !end.isDone();
    }

    /**
     * Waits until nothing of the process is left.
     *
     * @param patience how long at most
     * @return the signal that ended it; empty if it ended by itself, or is still there
     */
    public OptionalInt awaitEnd(Duration patience) {
        return end.copy()
                .completeOnTimeout(OptionalInt.empty(), patience.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    @Override
    public long pid() {
        return started.getNow(NO_PROCESS);
    }

    @Override
    public ProcessMemory memory() {
        var now = isAlive() && pid() != NO_PROCESS ? ProcessMemory.of(pid()) : ProcessMemory.NONE;
        return new ProcessMemory(
                now.residentBytes(),
                Math.max(now.peakResidentBytes(), usage.peakResidentBytes()),
                now.peakVirtualBytes());
    }

    /** A child is new; its peak is that of its job, or of all its jobs if it was kept. */
    @Override
    public void forgetPeak() {}

    @Override
    public Duration processorTime() {
        if (answer.isDone()) {
            return usage.processor();
        }
        return pid() == NO_PROCESS
                ? Duration.ZERO
                : ProcessHandle.of(pid())
                        .flatMap(process -> process.info().totalCpuDuration())
                        .orElse(Duration.ZERO);
    }

    /** Has the server end it; returns at once. */
    @Override
    public void kill() {
        server.kill(this);
    }
}
