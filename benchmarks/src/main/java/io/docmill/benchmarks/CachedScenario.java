package io.docmill.benchmarks;

import io.docmill.benchmarks.MeasuredSystem.Caller;
import io.docmill.testing.services.ChildProcess;
import io.docmill.testing.services.TestPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Conversions that were made before: their answers at a fixed rate, as fast as they come, and after Redis was emptied. */
final class CachedScenario implements Scenario {
    private static final int CONVERSIONS = 10_000;
    private static final int RATE = 200;
    private static final int CALLERS = 32;
    private static final Duration WINDOW = Duration.ofSeconds(6);
    private static final Duration WARM_UP = Duration.ofSeconds(15);
    private static final Duration START_LIMIT = Duration.ofMinutes(1);

    @Override
    public String name() {
        return "cached";
    }

    @Override
    public void run(Path directory, int repetitions, Report report) throws IOException {
        try (MeasuredSystem system = MeasuredSystem.startGateway(directory, "512m")) {
            Caller caller = system.newCaller();
            List<String> files = system.seeds(caller).converted(CONVERSIONS);
            Path answer = directory.resolve("answer.json");
            Files.writeString(
                    answer, Calls.send(Calls.toPdf(system.gatewayPort(), caller.key(), files.getFirst(), "")));
            int bare = TestPort.choose();
            int withRedis = TestPort.choose();
            var redis = system.neighbours().redis();
            try (Load docmill = load(system.gatewayPort(), caller, files);
                    Load bareLoad = load(bare, caller, files);
                    Load redisLoad = load(withRedis, caller, files);
                    ChildProcess bareServer =
                            comparison("bare", directory, List.of(String.valueOf(bare), answer.toString()));
                    ChildProcess redisServer = comparison(
                            "with-redis",
                            directory,
                            List.of(
                                    String.valueOf(withRedis),
                                    answer.toString(),
                                    redis.address().toString(),
                                    redis.password().orElseThrow().value()))) {
                start(bareServer);
                start(redisServer);
                docmill.times(CALLERS, CONVERSIONS);
                for (Load load : List.of(docmill, bareLoad, redisLoad)) {
                    load.saturate(CALLERS, WARM_UP);
                }
                for (int i = 0; i < repetitions; i++) {
                    rate(docmill, report);
                    saturation(List.of(docmill, bareLoad, redisLoad), i, report);
                }
                for (int i = 0; i < repetitions; i++) {
                    system.emptyRedis();
                    awaitRedis(system);
                    Load.Outcome outcome = docmill.atRate(RATE, WINDOW);
                    require(outcome);
                    report.add(name(), "Redis emptied, 200/s: p50", "ms", outcome.millisAt(50));
                    report.add(name(), "Redis emptied, 200/s: p99", "ms", outcome.millisAt(99), "< 100");
                }
            }
        }
    }

    private static Load load(int port, Caller caller, List<String> files) {
        return new Load(CALLERS, number -> Load.convert(port, caller.key(), files.get((int) (number % files.size()))));
    }

    private static ChildProcess comparison(String name, Path directory, List<String> arguments) {
        List<String> program = new ArrayList<>(
                List.of("-cp", System.getProperty("java.class.path"), ComparisonServer.class.getName()));
        program.addAll(arguments);
        return new ChildProcess(name, MeasuredSystem.java("512m", program), Map.of(), directory.resolve(name + ".log"));
    }

    private static void start(ChildProcess server) {
        server.launch();
        server.awaitReady(() -> server.log().contains(ComparisonServer.SIGN), START_LIMIT);
    }

    private void rate(Load docmill, Report report) {
        Load.Outcome outcome = docmill.atRate(RATE, WINDOW);
        require(outcome);
        report.add(name(), "200/s: p50", "ms", outcome.millisAt(50));
        report.add(name(), "200/s: p99", "ms", outcome.millisAt(99), "< 10");
        report.add(name(), "200/s: longest", "ms", outcome.millisAt(100));
    }

    /**
     * Measures all three, beginning with another one each time.
     *
     * @param loads of Docmill, the bare handler, and the handler with Redis
     */
    private void saturation(List<Load> loads, int turn, Report report) {
        double[] perSecond = new double[loads.size()];
        for (int i = 0; i < loads.size(); i++) {
            int next = (turn + i) % loads.size();
            perSecond[next] = perSecond(loads.get(next));
        }
        double ours = perSecond[0];
        double bareOnes = perSecond[1];
        double redisOnes = perSecond[2];
        report.add(name(), "at saturation: Docmill", "requests/s", ours);
        report.add(name(), "at saturation: bare Vert.x handler", "requests/s", bareOnes);
        report.add(name(), "at saturation: that handler with one read of Redis", "requests/s", redisOnes);
        report.add(name(), "Docmill to the bare handler", "", ours / bareOnes, "≥ 0.333");
        report.add(name(), "Docmill to the handler with Redis", "", ours / redisOnes, "≥ 0.6");
    }

    private static double perSecond(Load load) {
        long begin = System.nanoTime();
        Load.Outcome outcome = load.saturate(CALLERS, WINDOW);
        require(outcome);
        return outcome.answered() / ((System.nanoTime() - begin) / 1e9);
    }

    private static void require(Load.Outcome outcome) {
        if (outcome.failed() > 0) {
            throw new IllegalStateException(outcome.failed() + " calls failed");
        }
    }

    /** A gateway notices within a second that Redis is back. */
    private static void awaitRedis(MeasuredSystem system) {
        long end = System.nanoTime() + START_LIMIT.toNanos();
        while (!system.gateway().readinessDetails().getOrDefault("redis", "").startsWith("answers")) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("Redis did not come back");
            }
            LockSupport.parkNanos(100_000_000);
        }
    }
}
