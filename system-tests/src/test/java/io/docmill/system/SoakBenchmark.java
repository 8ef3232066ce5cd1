package io.docmill.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.docmill.testing.services.Signals;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Converts thousands of documents, sound and broken ones, with one worker, kills and stops its LibreOffice processes
 * meanwhile, and accounts for every one. Not a test of the build: {@code bin/bench soak} runs it, for half an hour or so, and
 * leaves a table and charts below {@code system-tests/target/soak}.
 */
class SoakBenchmark {
    private static final int DOCUMENTS = Integer.getInteger("docmill.soak.documents", 10_000);
    private static final int SLOTS = 2;
    private static final int CALLERS = 4;
    private static final int KILL_EVERY = 100;
    private static final int STOP_EVERY = 1_000;
    private static final Duration WINDOW = Duration.ofSeconds(15);
    /** What the faults that are mixed in may do to a sound document. */
    private static final Set<String> FAULTS = Set.of("too_complex", "upstream_error");

    private static final Path RESULTS = Path.of("target", "soak");

    private final List<SoakDocument> documents = SoakDocument.all();
    private final AtomicLong taken = new AtomicLong();
    private final AtomicLong uploadsRefused = new AtomicLong();
    private final AtomicLong conversions = new AtomicLong();
    private final Map<String, AtomicLong> answers = new ConcurrentSkipListMap<>();
    private final List<String> wrong = new CopyOnWriteArrayList<>();
    private final List<SoakSample> samples = new ArrayList<>();
    private final Recorder times = new Recorder(3);
    private final AtomicLong kills = new AtomicLong();
    private final AtomicLong stops = new AtomicLong();

    private Path directory;
    private Cluster cluster;
    private String key;
    private OfficeProcesses processes;

    @BeforeEach
    void start() throws IOException {
        directory = Files.createTempDirectory("docmill-soak-");
        cluster = Cluster.start(directory, 1, 1, SLOTS);
        key = cluster.newKey();
        processes = new OfficeProcesses(cluster.workers().getFirst());
        Files.createDirectories(RESULTS);
    }

    @AfterEach
    void end() {
        cluster.close();
        RunningDocmill.delete(directory);
    }

    @Test
    void everyJobIsAccountedFor() throws InterruptedException, ExecutionException, IOException {
        Stopwatch watch = Stopwatch.start();
        try (ExecutorService callers = Executors.newFixedThreadPool(CALLERS)) {
            List<Future<?>> calling = new ArrayList<>();
            IntStream.range(0, CALLERS).forEach(_ -> calling.add(callers.submit(this::call)));
            callers.shutdown();
            sample(callers);
            for (Future<?> call : calling) {
                call.get();
            }
        }
        cluster.awaitIdle();
        report(watch);
        assertThat(wrong).as("answers that no such document should have").isEmpty();
        assertThat(count("too_complex of a sound document"))
                .as("sound documents that ran into their limit, each because its LibreOffice was stopped")
                .isLessThanOrEqualTo(stops.get());
        assertThat(count("upstream_error of a sound document"))
                .as("sound documents given up, each because LibreOffice was killed under it twice")
                .isLessThanOrEqualTo(kills.get() / 2);
        assertThat(cluster.jobsDone() + count("password_required of a broken document"))
                .as("jobs that the worker ended, and encrypted documents, which the gateway answers without one")
                .isEqualTo(conversions.get());
    }

    private long count(String answer) {
        return answers.getOrDefault(answer, new AtomicLong()).get();
    }

    private void call() {
        while (true) {
            long number = taken.getAndIncrement();
            if (conversions.get() >= DOCUMENTS) {
                return;
            }
            SoakDocument document = documents.get((int) (number % documents.size()));
            if (number / documents.size() % document.everyRounds() == 0) {
                convert(document);
            }
        }
    }

