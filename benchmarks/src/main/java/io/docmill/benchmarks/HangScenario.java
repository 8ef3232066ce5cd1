package io.docmill.benchmarks;

import io.docmill.benchmarks.MeasuredSystem.Caller;
import io.docmill.testing.documents.TestDocument;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Eight callers of good documents beside one document that does not end, which the file that {@code BENCH_HANGING} names is. Left
 * out where there is none.
 */
final class HangScenario implements Scenario {
    private static final int CALLERS = 8;
    private static final int SLOTS = 2;
    private static final Duration TIME = Duration.ofSeconds(16);

    /** The hanging one is let run for so long. */
    private static final int TIMEOUT_SECONDS = 8;

    @Override
    public String name() {
        return "hang";
    }

    @Override
    public void run(Path directory, int repetitions, Report report) throws IOException {
        String hanging = System.getenv("BENCH_HANGING");
        if (hanging == null) {
            System.out.println("hang: left out, because BENCH_HANGING names no document");
            return;
        }
        TestDocument document = TestDocument.of("hanging.xlsx", Files.readAllBytes(Path.of(hanging)));
        try (MeasuredSystem system = MeasuredSystem.start(directory, SLOTS)) {
            Caller caller = system.newCaller();
            String bad = Calls.upload(system.gatewayPort(), caller.key(), document);
            List<String> good = IntStream.range(0, CALLERS)
                    .mapToObj(_ -> Calls.upload(system.gatewayPort(), caller.key(), Documents.small()))
                    .toList();
            for (int i = 0; i < repetitions; i++) {
                measure(system, caller, bad, good, report);
            }
        }
    }

    private void measure(MeasuredSystem system, Caller caller, String bad, List<String> good, Report report) {
        ConcurrentSkipListSet<Long> answers = new ConcurrentSkipListSet<>();
        AtomicInteger errors = new AtomicInteger();
        long end = System.nanoTime() + TIME.toNanos();
        long begin = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String file : good) {
                threads.execute(() -> {
                    while (System.nanoTime() < end) {
                        HttpResponse<String> answer =
                                Calls.trySend(Calls.toPdf(system.gatewayPort(), caller.key(), file, "&refresh=true"));
                        if (answer.statusCode() == 200) {
                            answers.add(System.nanoTime());
                        } else {
                            errors.incrementAndGet();
                        }
                    }
                });
            }
            threads.execute(() -> Calls.trySend(
                    Calls.toPdf(system.gatewayPort(), caller.key(), bad, "&refresh=true&timeout=" + TIMEOUT_SECONDS)));
        }
        long longest = 0;
        long before = begin;
        for (long at : answers) {
            longest = Math.max(longest, at - before);
            before = at;
        }
        longest = Math.max(longest, end - before);
        report.add(name(), "good documents beside one that hangs", "answers", answers.size());
        report.add(name(), "their errors", "errors", errors.get(), "0");
        report.add(name(), "their longest silence", "ms", longest / 1e6);
    }
}