    private void convert(SoakDocument document) {
        Answer uploaded = cluster.balancer().send(ClusterRequest.upload(key, document.document()));
        if (uploaded.status() != 201) {
            uploadsRefused.incrementAndGet();
            note(document, uploaded, "upload ");
            return;
        }
        String file = uploaded.json().path("id").asText();
        long begun = System.nanoTime();
        Answer answer = cluster.balancer()
                .awaitEnd(
                        key,
                        cluster.balancer()
                                .send(ClusterRequest.convert(
                                        key,
                                        file,
                                        FormBody.field("format", "pdf"),
                                        FormBody.field("timeout", String.valueOf(document.timeout())))));
        if (document.isQuick()) {
            times.recordValue(TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - begun));
        }
        note(document, answer, "");
        inject(conversions.incrementAndGet());
    }

    private void note(SoakDocument document, Answer answer, String call) {
        JsonNode json = answer.json();
        String reason = json.path("reason")
                .asText(json.path("error").asText(json.path("status").asText()));
        String what = call + reason + (document.sound() ? " of a sound document" : " of a broken document");
        answers.computeIfAbsent(what, _ -> new AtomicLong()).incrementAndGet();
        boolean good = document.sound() ? answer.status() / 100 == 2 || FAULTS.contains(reason) : answer.status() < 500;
        if (!good) {
            wrong.add(document.document().name() + ": " + answer);
        }
    }

    /** A LibreOffice dies, or hangs, whether it is busy or not. */
    private void inject(long conversion) {
        if (conversion % STOP_EVERY == STOP_EVERY / 2) {
            signal("STOP", stops);
        } else if (conversion % KILL_EVERY == 0) {
            signal("KILL", kills);
        }
    }

    private void signal(String signal, AtomicLong count) {
        List<ProcessHandle> offices = processes.offices();
        if (!offices.isEmpty()) {
            // One that ended just now has nobody to signal.
            if (Signals.send(signal, offices.get(ThreadLocalRandom.current().nextInt(offices.size())))) {
                count.incrementAndGet();
            }
        }
    }

    private void sample(ExecutorService callers) throws InterruptedException {
        boolean ended = false;
        while (!ended) {
            long before = conversions.get();
            long begun = System.nanoTime();
            ended = callers.awaitTermination(WINDOW.toSeconds(), TimeUnit.SECONDS);
            double seconds = (System.nanoTime() - begun) / 1e9;
            Histogram window = times.getIntervalHistogram();
            SoakSample sample = new SoakSample(
                    conversions.get(),
                    (conversions.get() - before) / seconds,
                    window.getValueAtPercentile(50) / 1e3,
                    window.getValueAtPercentile(95) / 1e3,
                    processes.workerBytes(),
                    processes.officeBytes(),
                    processes.offices().size());
            samples.add(sample);
            System.out.println(sample.line());
        }
    }

    private void report(Stopwatch watch) throws IOException {
        List<String> lines = new ArrayList<>(List.of(SoakSample.HEADER));
        samples.forEach(sample -> lines.add(sample.line()));
        Files.write(RESULTS.resolve("soak.csv"), lines);
        new SoakCharts(samples, RESULTS).draw();
        List<String> summary = new ArrayList<>();
        summary.add("%d conversions and %d refused uploads in %s"
                .formatted(conversions.get(), uploadsRefused.get(), watch));
        summary.add("%d LibreOffice processes killed, %d stopped".formatted(kills.get(), stops.get()));
        answers.forEach((answer, count) -> summary.add("%6d %s".formatted(count.get(), answer)));
        summary.add("jobs the worker ended: " + cluster.jobsDone());
        summary.add("documents through LibreOffice: " + cluster.libreOfficeRuns());
        summary.add("processes below the worker at the end: " + processes.descendants());
        wrong.forEach(summary::add);
        Files.write(RESULTS.resolve("summary.txt"), summary);
        summary.forEach(System.out::println);
    }
}
